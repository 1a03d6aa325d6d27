"""Which attempt at a delivery is next, and when to stop."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from uuid import UUID

from hypothesis import given
from hypothesis import strategies as st

from flowsim.core.delivery import (
    WINDOW,
    Attempt,
    Delivered,
    Delivery,
    Drop,
    Wait,
    attempt,
    attempts_after,
    backoff,
    decide,
)
from flowsim.core.outcome import Outcome
from flowsim.core.payload import Payload
from flowsim.core.signature import SignedPayload
from flowsim.runtime.chance import Chance

from ..cases import for_each

SIGNED = SignedPayload(Payload(b"{}", "application/json", ()), ("one", "two"), ("/1", "/2"))
BEGIN = datetime(2026, 1, 15, 9, 30, tzinfo=UTC)
RETRIED = {429, *range(500, 505), *range(506, 700)}


def an_attempt(delivery: int, number: int, chance: Chance) -> Attempt:
    return attempt(Delivery(delivery, SIGNED, BEGIN, "http://w/", "a_provider"), number, chance)


def minutes_of_attempts(status: int, max_attempts: int | None = None) -> list[float]:
    """Return when a webhook that never gets better is tried, each answer coming at once."""
    age = timedelta()
    minutes = [0.0]
    while True:
        decision = decide(Outcome(status, 0.0), len(minutes), age, max_attempts)
        if not isinstance(decision, Wait):
            return minutes
        age += timedelta(seconds=decision.seconds)
        minutes.append(age.total_seconds() / 60)


def test_the_waits_are_1_2_4_8_and_then_always_15_minutes() -> None:
    assert [backoff(number) / 60 for number in range(1, 9)] == [1, 2, 4, 8, 15, 15, 15, 15]


def test_a_day_of_failures_is_99_attempts_the_last_at_minute_1425() -> None:
    minutes = minutes_of_attempts(503)
    assert len(minutes) == 99
    assert minutes == [0, 1, 3, 7, *range(15, 1440, 15)]


def test_every_status_is_delivered_retried_or_dropped_at_once() -> None:
    for status in range(100, 700):
        decision = decide(Outcome(status, 0.0), 1, timedelta())
        if 200 <= status < 300:
            assert decision == Delivered(), status
        elif status in RETRIED:
            assert decision == Wait(60.0), status
        else:
            assert isinstance(decision, Drop), status


@for_each(
    ("status", "number", "age", "reason"),
    [
        (302, 1, 0, "302 is a redirect, which is not followed"),
        (401, 1, 0, "401 is not retried"),
        (505, 1, 0, "505 is not retried"),
        (503, 3, 3, "503 on the last of 3 attempts"),
        (604, 1, 0, "604 on the only attempt"),
        (604, 99, 1425, "604 until 24 hours had passed"),
    ],
)
def test_a_dropped_delivery_has_a_reason(status: int, number: int, age: int, reason: str) -> None:
    limit = number if "attempt" in reason else None
    assert decide(Outcome(status, 0.0), number, timedelta(minutes=age), limit) == Drop(reason)


def test_the_target_of_a_redirect_is_named_and_harmless_to_a_terminal() -> None:
    redirect = Outcome(307, 0.0, headers=[(b"Location", b"https://a.example/hook/ \x1b[31m")])
    assert decide(redirect, 1, timedelta()) == Drop(
        "307 is a redirect, which is not followed; "
        "it leads to https://a.example/hook/ \\x1b[31m: name that, if it is the webhook"
    )


def test_max_attempts_ends_the_schedule_early_but_never_prolongs_it() -> None:
    assert minutes_of_attempts(503, 1) == [0]
    assert minutes_of_attempts(503, 4) == [0, 1, 3, 7]
    assert minutes_of_attempts(503, 1000) == minutes_of_attempts(503)


def test_later_attempts_within_a_time_are_counted_in_advance() -> None:
    moments = [60 * minute for minute in minutes_of_attempts(503)]
    for number, seconds in ((1, 0), (1, 59), (1, 60), (2, 3600), (7, 86_400), (99, 86_400)):
        begin = moments[number - 1]
        follow = [moment for moment in moments[number:] if moment <= begin + seconds]
        assert attempts_after(number, seconds) == len(follow)


def test_the_last_of_the_attempts_may_still_deliver() -> None:
    assert decide(Outcome(204, 0.0), 3, timedelta(), 3) == Delivered()


@given(st.sampled_from(sorted(RETRIED)), st.lists(st.floats(0, 600), max_size=120))
def test_no_attempt_begins_24_hours_after_the_first(status: int, elapsed: list[float]) -> None:
    """However long the answers took, which shifts every attempt after them."""
    age = timedelta()
    for number, seconds in enumerate(elapsed, 1):
        age += timedelta(seconds=seconds)
        decision = decide(Outcome(status, seconds), number, age)
        if not isinstance(decision, Wait):
            assert age + timedelta(seconds=backoff(number)) >= WINDOW
            return
        age += timedelta(seconds=decision.seconds)
        assert age < WINDOW


def test_delivery_ids_are_new_for_every_attempt_at_every_delivery() -> None:
    chance = Chance.of(7, "a scenario")
    ids = {
        an_attempt(delivery, number, chance).delivery_id
        for delivery in range(1, 51)
        for number in range(1, 100)
    }
    assert len(ids) == 50 * 99
    assert all(UUID(text).version == 4 and str(UUID(text)) == text for text in ids)


@given(st.integers(1), st.integers(1, 99), st.integers(0, 2**63 - 1))
def test_a_delivery_id_does_not_depend_on_the_order_of_calls(
    delivery: int, number: int, seed: int
) -> None:
    first = an_attempt(delivery, number, Chance.of(seed, "a scenario"))
    an_attempt(delivery + 1, number + 1, Chance.of(seed, "a scenario"))
    assert an_attempt(delivery, number, Chance.of(seed, "a scenario")) == first


def test_another_seed_another_scenario_and_a_fresh_story_give_other_delivery_ids() -> None:
    chances = [
        Chance.of(7, "a scenario"),
        Chance.of(8, "a scenario"),
        Chance.of(7, "another"),
        Chance.of(7, "a scenario", fresh=True),
        Chance.of(7, "a scenario", fresh=True),
    ]
    assert len({an_attempt(1, 1, chance).delivery_id for chance in chances}) == len(chances)
