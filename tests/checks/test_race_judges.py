"""What rounds of simultaneous duplicates say about a webhook."""

from __future__ import annotations

from collections.abc import Sequence

from hypothesis import given
from hypothesis import strategies as st

from flowsim.checks import catalogue
from flowsim.checks.observation import Exchange, Observation
from flowsim.core.event import Event
from flowsim.core.outcome import Outcome

from .test_catalogue import STORIES

CHECK = catalogue.find("simultaneous-duplicates")
COPIES = 3


def events(number: int) -> list[Event]:
    return [*STORIES.story(CHECK).events()][:number]


def seen(
    times: Sequence[int], *, apart: float = 0.0, statuses: Sequence[int] = (200, 200, 200)
) -> Observation:
    """Return rounds of three copies; event by event, how many ``times`` it was processed.

    Copies begin ``apart`` seconds from each other, and each takes a second.
    """
    told = events(len(times))
    exchanges = [
        Exchange(
            *("POST", "/", {}, b"", Outcome(status, 1.0), 10.0 * number + copy * apart),
            *((event,), (number, copy)),
        )
        for number, event in enumerate(told)
        for copy, status in enumerate(statuses)
    ]
    counts = dict(zip((each.id for each in told), times, strict=True))
    return Observation("/", tuple(exchanges), counts)


@given(st.lists(st.integers(1, 3), min_size=1, max_size=12))
def test_one_hit_fails_and_all_rounds_are_counted(times: list[int]) -> None:
    verdict = CHECK.judge(seen(times))
    hits = sum(each > 1 for each in times)
    assert verdict.state == ("failed" if hits else "passed")
    said = verdict.received if hits else verdict.note
    rounds = f"{len(times)} round{'s' * (len(times) > 1)}"
    assert said.startswith(f"{rounds}, {hits} hit{'s' * (hits != 1)}")


def test_a_hit_shows_its_event_and_how_often_it_came() -> None:
    verdict = CHECK.judge(seen([1, 2, 1]))
    assert verdict.expected == "each event processed once"
    event = events(2)[1]
    assert verdict.received == f"3 rounds, 1 hit: event {event.id} processed twice, of 3 copies"
    assert verdict.exchange is not None
    assert verdict.exchange.events[0].id == event.id


def test_an_event_that_was_never_processed_fails_without_a_hit() -> None:
    assert "processed never" in CHECK.judge(seen([1, 0])).received


def test_a_hit_counts_although_another_event_was_never_acknowledged() -> None:
    assert CHECK.judge(seen([2], statuses=[503, 503, 503])).state == "failed"
    assert CHECK.judge(seen([1], statuses=[503, 503, 503])).state == "not judged"


def test_copies_that_never_met_give_no_verdict() -> None:
    assert CHECK.judge(seen([1, 1], apart=0.5)).state == "passed"
    verdict = CHECK.judge(seen([1, 1], apart=1.5))
    assert verdict.state == "not judged"
    assert "one request after the other" in verdict.note


def test_a_thorough_run_has_more_rounds_of_each_size() -> None:
    def rounds(told: Sequence[object]) -> list[tuple[int, int]]:
        return [
            (each["faults"][0]["simultaneous-duplicates"], each["repeat"])  # type: ignore[index]
            for each in told
        ]

    usual, thorough = rounds(CHECK.events), rounds(CHECK.thorough_events)
    assert [size for size, _ in usual] == [size for size, _ in thorough] == [2, 5, 10]
    assert sum(number for _, number in usual) == 12
    assert sum(number for _, number in thorough) == 40
