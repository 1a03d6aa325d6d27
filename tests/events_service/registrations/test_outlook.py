"""What becomes of a status, as far as the rule and the attempts of the last hour say it."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from flowsim.core.instant import to_ms
from flowsim.events_service.registrations.model import DISABLED, PENDING, UNSTABLE, VERIFIED
from flowsim.events_service.registrations.outlook import Tally, outlook_of
from flowsim.events_service.registrations.status import FEWEST, WINDOW, Window, judge

NOW = datetime(2026, 1, 15, 9, 30, tzinfo=UTC)
MINUTE = to_ms(NOW) // 60_000
DAY = WINDOW // timedelta(minutes=1)

counts = st.integers(0, 20)
tallies = st.dictionaries(st.integers(MINUTE - DAY - 60, MINUTE), st.tuples(counts, counts))


def listed(found: dict[int, tuple[int, int]]) -> list[Tally]:
    return [(minute, *found[minute]) for minute in sorted(found)]


@given(tallies)
def test_the_counts_are_those_by_which_the_status_is_judged(
    found: dict[int, tuple[int, int]],
) -> None:
    window = Window()
    for each in listed(found):
        window.add(*each)
    seen = outlook_of(VERIFIED, None, listed(found), NOW)
    assert (seen.succeeded, seen.failed) == window.count(MINUTE)


@given(tallies)
def test_so_many_failures_and_no_fewer_make_it_unstable(found: dict[int, tuple[int, int]]) -> None:
    left = outlook_of(VERIFIED, None, listed(found), NOW).failures_left
    assert left is not None
    for failures in {left - 1, left} - {0}:
        window = Window()
        for each in listed(found):
            window.add(*each)
        window.add(MINUTE, 0, failures)
        status, _ = judge(VERIFIED, None, NOW, window.is_healthy(MINUTE))
        assert status == (UNSTABLE if failures == left else VERIFIED)


@given(tallies, st.integers(1, 30), st.integers(0, 3))
def test_the_foreseen_moment_is_that_of_the_rule(
    found: dict[int, tuple[int, int]], failed: int, succeeded: int
) -> None:
    """The same number of attempts in each minute of the last hour, and on and on."""
    hour = {MINUTE - back: (succeeded, failed) for back in range(60)}
    seen = outlook_of(VERIFIED, None, listed(found | hour), NOW)
    window = Window()
    for each in listed(found | hour):
        window.add(*each)
    expected = None
    for passed in range(1, DAY + 1):
        window.add(MINUTE + passed, succeeded, failed)
        if not window.is_healthy(MINUTE + passed):
            expected = NOW + timedelta(minutes=passed)
            break
    assert seen.at == expected
    assert seen.next == (UNSTABLE if expected else None)


def test_an_unstable_registration_is_judged_a_day_after_it_became_so() -> None:
    since = NOW - timedelta(hours=20)
    failing = [(MINUTE - back, 0, 1) for back in range(30, -1, -1)]
    seen = outlook_of(UNSTABLE, since, failing, NOW)
    assert (seen.next, seen.at, seen.is_certain) == (DISABLED, since + WINDOW, True)
    assert outlook_of(UNSTABLE, since, [], NOW).next == VERIFIED
    recovered = [*failing[:5], *((MINUTE - back, 1, 0) for back in range(20, -1, -1))]
    assert outlook_of(UNSTABLE, since, recovered, NOW).next == VERIFIED


def test_other_statuses_and_quiet_registrations_stay_as_they_are() -> None:
    failing = [(MINUTE, 0, 100)]
    for status in (DISABLED, PENDING):
        assert outlook_of(status, None, failing, NOW).next is None
    quiet = outlook_of(VERIFIED, None, [(MINUTE - 90, 0, FEWEST - 1)], NOW)
    assert (quiet.next, quiet.failures_left) == (None, 1)
