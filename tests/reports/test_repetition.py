"""Attempts that fail alike: the first ones, a count, the last."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import timedelta

import click
import pytest
from hypothesis import given
from hypothesis import strategies as st

from flowsim.core.delivery import Decision, Delivered, Drop, Wait
from flowsim.core.trace import Trace
from flowsim.reports import attempt_lines
from flowsim.reports.attempt_lines import Again, AttemptLines, Repetition

from ..cases import for_each
from .test_replay_lines import SENT, a_try

RETRY = Wait(60.0)


def shown(traces: Iterable[Trace], repetition: Repetition | None = None) -> list[object]:
    """Return attempt numbers as they are shown, ranges as pairs, the rest behind them."""
    watched = repetition or Repetition()
    found = [each for trace in traces for each in watched.of(trace)]
    return [
        (each.first, each.last) if isinstance(each, Again) else each.attempt.number
        for each in [*found, *watched.rest()]
    ]


def tries(statuses: Iterable[int], last: Decision | None = None) -> list[Trace]:
    """Return the attempts at one delivery that got these answers."""
    found = [a_try(number, each, RETRY) for number, each in enumerate(statuses, 1)]
    if last is not None:
        found[-1] = a_try(len(found), found[-1].outcome.status_code, last)
    return found


@for_each(
    ("traces", "expected"),
    [
        (tries([503] * 3), [1, 2, 3]),
        (tries([503] * 4), [1, 2, 3, 4]),
        (tries([503] * 5), [1, 2, 3, (4, 4), 5]),
        (tries([503] * 99, Drop("over")), [1, 2, 3, (4, 98), 99]),
        (tries([503] * 5, Drop("over")), [1, 2, 3, 4, 5]),
        (tries([503] * 9 + [200], Delivered()), [1, 2, 3, (4, 8), 9, 10]),
        (tries([503] * 9 + [500] * 6), [1, 2, 3, (4, 8), 9, 10, 11, 12, (13, 14), 15]),
        (tries([503, 500] * 3), [1, 2, 3, 4, 5, 6]),
    ],
)
def test_only_the_first_and_last_equal_attempts_are_shown(
    traces: list[Trace], expected: list[object]
) -> None:
    assert shown(traces) == expected


def test_all_attempts_are_shown_on_request() -> None:
    assert shown(tries([503] * 50), Repetition(is_off=True)) == [*range(1, 51)]


@given(st.lists(st.sampled_from([500, 503, 602]), min_size=1), st.booleans())
def test_every_attempt_is_shown_or_counted_once_in_its_order(codes: list[int], ends: bool) -> None:
    found: list[int] = []
    for each in shown(tries(codes, Drop("over") if ends else None)):
        first, last = each if isinstance(each, tuple) else (each, each)
        found += range(first, last + 1)  # type: ignore[call-overload]
    assert found == [*range(1, len(codes) + 1)]


def test_deliveries_are_counted_each_on_its_own() -> None:
    mixed = [
        a_try(number, 503, RETRY, delivery=delivery)
        for number in range(1, 6)
        for delivery in (1, 2)
    ]
    assert shown(mixed) == [1, 1, 2, 2, 3, 3, (4, 4), 5, (4, 4), 5]


def test_the_number_of_watched_deliveries_is_limited(monkeypatch: pytest.MonkeyPatch) -> None:
    """The delivery that was begun first is caught up with, and then forgotten."""
    monkeypatch.setattr(attempt_lines, "MOST_WATCHED", 1)
    first = [a_try(number, 503, RETRY) for number in range(1, 7)]
    assert shown([*first, a_try(1, 503, RETRY, delivery=2)]) == [1, 2, 3, (4, 5), 6, 1]


# As lines


def lines(traces: Iterable[Trace], *, skips_waits: bool = True) -> list[str]:
    made = AttemptLines(skips_waits=skips_waits)
    found = [line for trace in traces for line in made.of(trace)] + made.rest()
    return [click.unstyle(line) for line in found]


def test_a_count_names_the_delivery_and_what_it_got() -> None:
    assert lines(tries([503] * 9))[3] == (
        "… a_code 01234567 tries 4 to 8 [503] each time (--verbose prints all)"
    )
    assert lines(tries([604] * 5))[3] == (
        "… a_code 01234567 try 4 [604 timeout] (--verbose prints all)"
    )


def test_with_real_waits_one_line_says_that_repetitions_are_counted() -> None:
    found = lines(tries([503] * 9), skips_waits=False)
    notice = "further attempts like these are only counted (--verbose prints all)"
    assert (found.index(notice), found.count(notice)) == (3, 1)


def test_dates_are_shown_for_later_days() -> None:
    late = SENT + timedelta(hours=14, minutes=29)
    moments = [late, late + timedelta(minutes=2), late + timedelta(days=1)]
    found = lines(a_try(number, 500, RETRY, at=at) for number, at in enumerate(moments, 1))
    assert [line.partition(" →")[0] for line in found] == [
        "23:59:00.007",
        "2026-01-16 00:01:00.007",
        "2026-01-16 23:59:00.007",
    ]
