"""Faults in what a body says, and in how it is written."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from flowsim import faults
from flowsim.core.json_texts import compact_json
from flowsim.core.payload import MOST_BYTES
from flowsim.core.registration_spec import RegistrationSpec

from .life import Life, element, live, told

KINDS = ("success", "copy", "promotion")
CLOUD = RegistrationSpec(event_delivery_format="cloud_events")
NAMES = {"event_id", "eventid", "recipient_client_id", "recipientclientid"}


def lives(kind: str, *named: str | tuple[str, Any]) -> list[Life]:
    """Return the life of an event in both delivery formats."""
    return [live(told(kind), *named), live(told(kind), *named, registration=CLOUD)]


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("number", [1, 2, 20])
def test_a_batch_is_an_array_of_different_events(kind: str, number: int) -> None:
    for life in lives(kind, ("batch", number)):
        (payload,) = life.payloads
        ids = [each["eventid"] for each in life.content]
        assert [event.id for event in payload.events] == ids
        assert len(set(ids)) == number
        assert life.headers[0]["x-adobe-event-id"] == ids[0]
        rest = [{**each, "eventid": 0, "event_id": 0, "id": 0} for each in life.content]
        assert len({frozenset(each) for each in rest}) == 1


@pytest.mark.parametrize("kind", KINDS)
def test_the_largest_batch_is_of_20_events_and_2_mb_to_the_byte(kind: str) -> None:
    for life in lives(kind, "largest-batch"):
        assert len(life.payloads[0].body) == MOST_BYTES
        assert len(life.content) == len(life.payloads[0].events) == 20


def test_a_batch_that_is_full_already_gets_no_more() -> None:
    spec = RegistrationSpec(delivery_type="webhook_batch")
    life = live(told("batch"), ("batch", 2), registration=spec)
    assert [len(json.loads(each.body)) for each in life.payloads] == [20, 20, 5]


def test_an_empty_batch_is_an_empty_array() -> None:
    assert live(told(), "empty-batch").payloads[0].body == b"[]"


def test_the_other_root_is_an_array_for_an_object_and_the_reverse() -> None:
    assert isinstance(live(told(), "other-root").content, list)
    assert isinstance(live(told("copy"), "other-root").content, dict)


@pytest.mark.parametrize("kind", KINDS)
def test_a_flat_run_stands_beside_the_ids(kind: str) -> None:
    for life in lives(kind, "flat-run"):
        flat = element(life)
        assert set(flat) >= NAMES
        assert {"flowId", "metrics", "activities"} <= set(flat)
        assert not {"event", "data", "messages"} & set(flat)


@pytest.mark.parametrize("kind", KINDS)
def test_the_other_format_is_what_the_other_registration_would_get(kind: str) -> None:
    envelope, cloud = lives(kind, "other-format")
    plain_envelope, plain_cloud = lives(kind)
    assert (envelope.payloads[0].content_type, cloud.payloads[0].content_type) == (
        plain_cloud.payloads[0].content_type,
        plain_envelope.payloads[0].content_type,
    )
    assert {**envelope.content, "source": 0} == {**plain_cloud.content, "source": 0}
    assert element(cloud) == element(plain_envelope)


@pytest.mark.parametrize("kind", KINDS)
def test_ids_have_only_new_names_or_only_old_ones(kind: str) -> None:
    for fault, left in (
        ("deprecated-names-removed", {"eventid", "recipientclientid"}),
        ("new-names-missing", {"event_id", "recipient_client_id"}),
    ):
        for life in lives(kind, fault):
            assert set(element(life)) & NAMES == left


@pytest.mark.parametrize("names", ["both", "new-only", "old-only", "as-documented"])
def test_names_are_right_whatever_the_registration_gives(names: Any) -> None:
    spec = RegistrationSpec(names=names)
    life = live(told(), "deprecated-names-removed", registration=spec)
    assert not set(element(life)) & {"event_id", "recipient_client_id"}
    assert "eventid" in element(life)
    foreign = element(live(told(), "foreign-recipient", registration=spec))
    named = {foreign[name] for name in NAMES & set(foreign) if "recipient" in name}
    assert named
    assert spec.client_id not in named
    missing = element(live(told(), "recipient-missing", registration=spec))
    assert not {"recipientclientid", "recipient_client_id"} & set(missing)


def test_attributes_of_the_producer_are_there_in_both_formats() -> None:
    for life in lives("success", "extension-attributes"):
        assert element(life)["phidata"] is True
        assert isinstance(element(life)["recipient"], dict)


# Other bytes, the same value.

FORMS = ("json-escapes", "json-numbers", "json-white-space")
JSON = st.recursive(
    st.none() | st.booleans() | st.integers(-(10**18), 10**18) | st.text() | st.floats(-1e6, 1e6),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(), inner, max_size=4),
)


@pytest.mark.parametrize("form", FORMS)
@given(value=JSON)
def test_another_form_is_the_same_value(form: str, value: Any) -> None:
    body = compact_json.encode(value)
    fault = faults.find(form).fault(seed=b"a seed")
    changed = fault.act(body, fault)
    assert in_numbers(json.loads(changed)) == in_numbers(value)


def in_numbers(value: Any) -> Any:
    """Return a value whose integers are as far floats as JavaScript's are."""
    if isinstance(value, dict):
        return {key: in_numbers(each) for key, each in value.items()}
    if isinstance(value, list):
        return [*map(in_numbers, value)]
    return float(value) if type(value) is int else value


@given(value=JSON)
def test_all_forms_at_once_are_the_same_value_still(value: Any) -> None:
    body = compact_json.encode(value)
    for form in FORMS:
        fault = faults.find(form).fault(seed=b"a seed")
        body = fault.act(body, fault)
    assert in_numbers(json.loads(body)) == in_numbers(value)


def test_forms_are_the_ones_that_they_are_named_after() -> None:
    def body(fault: str) -> bytes:
        return live(told(), "non-ascii-text", fault).payloads[0].body

    assert b"\\u00dc" in body("json-escapes")
    assert b"\\/" in body("json-escapes")
    assert body("json-escapes").isascii()
    assert b'"inputRecordCount":1e3' in body("json-numbers")
    assert b'"failedRecordCount":30.0' in body("json-numbers")
    spaced = body("json-white-space")
    assert all(space in spaced for space in (b"\t", b"\r\n", b"  "))


def test_keys_in_reverse_order_are_the_same_keys() -> None:
    plain, reverse = live(told()).content, live(told(), "json-key-order").content
    assert plain == reverse
    assert [*plain] == [*reversed(reverse)]


def test_a_broken_body_is_text_in_utf_8_and_no_json() -> None:
    for kind in KINDS:
        body = live(told(kind), "non-ascii-text", "broken-json").payloads[0].body
        body.decode("utf-8")
        with pytest.raises(ValueError, match=r"line 1"):
            json.loads(body)


def test_cloud_id_repeated_gives_different_events_the_same_id_of_their_producer() -> None:
    spec = RegistrationSpec(event_delivery_format="cloud_events")
    life = live(told() + told("copy"), "cloud-id-repeated", registration=spec)
    first, second = (json.loads(each.body) for each in life.payloads)
    assert first["id"] == second["id"]
    assert first["eventid"] != second["eventid"]
