"""A family file made from a capture tells the captured event again, with new ids and times."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from hypothesis import assume, example, given, settings
from hypothesis import strategies as st

from flowsim.captures.capture import Capture
from flowsim.captures.family_draft import draft_of
from flowsim.captures.files import Captures
from flowsim.core.header_lines import HeaderLines
from flowsim.errors import SettingError
from flowsim.families.data.data_family import DataFamily
from flowsim.families.data.reading import read_family
from flowsim.families.entries import Entry, Passage
from flowsim.families.fields.conformity import compare
from flowsim.families.names import mistake_of_name
from flowsim.files.document import Document
from flowsim.files.yaml_documents import parse_text
from flowsim.runtime.chance import Chance

from ..cases import for_each
from ..strategies import FINITE_JSON

AT = datetime(2026, 1, 15, 9, 30, tzinfo=UTC)
LATER = datetime(2031, 7, 1, 12, 0, 0, 500_000, tzinfo=UTC)
RUN, OTHER = "a1111111-2222-4333-8444-555555555555", "b1111111-2222-4333-8444-555555555555"
ORG = "0A1B2C3D4E5F60718293A4B5@AdobeOrg"


def captured(body: Any, *headers: tuple[str, str]) -> Captures:
    raw = body if isinstance(body, bytes) else json.dumps(body).encode()
    lines = HeaderLines(headers or (("x-adobe-event-code", "order.placed"),))
    return Captures("in", (Capture("in/1.http", AT, lines, raw),), 0, Path("in"))


def family_of(body: Any) -> DataFamily:
    return read(draft_of(captured(body), "order", ()).text)


def read(text: str) -> DataFamily:
    def no_shared_file(name: str) -> Document:
        raise LookupError(name)

    return read_family(parse_text(text, "order.yaml"), "order", no_shared_file)


def told(family: DataFamily, begin: datetime = LATER) -> Any:
    prepared = family.teller(Chance.of(1, ""), None).prepared(Entry(family.model()()))
    (occurrence,) = prepared.tell("0.0", begin, Passage())
    return occurrence.notification.content


def again(content: Any, begin: datetime = LATER) -> Any:
    return told(family_of({"event": content}), begin)


def structure(value: Any) -> Any:
    """Return a value with the name of its type in place of each single value."""
    if isinstance(value, dict):
        return {key: structure(each) for key, each in value.items()}
    if isinstance(value, list):
        return [*map(structure, value)]
    return type(value).__name__


IDS = st.uuids().map(str) | st.sampled_from(
    [RUN.upper(), ORG, f"x{ORG}", f"run {RUN}{{", "ab1" * 9]
)
TIMES = st.integers(1_760_000_000, 1_780_000_000) | st.sampled_from(
    [
        *(1_768_469_390_000, 1_768_469_390, "1768469390123", "2026-01-15T09:29:59.250Z"),
        *("2026-01-15T09:29:59Z", "2026-01-15 09:29:59.250", "9999-12-31T23:59:59Z"),
    ]
)
SPECIAL = st.text("{}%#$'\" a", max_size=12)
CONTENT = st.recursive(
    FINITE_JSON | IDS | TIMES | SPECIAL,
    lambda inner: (
        st.lists(inner, max_size=4) | st.dictionaries(st.text() | SPECIAL | IDS, inner, max_size=4)
    ),
    max_leaves=12,
)


@settings(max_examples=20)
@given(CONTENT)
@example({"$when": True, "$value": 1, "$$each": [], "$part": "x", "$text": "{{ now }}", "<<": {}})
@example({"a": f"{{{RUN}}}", "b": f"{{{{{RUN}}}}}", "c": "{{{{{", "d": "{{ '{{' }}", "e": "{%"})
def test_the_event_has_the_keys_and_types_of_the_capture(content: Any) -> None:
    made = again(content)
    assert structure(made) == structure(content)
    assert json.dumps(structure(made)) == json.dumps(structure(content))  # the order of keys too


@settings(max_examples=20)
@given(FINITE_JSON | SPECIAL | st.lists(SPECIAL) | st.dictionaries(SPECIAL, SPECIAL))
@example({"a": "{{ 1 }}", "$b": "{% if %}", "$$c": "{# x #}", "d": "{{ '{{' }}"})
def test_what_is_no_id_and_no_time_stays_as_it_was(content: Any) -> None:
    assert again(content) == content


@settings(max_examples=20)
@given(CONTENT)
def test_what_it_tells_conforms_to_its_own_fields(content: Any) -> None:
    family = family_of({"event": content})
    assume(family.fields().described("order.placed"))
    for begin in (AT, LATER):
        assert compare(family.fields(), "order.placed", told(family, begin)).differences == ()


def test_the_same_id_is_the_same_draw_everywhere() -> None:
    content = {"id": RUN, "parent": OTHER, "runs": [RUN], "link": f"/runs/{RUN}?a"}
    made = again({**content, "BIG": RUN.upper()})
    assert made["runs"] == [made["id"]] != [RUN]
    assert made["link"] == f"/runs/{made['id']}?a"
    assert made["BIG"] == made["id"].upper()
    assert made["parent"] not in (made["id"], OTHER)


@for_each(
    "text",
    [
        *(
            "requestId-{}",
            "{}-retry-2",
            "a_{}_b",
            "urn:x:{}",
            "a.{}.b",
            "({})",
            "%2F{}%2F",
            "a={}&b",
        ),
        *("{0}-{0}", "{0}{{{0}", "\u00e9{}\u00e9", "-{}-"),
    ],
)
def test_an_id_inside_a_text_is_the_same_draw_behind_any_separator(text: str) -> None:
    made = again({"id": RUN, "text": text.format(RUN)})
    assert made["id"] != RUN
    assert made["text"] == text.format(made["id"])


def test_the_first_organisation_is_that_of_the_story() -> None:
    other = ORG.replace("0A", "1A")
    family = family_of({"event": {"org": ORG, "text": f"{ORG} and {other}"}})
    made = told(family)
    first, second = made["text"].split(" and ")
    assert (first, second != other, second[24:]) == (made["org"], True, "@AdobeOrg")
    assert second[:24] == second[:24].upper()


def test_times_keep_their_distance_from_the_event() -> None:
    """The latest of them is when the event was made: the story begins there."""
    content = {
        "ms": 1_768_469_390_000,
        "text": "1768469390000",
        "iso": "2026-01-15T09:29:59.250Z",
        "iso_s": "2026-01-15T09:29:49Z",
        "s": 1_768_469_390,
        "sql": "2026-01-15 09:29:59.250",
        "offset": "2026-01-15T09:29:49+00:00",
        "sql_s": "2026-01-15 09:29:49",
    }
    assert again(content, datetime(2026, 1, 15, 9, 29, 59, 250_000, tzinfo=UTC)) == content
    assert again(content, datetime(2026, 1, 16, 9, 29, 59, 250_000, tzinfo=UTC)) == {
        "ms": 1_768_469_390_000 + 86_400_000,
        "text": "1768555790000",
        "iso": "2026-01-16T09:29:59.250Z",
        "iso_s": "2026-01-16T09:29:49Z",
        "s": 1_768_469_390 + 86_400,
        "sql": "2026-01-16 09:29:59.250",
        "offset": "2026-01-16T09:29:49+00:00",
        "sql_s": "2026-01-16 09:29:49",
    }


@for_each(
    "value",
    [
        *("2026-01-15T09:29:59.123456789Z", "2026-01-15T09:29:59+02:00", "2026-13-45T99:00:00Z"),
        *("9999-12-31T23:59:59Z", "2026-01-15", 4_006_381_333_931, 12, 1_500_000_000, True),
        *("00000000-0000-0000-0000-000000000000", "1234567890123456", "beef"),
    ],
)
def test_values_that_no_expression_can_write_stay(value: Any) -> None:
    assert again({"value": value, "updated": "2026-01-15T09:30:00Z"})["value"] == value


def test_the_recipient_stays_a_setting() -> None:
    body = {"event": {"to": "my-client"}, "recipient_client_id": "my-client"}
    family = family_of(body)
    assert told(family) == {"to": "my-client"}
    entry = Entry(family.model()(client_id="other"))
    (one,) = family.teller(Chance.of(1, ""), None).prepared(entry).tell("0.0", AT, Passage())
    assert one.notification.content == {"to": "other"}


def test_fields_have_the_types_that_were_found() -> None:
    content = {"id": RUN, "list": [{"n": 1, "t": None}, {"n": 1.5}], "a.b": "12", 'q"': 1, "": 1}
    found = {each.path: each for each in family_of({"event": content}).fields().fields}
    assert {path: each.types for path, each in found.items()} == {
        "id": ("uuid",),
        "list": ("array",),
        "list[]": ("object",),
        "list[].n": ("integer", "number"),
        "list[].t": ("null",),
        '"a.b"': ("numeric_text",),
        r'"q\""': ("integer",),
        '""': ("integer",),
    }
    assert [path for path, each in found.items() if each.optional] == ["list[].t"]
    assert {each.grade for each in found.values()} == {"B"}


def test_a_provider_that_is_no_id_is_left_out_with_a_note() -> None:
    headers = [("x-adobe-event-code", "order.placed"), ("x-adobe-provider", "two words")]
    draft = draft_of(captured({"event": {}}, *headers), "order", ())
    assert read(draft.text).provider.id == "3rd_party_custom_events"
    assert "no provider id: two words; edit provider in the file" in draft.notes[-1]


def test_a_cloud_event_gives_its_data_its_type_and_its_provider() -> None:
    event = {"specversion": "1.0", "type": "com.adobe.x.Created", "source": "urn:uuid:shop"}
    event |= {
        "time": "2026-01-15T09:29:00Z",
        "data": {"at": "2026-01-15T09:29:00Z"},
        "subject": "s",
    }
    draft = draft_of(captured(event, ("host", "x")), "", ("x_created",))
    assert (draft.name, draft.code) == ("x_created_2", "com.adobe.x.Created")
    assert draft.notes == ()
    family = read(draft.text)
    assert (family.provider.id, dict(family.formats)) == ("shop", {"cloud_events": "B"})
    assert told(family, AT) == {"at": "2026-01-15T09:30:00Z"}


def test_of_a_batch_the_first_event_is_used() -> None:
    draft = draft_of(captured([{"event": 1}, {"event": 2}]), "order", ())
    assert "in/1.http: 2 events; only the first is used" in draft.notes
    assert told(read(draft.text)) == 1


MANY = [RUN[:-5] + f"{number:05}" for number in range(5_001)]


@for_each(
    ("body", "reason"),
    [
        (b"\xff", "the body is not JSON in UTF-8"),
        (b"", "the body is not JSON in UTF-8"),
        (b'{"event": NaN}', "the body is not JSON in UTF-8"),
        (b'{"event": "\\ud800"}', "the body is not JSON in UTF-8"),
        (b"[" * 100_000, "the body is not JSON in UTF-8"),
        ([], "the body holds no event; expected an object with event, or a CloudEvent with data"),
        ({"id": 1}, "the body holds no event"),
        ({"specversion": "1.0", "type": "a"}, "the body holds no event"),
        ([{"messages": [{"value": {}}]}], "the event is in messages"),
        ({"event": "x" * 1_100_000}, "characters; expected at most 1,048,576"),
        ({"event": MANY}, "cannot be a family: "),
        ({"event": "{{" * 60_000}, "cannot be a family: "),
        ({"event": 10**2_000}, "cannot be a family: "),
        (b'{"event":' + b"[" * 99 + b"]" * 99 + b"}", "cannot be a family: "),
    ],
)
def test_what_cannot_be_a_family_gets_one_sentence(body: Any, reason: str) -> None:
    with pytest.raises(SettingError) as found:
        draft_of(captured(body), "order", ())
    assert str(found.value).startswith("in/1.http: ")
    assert reason in str(found.value)
    assert len(str(found.value)) < 1_000


@for_each("code", ["a b", "x" * 256, "\x1b[2J", "né", "-x", ".", ".."])
def test_an_event_code_that_no_family_can_have_is_refused(code: str) -> None:
    with pytest.raises(SettingError, match="http: event code"):
        draft_of(captured({"event": 1}, ("x-adobe-event-code", code)), "order", ())


@for_each("code", ["null", "model_dump", "run", "1.5", "___", "com.adobe."])
def test_the_name_of_the_family_is_one_that_it_can_have(code: str) -> None:
    draft = draft_of(captured({"event": 1}, ("x-adobe-event-code", code)), "", ())
    assert mistake_of_name(draft.name, ()) is None


def test_without_an_event_code_the_remedy_is_named() -> None:
    with pytest.raises(SettingError, match="--event CODE names it"):
        draft_of(captured({"event": 1}, ("host", "x")), "order", ())
