"""Events in their delivery format: the exact bytes, and how they are put into batches."""

from __future__ import annotations

import json
import re
from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from typing import Any
from uuid import UUID

import pytest
from cloudevents.core.bindings.http import HTTPMessage, from_structured_event
from cloudevents.core.exceptions import CloudEventValidationError
from cloudevents.core.v1.event import CloudEvent
from hypothesis import given, settings
from hypothesis import strategies as st

from flowsim.core.event import Event, Notification
from flowsim.core.payload import Payload, build, source_of
from flowsim.core.spec_values import RegistrationSpec
from flowsim.story.opening import open_story

from ..cases import for_each
from ..story.test_story import story_of

BEGIN = datetime(2026, 1, 15, 9, 30, tzinfo=UTC)
NAMES = ("both", "new-only", "old-only")
FORMATS = ("adobe_io", "cloud_events")
FAILURE = [{"messages": "stand here"}]

JSON = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats(allow_nan=False, allow_infinity=False)
    | st.text(st.characters(exclude_categories=["Cs"])),
    lambda inner: st.lists(inner) | st.dictionaries(st.text("aé\n\"' "), inner),
    max_leaves=20,
)


def event(number: int, content: Any = None, member: str = "event", minute: int = 0) -> Event:
    time = BEGIN + timedelta(minutes=minute)
    return Event(f"event-{number}", time, "delivered", Notification("my_code", member, content))


def payloads(events: Sequence[Event], **registration: str) -> list[Payload]:
    return list(build(events, RegistrationSpec.model_validate(registration)))


def content_of(events: Sequence[Event], **registration: str) -> Any:
    (payload,) = payloads(events, **registration)
    return json.loads(payload.body)


# One event


@pytest.mark.parametrize(
    ("names", "before", "after"),
    [
        ("both", ["event_id", "eventid"], ["recipient_client_id", "recipientclientid"]),
        ("new-only", ["eventid"], ["recipientclientid"]),
        ("old-only", ["event_id"], ["recipient_client_id"]),
    ],
)
def test_the_envelope_holds_the_ids_around_the_notification_in_order(
    names: str, before: list[str], after: list[str]
) -> None:
    """In the failure shape they stand in every element of the array, beside ``messages``."""
    success = content_of([event(1, {"a": 1})], names=names)
    (failure,) = content_of([event(1, FAILURE, "messages")], names=names)
    assert list(success) == [*before, "event", *after]
    assert list(failure) == [*before, "messages", *after]
    assert (success["event"], failure["messages"]) == ({"a": 1}, FAILURE)


@for_each(
    ("names", "ids"),
    [
        ("both", ["eventid", "event_id", "recipient_client_id", "recipientclientid"]),
        ("new-only", ["eventid", "recipientclientid"]),
        ("old-only", ["event_id", "recipient_client_id"]),
    ],
)
@for_each("member", ["event", "messages"])
def test_a_cloud_event_has_the_key_order_of_the_2025_capture(
    names: str, ids: list[str], member: str
) -> None:
    content = content_of([event(1, [], member)], names=names, event_delivery_format="cloud_events")
    head = ["specversion", "id", "source", "type", "datacontenttype", "time"]
    assert list(content) == [*head, *ids, "data"]


@for_each("event_delivery_format", FORMATS)
@for_each("names", NAMES)
@for_each("member", ["event", "messages"])
def test_every_id_member_holds_the_event_id_or_the_client_id(
    names: str, event_delivery_format: str, member: str
) -> None:
    content = content_of(
        [event(1, [], member)],
        names=names,
        event_delivery_format=event_delivery_format,
        client_id="me-and-only-me",
    )
    element = content[0] if isinstance(content, list) else content
    expected = {"eventid": "event-1", "recipientclientid": "me-and-only-me"}
    ids = {name: value for name, value in element.items() if name.replace("_", "") in expected}
    assert len(ids) == (4 if names == "both" else 2)
    assert all(value == expected[name.replace("_", "")] for name, value in ids.items())


def test_a_cloud_events_own_id_is_not_the_event_id() -> None:
    """And it is as stable as that one, and a UUID like it."""
    one, again, other = (
        content_of([event(number)], event_delivery_format="cloud_events") for number in (1, 1, 2)
    )
    assert UUID(one["id"]).version == 4
    assert one["id"] != one["eventid"]
    assert one["id"] == again["id"] != other["id"]


def test_a_cloud_event_holds_what_the_envelope_would_hold() -> None:
    success, failure = (
        content_of([each], event_delivery_format="cloud_events")
        for each in (event(1, {"a": 1}), event(2, FAILURE, "messages"))
    )
    assert success["data"] == {"a": 1}
    assert failure["data"] == {"messages": FAILURE}


@given(JSON, st.sampled_from(FORMATS), st.sampled_from(["webhook", "webhook_batch"]))
@settings(deadline=None)
def test_a_body_is_compact_json_of_its_content_in_utf_8(
    content: object, event_delivery_format: str, delivery_type: str
) -> None:
    (payload,) = payloads(
        [event(1, content)],
        event_delivery_format=event_delivery_format,
        delivery_type=delivery_type,
    )
    text = payload.body.decode("utf-8")
    outside_strings = re.sub(r'"(?:[^"\\]|\\.)*"', "", text)
    read = json.loads(text)
    element = read[0] if delivery_type == "webhook_batch" else read
    assert element["event" if event_delivery_format == "adobe_io" else "data"] == content
    assert not re.search(r"\s", outside_strings)
    escaped = re.findall(r"(?<!\\)(?:\\\\)*\\u([0-9a-f]{4})", text)
    assert all(int(number, 16) < 0x20 for number in escaped)


def test_characters_beyond_ascii_are_not_escaped() -> None:
    (payload,) = payloads([event(1, "é \U0001f680 日")])
    assert "é \U0001f680 日".encode() in payload.body


@for_each(
    ("event_delivery_format", "content_type"),
    [
        ("adobe_io", "application/json; charset=utf-8"),
        ("cloud_events", "application/cloudevents+json; charset=UTF-8"),
    ],
)
@for_each("delivery_type", ["webhook", "webhook_batch"])
def test_the_content_type_is_the_captured_one_of_the_format(
    event_delivery_format: str, content_type: str, delivery_type: str
) -> None:
    (payload,) = payloads(
        [event(1)], event_delivery_format=event_delivery_format, delivery_type=delivery_type
    )
    assert payload.content_type == content_type


@for_each("names", NAMES)
@for_each("delivery_type", ["webhook", "webhook_batch"])
def test_the_cloudevents_library_reads_every_cloud_event(names: str, delivery_type: str) -> None:
    """It refuses the deprecated names, and nothing else: an underscore is not legal there."""
    scenario = {
        "seed": 7,
        "at": "2026-01-15T09:30:00.5Z",
        "registration": {
            "event_delivery_format": "cloud_events",
            "names": names,
            "delivery_type": delivery_type,
        },
        "events": [
            {"flow_run": {}},
            {"flow_run": {"status": "failed", "stage": "copy"}},
            {"flow_run": {"status": "failed", "stage": "promotion"}},
            {"payload": {"any": ["json", "é"]}, "event_code": "my_code"},
        ],
    }
    story = story_of(scenario)
    for payload in story.payloads():
        content = json.loads(payload.body)
        elements = content if isinstance(content, list) else [content]
        for element, event in zip(elements, payload.events, strict=True):
            deprecated = element.keys() & {"event_id", "recipient_client_id"}
            if deprecated:
                with pytest.raises(CloudEventValidationError) as refusal:
                    parsed(element, payload.content_type)
                assert refusal.value.errors.keys() == deprecated
            legal = {name: value for name, value in element.items() if name not in deprecated}
            read = parsed(legal, payload.content_type)
            assert read.get_id() == event.cloud_id
            assert read.get_type() == event.notification.event_code
            assert read.get_time() == event.time
            assert read.get_specversion() == "1.0"
            assert read.get_datacontenttype() == "application/json"
            assert read.get_data() == element["data"]
            assert UUID(read.get_source().removeprefix("urn:uuid:"))


def parsed(element: dict[str, Any], content_type: str) -> CloudEvent:
    body = json.dumps(element).encode()
    read = from_structured_event(HTTPMessage({"content-type": content_type}, body))
    assert isinstance(read, CloudEvent)
    return read


def test_the_source_follows_from_the_provider() -> None:
    sources = {
        content_of([event(1)], event_delivery_format="cloud_events", provider=provider)["source"]
        for provider in ("one", "two", "two")
    }
    assert len(sources) == 2


def of_family(number: int, form: str, provider: str = "aem") -> Event:
    made = event(number, {"a": 1})
    return replace(made, notification=replace(made.notification, provider=provider, format=form))


def test_an_event_has_the_format_and_provider_of_its_family_unless_stated() -> None:
    (envelope, cloud) = payloads([of_family(1, "adobe_io"), of_family(2, "cloud_events")])
    assert envelope.content_type == "application/json; charset=utf-8"
    assert json.loads(envelope.body)["event"] == {"a": 1}
    assert cloud.content_type == "application/cloudevents+json; charset=UTF-8"
    assert json.loads(cloud.body)["data"] == {"a": 1}
    assert json.loads(cloud.body)["source"] == source_of("aem")
    stated = content_of(
        [of_family(1, "adobe_io")], event_delivery_format="cloud_events", provider="acs"
    )
    assert (stated["data"], stated["source"]) == ({"a": 1}, source_of("acs"))


@given(st.lists(st.sampled_from(FORMATS), min_size=1))
def test_a_batch_holds_events_of_one_format_and_of_any_providers(formats: list[str]) -> None:
    events = [of_family(number, each, f"p{number}") for number, each in enumerate(formats)]
    batches = payloads(events, delivery_type="webhook_batch")
    assert [each for batch in batches for each in batch.events] == events
    for batch in batches:
        (form,) = {each.notification.format for each in batch.events}
        assert ("cloudevents" in batch.content_type) is (form == "cloud_events")
    for one, following in pairwise(batches):
        assert len(one.events) == 20 or one.content_type != following.content_type


@for_each("name", ["partial", "failure-copy", "failure-promotion", "cloudevents"])
def test_each_event_of_a_shipped_scenario_has_a_body_with_its_id(name: str) -> None:
    for payload in open_story(name).payloads():
        (event,) = payload.events
        content = json.loads(payload.body)
        element = content[0] if isinstance(content, list) else content
        assert element["event_id"] == element["eventid"] == event.id


# Batches


def batches_of(events: Sequence[Event], event_delivery_format: str = "adobe_io") -> list[Payload]:
    return payloads(
        events, delivery_type="webhook_batch", event_delivery_format=event_delivery_format
    )


EVENTS = st.lists(
    st.tuples(
        st.integers(0, 1),
        st.sampled_from([1] * 8 + [90_000, 700_000, 1_300_000, 2_100_000]),
        st.sampled_from(["event", "messages"]),
    ),
    max_size=50,
)


@given(EVENTS, st.sampled_from(FORMATS))
@settings(max_examples=40, deadline=None)
def test_batches_keep_the_order_and_the_limits_of_events_and_bytes(
    plan: list[tuple[int, int, str]], event_delivery_format: str
) -> None:
    """And no event waits for a batch of its own where it would have had room."""
    events, minute = [], 0
    for number, (step, size, member) in enumerate(plan):
        minute += step
        events.append(event(number, "x" * size, member, minute))
    batches = batches_of(events, event_delivery_format)
    assert [each for batch in batches for each in batch.events] == events
    for batch in batches:
        content = json.loads(batch.body)
        assert [element["event_id"] for element in content] == [each.id for each in batch.events]
        assert 1 <= len(content) <= 20
        assert len(batch.body) <= 2_000_000 or len(content) == 1
        assert len({each.time for each in batch.events}) == 1
    for one, following in pairwise(batches):
        (alone,) = batches_of(following.events[:1], event_delivery_format)
        together = len(one.body) + len(b",") + len(alone.body) - len(b"[]")
        had_no_room = len(one.events) == 20 or together > 2_000_000
        assert had_no_room or one.events[0].time != following.events[0].time


def test_a_batch_may_have_2_mb_to_the_byte() -> None:
    (bare,) = payloads([event(1, ""), event(2, "")], delivery_type="webhook_batch")
    room = 2_000_000 - len(bare.body)
    exact = payloads([event(1, "x" * room), event(2, "")], delivery_type="webhook_batch")
    above = payloads([event(1, "x" * (room + 1)), event(2, "")], delivery_type="webhook_batch")
    assert [len(batch.body) for batch in exact] == [2_000_000]
    assert [len(batch.events) for batch in above] == [1, 1]


def test_a_single_event_above_2_mb_has_a_batch_of_its_own() -> None:
    events = [event(1), event(2, "x" * 3_000_000), event(3), event(4)]
    batches = payloads(events, delivery_type="webhook_batch")
    assert [[each.id for each in batch.events] for batch in batches] == [
        ["event-1"],
        ["event-2"],
        ["event-3", "event-4"],
    ]


def test_failures_are_flat_elements_of_a_batch_beside_the_others() -> None:
    events = [event(1, {"a": 1}), event(2, FAILURE, "messages"), event(3, FAILURE, "messages")]
    content = content_of(events, delivery_type="webhook_batch")
    assert [type(element) for element in content] == [dict, dict, dict]
    assert ["messages" in element for element in content] == [False, True, True]
    assert [element["eventid"] for element in content] == ["event-1", "event-2", "event-3"]


def test_an_element_of_a_batch_is_the_body_of_a_single_event() -> None:
    events = [event(1, {"a": 1}), event(2, FAILURE, "messages")]
    (batch,) = payloads(events, delivery_type="webhook_batch")
    success, failure = (payload.body for payload in payloads(events))
    assert batch.body == b"[" + success + b"," + failure[1:-1] + b"]"


def test_the_shipped_batch_is_45_events_in_three_deliveries() -> None:
    batches = list(open_story("batch").payloads())
    assert [len(batch.events) for batch in batches] == [20, 20, 5]


def test_no_events_are_no_payloads() -> None:
    assert payloads([]) == payloads([], delivery_type="webhook_batch") == []
