"""Faults of the content of the request body."""

from __future__ import annotations

import json
from typing import Any

import pytest

from flowsim.core.payload import MOST_BYTES
from flowsim.core.spec_values import RegistrationSpec

from ..cases import for_each
from .way import KINDS, NAMES, events_of, way_of, ways_of


@for_each("kind", KINDS)
@for_each("number", [1, 2, 20])
def test_a_batch_is_an_array_of_different_events(kind: str, number: int) -> None:
    for way in ways_of(kind, ("batch", number)):
        (payload,) = way.payloads
        ids = [each["eventid"] for each in way.content]
        assert [event.id for event in payload.events] == ids
        assert len(set(ids)) == number
        assert way.headers[0]["x-adobe-event-id"] == ids[0]
        rest = [{**each, "eventid": 0, "event_id": 0, "id": 0} for each in way.content]
        assert len({frozenset(each) for each in rest}) == 1


@pytest.mark.parametrize("kind", KINDS)
def test_the_largest_batch_has_20_events_and_exactly_2_mb(kind: str) -> None:
    for way in ways_of(kind, "largest-batch"):
        assert len(way.payloads[0].body) == MOST_BYTES
        assert len(way.content) == len(way.payloads[0].events) == 20


def test_a_batch_that_is_full_already_gets_no_more() -> None:
    spec = RegistrationSpec(delivery_type="webhook_batch")
    way = way_of(events_of("batch"), ("batch", 2), registration=spec)
    assert [len(json.loads(each.body)) for each in way.payloads] == [20, 20, 5]


def test_an_empty_batch_is_an_empty_array() -> None:
    assert way_of(events_of(), "empty-batch").payloads[0].body == b"[]"


def test_the_other_root_is_an_array_for_an_object_and_the_reverse() -> None:
    assert isinstance(way_of(events_of(), "other-root").content, list)
    assert isinstance(way_of(events_of("copy"), "other-root").content, dict)


@pytest.mark.parametrize("kind", KINDS)
def test_other_format_is_the_body_for_a_registration_of_that_format(kind: str) -> None:
    envelope, cloud = ways_of(kind, "other-format")
    plain_envelope, plain_cloud = ways_of(kind)
    assert (envelope.payloads[0].content_type, cloud.payloads[0].content_type) == (
        plain_cloud.payloads[0].content_type,
        plain_envelope.payloads[0].content_type,
    )
    assert {**envelope.content, "source": 0} == {**plain_cloud.content, "source": 0}
    assert cloud.element == plain_envelope.element


@pytest.mark.parametrize("kind", KINDS)
def test_ids_have_only_new_names_or_only_old_ones(kind: str) -> None:
    for fault, left in (
        ("deprecated-names-removed", {"eventid", "recipientclientid"}),
        ("new-names-missing", {"event_id", "recipient_client_id"}),
    ):
        for way in ways_of(kind, fault):
            assert set(way.element) & NAMES == left


@for_each("names", ["both", "new-only", "old-only", "as-documented"])
def test_renamed_ids_are_right_for_every_setting_of_the_registration(names: Any) -> None:
    spec = RegistrationSpec(names=names)
    way = way_of(events_of(), "deprecated-names-removed", registration=spec)
    assert not set(way.element) & {"event_id", "recipient_client_id"}
    assert "eventid" in way.element
    foreign = way_of(events_of(), "foreign-recipient", registration=spec).element
    named = {foreign[name] for name in NAMES & set(foreign) if "recipient" in name}
    assert named
    assert spec.client_id not in named
    missing = way_of(events_of(), "recipient-missing", registration=spec).element
    assert not {"recipientclientid", "recipient_client_id"} & set(missing)


def test_keys_in_reverse_order_are_the_same_keys() -> None:
    plain, reverse = way_of(events_of()).content, way_of(events_of(), "json-key-order").content
    assert plain == reverse
    assert [*plain] == [*reversed(reverse)]


@pytest.mark.parametrize("kind", KINDS)
def test_a_repeated_event_is_first_and_last_in_its_batch(kind: str) -> None:
    for way in ways_of(kind, ("batch", 4), "repeated-in-batch"):
        ids = [each["eventid"] for each in way.content]
        assert [event.id for event in way.payloads[0].events] == ids
        assert (len(ids), len({*ids})) == (4, 3)
        assert way.content[0] == way.content[-1]


@for_each("kind", KINDS)
@for_each(("place", "found"), [(1, 1), (3, 3), (20, 4)])
def test_the_odd_event_of_a_batch_is_at_its_place(kind: str, place: int, found: int) -> None:
    plain = ways_of(kind, ("batch", 4))
    for fault in ("unreadable-in-batch", "stranger-in-batch"):
        for before, way in zip(plain, ways_of(kind, ("batch", 4), (fault, place)), strict=True):
            pairs = zip(before.content, way.content, strict=True)
            odd = [number for number, (one, other) in enumerate(pairs, 1) if one != other]
            assert odd == [found]
            assert way.payloads[0].events[found - 1].id == way.content[found - 1]["eventid"]
