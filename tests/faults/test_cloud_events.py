"""Faults of the attributes of an event: those of CloudEvents, and others of its producer."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from flowsim.core.event import Notification
from flowsim.core.instant import parse, whole_ms
from flowsim.core.spec_values import RegistrationSpec

from ..cases import for_each
from .way import CLOUD, KINDS, events_of, way_of, ways_of

MOMENTS = st.datetimes(datetime(2001, 1, 1), datetime(2098, 1, 1), timezones=st.just(UTC))
OFFSETS = ["+02:00", "+00:00", "-05:30"]
DIGITS = {"seconds": 0, "milliseconds": 3, "microseconds": 6, "nanoseconds": 9}


def test_attributes_of_the_producer_are_there_in_both_formats() -> None:
    for way in ways_of("success", "extension-attributes"):
        assert way.element["phidata"] is True
        assert isinstance(way.element["recipient"], dict)


def test_cloud_id_repeated_gives_different_events_the_same_id_of_their_producer() -> None:
    spec = RegistrationSpec(event_delivery_format="cloud_events")
    way = way_of(events_of() + events_of("copy"), "cloud-id-repeated", registration=spec)
    first, second = (json.loads(each.body) for each in way.payloads)
    assert first["id"] == second["id"]
    assert first["eventid"] != second["eventid"]


@for_each("kind", KINDS)
@for_each("form", ["number", "word", "urn"])
def test_the_cloud_id_has_another_form_and_each_event_its_own(kind: str, form: str) -> None:
    ways = [way_of(events_of(each), ("cloud-id-form", form), registration=CLOUD) for each in KINDS]
    found = {way.element["id"] for way in ways}
    assert len(found) == len(KINDS)
    assert all(len(each) < 36 and each.count("-") == 0 for each in found)
    plain, other = way_of(events_of(kind), registration=CLOUD), ways[KINDS.index(kind)]
    assert {**plain.element, "id": 0} == {**other.element, "id": 0}


def test_events_in_an_envelope_have_no_cloud_id_and_no_time() -> None:
    for fault in ("cloud-id-form", "cloud-time-precision", "cloud-time-offset"):
        assert way_of(events_of(), fault).element == way_of(events_of()).element


def time_of(moment: datetime, *named: Any) -> str:
    """Return the time of an event of that moment, as it is sent with faults."""
    events = [replace(each, time=moment) for each in events_of()]
    return str(way_of(events, *named, registration=CLOUD).element["time"])


@pytest.mark.parametrize("precision", DIGITS)
@given(MOMENTS)
def test_a_time_has_so_many_digits_and_is_the_same_second(precision: str, at: datetime) -> None:
    text = time_of(whole_ms(at), ("cloud-time-precision", precision))
    assert len(text.rstrip("Z").partition(".")[2]) == DIGITS[precision]
    least = timedelta(seconds=1) if precision == "seconds" else timedelta(milliseconds=1)
    assert timedelta(0) <= whole_ms(at) - parse(text) < least


@pytest.mark.parametrize("offset", OFFSETS)
@given(MOMENTS)
def test_a_time_with_an_offset_is_the_same_moment(offset: str, at: datetime) -> None:
    text = time_of(whole_ms(at), ("cloud-time-offset", offset))
    assert text.endswith(offset)
    assert parse(text) == whole_ms(at)


@for_each("time", [5, None, "", "yesterday", "9999-12-31T23:59:59Z", "2026-01-15"])
def test_what_is_no_time_with_another_offset_stays_as_it_is(time: Any) -> None:
    own = {"specversion": "1.0", "id": "1", "time": time}
    events = [
        replace(each, notification=Notification("c", "cloud_event", own)) for each in events_of()
    ]
    way = way_of(events, ("cloud-time-offset", "+02:00"), registration=CLOUD)
    assert way.element["time"] == time
