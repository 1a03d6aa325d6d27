"""Faults of batches: their lengths, and the odd event in one."""

from __future__ import annotations

import json

import pytest

from flowsim.core.payload import MOST_BYTES
from flowsim.core.spec_values import RegistrationSpec

from ..cases import for_each
from .way import KINDS, events_of, way_of, ways_of


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
