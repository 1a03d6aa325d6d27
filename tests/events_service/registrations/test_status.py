"""ACTIVE, UNSTABLE or DISABLED, by the rule of io-events-protocol.md 4.5."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from flowsim.events_service.registrations.model import (
    DISABLED,
    PENDING,
    SPELLINGS,
    UNSTABLE,
    VERIFIED,
)
from flowsim.events_service.registrations.status import Window, judge

from ...cases import for_each

NOW = datetime(2026, 1, 15, 9, 30, tzinfo=UTC)
A_DAY = timedelta(hours=24)
MINUTES = 24 * 60


@for_each(
    ("succeeded", "failed", "healthy"),
    [
        (0, 0, True),
        (0, 9, True),  # fewer than ten attempts
        (0, 10, False),
        (1, 9, False),
        (2, 8, True),  # exactly a fifth: both sentences hold, ACTIVE wins
        (199, 801, False),
        (200, 800, True),
        (10, 0, True),
    ],
)
def test_a_fifth_of_ten_or_more_attempts_is_enough(
    succeeded: int, failed: int, healthy: bool
) -> None:
    window = Window()
    window.add(100, succeeded, failed)
    assert window.is_healthy(100) is healthy


def test_attempts_count_for_a_day_and_no_longer() -> None:
    window = Window()
    window.add(0, 0, 10)
    assert not window.is_healthy(MINUTES - 1)
    assert window.is_healthy(MINUTES)


@given(st.lists(st.tuples(st.integers(0, 3000), st.integers(0, 30), st.integers(0, 30))))
def test_running_sums_equal_the_sums_of_the_day(counted: list[tuple[int, int, int]]) -> None:
    window, counted = Window(), sorted(counted)
    for index, (minute, succeeded, failed) in enumerate(counted):
        window.add(minute, succeeded, failed)
        day = [each for each in counted[: index + 1] if each[0] > minute - MINUTES]
        good, bad = sum(each[1] for each in day), sum(each[2] for each in day)
        assert window.is_healthy(minute) is (good + bad < 10 or good / (good + bad) >= 0.2)


def test_an_active_registration_becomes_unstable_first() -> None:
    assert judge(VERIFIED, None, NOW, healthy=True) == (VERIFIED, None)
    assert judge(VERIFIED, None, NOW, healthy=False) == (UNSTABLE, NOW)


@pytest.mark.parametrize("healthy", [True, False])
def test_an_unstable_registration_stays_unstable_for_a_day(healthy: bool) -> None:
    almost = NOW + A_DAY - timedelta(seconds=1)
    assert judge(UNSTABLE, NOW, almost, healthy) == (UNSTABLE, NOW)


def test_after_a_day_an_unstable_registration_is_active_or_disabled() -> None:
    assert judge(UNSTABLE, NOW, NOW + A_DAY, healthy=True) == (VERIFIED, None)
    assert judge(UNSTABLE, NOW, NOW + A_DAY, healthy=False) == (DISABLED, None)


def test_only_a_save_ends_the_status_disabled() -> None:
    assert judge(DISABLED, None, NOW + A_DAY, healthy=True) == (DISABLED, None)


def test_every_status_has_its_word_in_rule_and_console() -> None:
    assert {*SPELLINGS} == {VERIFIED, UNSTABLE, DISABLED, PENDING}
    assert all(word == console.upper() for word, console in SPELLINGS.values())
