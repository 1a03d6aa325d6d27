"""The judge of variations, for exchanges that are told here."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

from flowsim.checks.check import Verdict
from flowsim.checks.observation import Exchange, Observation
from flowsim.checks.variation_judges import variations_accepted
from flowsim.core.event import Event, Notification
from flowsim.core.outcome import Outcome
from flowsim.families.registry import FAULTS

EVENT = Event("1", datetime(2026, 1, 15, tzinfo=UTC), "delivered", Notification("c", "event", {}))


def exchange(number: int, status: int, *named: Any) -> Exchange:
    """Return a delivery of an event with faults, and its answer."""
    pairs = [each if isinstance(each, tuple) else (each, None) for each in named]
    faults = tuple(FAULTS[name].fault(argument) for name, argument in pairs)
    event = replace(EVENT, faults=faults)
    outcome = Outcome(status, 0.01)
    return Exchange("POST", "http://h", {}, b"", outcome, 0.0, (event,), (number, 0))


def judged(*told: tuple[Any, ...]) -> Verdict:
    exchanges = (exchange(number, *each) for number, each in enumerate(told))
    return variations_accepted(Observation("http://h", tuple(exchanges)))


def test_a_refused_variation_of_an_accepted_event_is_named_by_its_change() -> None:
    verdict = judged(
        (200, "flat-run"), (500, "flat-run", ("count-as-text", "inputBytes"), "iso-times"), (200,)
    )
    assert verdict.state == "failed"
    assert verdict.received.endswith("(1 of 1: count-as-text inputBytes + iso-times)")
    assert verdict.exchange is not None
    assert verdict.exchange.faults == ("flat-run", "count-as-text", "iso-times")


def test_variations_of_a_refused_event_prove_nothing() -> None:
    assert judged((500,), (500, "iso-times")).state == "not judged"
    verdict = judged((500, "flat-run"), (500, "flat-run", "iso-times"), (200,), (200, "iso-times"))
    assert verdict.state == "passed"
    assert "1 of 2" in verdict.note


def test_an_event_without_the_faults_before_it_begins_a_group() -> None:
    """The second of these events is no variation of the first, but the third is of the second."""
    assert judged((500, "flat-run"), (200, "other-root"), (200, "other-root", "iso-times")).note
    assert judged((200,), (500,), (500, "iso-times")).state == "not judged"


def test_events_without_any_variation_prove_nothing() -> None:
    for told in ([(200,)], [(200,), (200,)], [(200, "iso-times"), (200,)]):
        verdict = judged(*told)
        assert verdict.state == "not judged"
        assert verdict.note.startswith("no event of this check has the faults of the one before it")


def test_the_refused_variation_with_the_fewest_faults_is_shown() -> None:
    verdict = judged((200, "flat-run"), (500, "flat-run", "iso-times"), (200,), (500, "iso-times"))
    assert verdict.exchange is not None
    assert verdict.exchange.faults == ("iso-times",)
    assert verdict.received.endswith("(2 of 2: iso-times)")


def test_at_most_three_changes_are_named_each_once() -> None:
    names = ("iso-times", "odd-keys", "placeholders", "end-missing", "iso-times")
    verdict = judged((200,), *((500, each) for each in names))
    assert verdict.received.endswith("(5 of 5: iso-times, odd-keys, placeholders and 1 more)")
