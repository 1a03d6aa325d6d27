"""Faults that make several events of one."""

from __future__ import annotations

import json
from datetime import timedelta

from flowsim.scenario.amendment import Change
from flowsim.story.opening import open_story

from ..cases import for_each
from .way import KINDS, events_of, run_of, way_of, ways_of

MINUTE = timedelta(minutes=1)


def test_a_burst_has_different_events_about_different_runs_at_one_moment() -> None:
    (before,) = events_of()
    way = way_of([before], ("burst", 50))
    assert way.events[0].id == before.id
    assert len({event.id for event in way.events}) == 50
    assert len({run_of(event)["id"] for event in way.events}) == 50
    assert {event.time for event in way.events} == {before.time}
    assert len(way.deliveries) == 50


def test_events_of_a_burst_draw_different_values_for_other_faults() -> None:
    way = way_of(events_of(), ("burst", 5), "foreign-recipient")
    clients = {json.loads(each.body)["recipientclientid"] for each in way.payloads}
    assert len(clients) == 5


def test_fresh_stories_have_fresh_ids_for_events_that_faults_add() -> None:
    change = [Change("faults", ["burst", "late-start", "revised"], "a test")]
    once, again = (
        {event.id for event in open_story("partial", change, fresh=fresh).events()}
        for fresh in (False, True)
    )
    assert len(once) == len(again) == 22
    assert not once & again


def test_the_first_events_of_a_batch_come_alone_before_it() -> None:
    way = way_of(events_of(), ("batch", 6), ("seen-before", 3))
    *alone, whole = (json.loads(each.signed.payload.body) for each in way.deliveries)
    assert whole[:3] == alone
    assert len({each["eventid"] for each in whole}) == 6
    assert {each.due for each in way.deliveries[:-1]} == {way.deliveries[-1].due - MINUTE}


def test_an_event_that_was_seen_before_comes_twice_without_a_batch() -> None:
    way = way_of(events_of(), "seen-before", "json-escapes")
    first, second = (each.signed.payload.body for each in way.deliveries)
    assert first == second


@for_each("kind", KINDS)
@for_each(("form", "length"), [("word", 24), ("number", 20), ("long", 100)])
def test_an_event_id_of_another_form_is_the_same_everywhere(
    kind: str, form: str, length: int
) -> None:
    for way in ways_of(kind, ("event-id-form", form)):
        event_id = way.events[0].id
        assert len(event_id) == length
        assert {way.element["eventid"], way.element["event_id"]} == {event_id}
        assert way.headers[0]["x-adobe-event-id"] == event_id


def test_events_with_other_forms_of_ids_have_different_ids() -> None:
    ways = [way_of(events_of(kind), ("event-id-form", "number")) for kind in KINDS]
    assert len({way.events[0].id for way in ways}) == len(KINDS)
    assert way_of(events_of(), ("event-id-form", "number")).events == ways[0].events
