"""What is measured of a webhook, and what follows from it: times are given, and none is waited."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from math import inf

import pytest
from hypothesis import given
from hypothesis import strategies as st

from flowsim.checks import catalogue
from flowsim.checks.forecast import fitted, forecast
from flowsim.checks.pace import AT_ONCE, COMFORT, Pace, measure

from .test_catalogue import STORIES

pytestmark = pytest.mark.many_at_once

Takes = Callable[[int], float]
"""Number of events at once → seconds until the last answer."""


def one_thread(each: float) -> Takes:
    return lambda number: each * number


def threads(each: float, number: int) -> Takes:
    return lambda events: each * -(-events // number)


def measured(takes: Takes, batch: float = 0.0) -> Pace:
    async def send(number: int) -> float:
        return takes(number)

    async def send_batch(_: int) -> float:
        return batch

    return asyncio.run(measure(takes(1), send, send_batch))


@pytest.mark.parametrize(
    ("takes", "at_once"),
    [
        (one_thread(0.004), 20),
        (one_thread(0.4), 20),
        (one_thread(1.0), 9),
        (one_thread(3.0), 3),
        (one_thread(8.0), 1),
        (threads(1.0, 20), 20),
        (threads(1.0, 4), 20),
        (threads(8.0, 4), 4),
        (threads(8.0, 100), 20),
    ],
)
def test_as_many_come_at_once_as_are_answered_in_time(takes: Takes, at_once: int) -> None:
    pace = measured(takes)
    assert pace.at_once == at_once
    assert takes(at_once) <= COMFORT


@given(st.floats(0.001, COMFORT), st.integers(1, 100))
def test_no_webhook_gets_more_at_once_than_it_answers_in_time(each: float, number: int) -> None:
    takes = threads(each, number)
    pace = measured(takes)
    assert 1 <= pace.at_once <= AT_ONCE
    assert takes(pace.at_once) <= COMFORT or pace.at_once == 1


def test_what_only_the_first_events_at_once_wait_for_is_not_expected_again() -> None:
    """Each thread of a webhook starts, and fetches the keys, before its first answer."""
    took = iter([1.6])
    pace = measured(lambda number: 0.01 if number == 1 else next(took, 0.1))
    assert (pace.at_once, pace.together) == (20, 0.1)


@pytest.mark.parametrize(("each", "asked"), [(0.004, [1, 1, 1, 20]), (0.04, [1, 1, 1, 20, 20])])
def test_many_at_once_are_sent_again_unless_they_were_quick(each: float, asked: list[int]) -> None:
    """A server that starts its threads at first is quicker the second time."""
    sent: list[int] = []

    def takes(number: int) -> float:
        sent.append(number)
        return each * number

    measured(takes)
    assert sent[1:] == asked  # before them comes the first event, which fetches the keys


def test_a_webhook_that_answers_one_event_only_takes_for_ever() -> None:
    assert measured(lambda _: inf).alone == inf


def test_a_batch_that_takes_longer_than_adobe_waits_is_foreseen() -> None:
    slow, quick = (measured(threads(1.0, 100), batch=seconds) for seconds in (2.0, 1.001))
    check = catalogue.find("batch-of-twenty")
    never = forecast(check, measured(threads(8.0, 1), batch=inf), STORIES.story)
    assert never.obstacle.startswith("a batch of 20 events takes too long, and Adobe waits 10 s")
    found = forecast(check, slow, STORIES.story)
    assert found.obstacle.startswith("a batch of 20 events takes about 20s, and Adobe waits 10 s")
    assert forecast(check, quick, STORIES.story).obstacle == ""


def test_a_slow_webhook_that_answers_no_batch_has_time_for_single_events() -> None:
    """Nothing is known of its batches, and that says nothing about an event by itself."""
    slow = measured(threads(1.0, 1), batch=inf)
    assert slow.more == inf
    found = forecast(catalogue.find("unsigned"), slow, STORIES.story)
    assert (found.obstacle, found.seconds >= 1.0, found.seconds < inf) == ("", True, True)


def test_a_burst_of_a_slow_webhook_is_shorter_and_has_twenty_events() -> None:
    check = catalogue.find("burst")
    for pace, number in [
        (measured(one_thread(0.004)), 200),
        (measured(one_thread(0.3)), 100),
        (measured(one_thread(8.0)), 20),
    ]:
        (event,) = fitted(check, pace).events
        assert event["faults"] == [{"burst": number}]


def test_what_comes_one_after_the_other_takes_as_long() -> None:
    pace = measured(threads(1.0, 20))
    seconds = forecast(catalogue.find("keys-kept"), pace, STORIES.story).seconds
    assert 40 < seconds < 42
    assert 10 < forecast(catalogue.find("burst"), pace, STORIES.story).seconds < 12


def test_only_faults_of_the_key_host_cost_the_time_of_keys() -> None:
    """json-key-order is a fault of the body, in spite of its name."""
    slow_keys = Pace(first=3.0, alone=0.01, together=0.02, at_once=20)
    assert forecast(catalogue.find("raw-body"), slow_keys, STORIES.story).seconds < 1
    assert forecast(catalogue.find("key-crlf"), slow_keys, STORIES.story).seconds > 2


def test_a_key_host_that_is_down_costs_the_time_of_keys_at_each_attempt() -> None:
    slow_keys = Pace(first=3.0, alone=0.01, together=0.02, at_once=20)
    for name in ("key-host-down", "key-host-back"):
        assert 17 < forecast(catalogue.find(name), slow_keys, STORIES.story).seconds < 19


def test_a_race_of_a_slow_webhook_has_fewer_rounds() -> None:
    """Of copies that it cannot answer in time there is no round, and without any no verdict."""
    check = catalogue.find("simultaneous-duplicates")
    slow, slowest = measured(one_thread(1.0)), measured(one_thread(8.0))
    rounds = [(event["faults"], event["repeat"]) for event in fitted(check, slow).events]
    assert rounds == [
        ([{"simultaneous-duplicates": 2}], 5),
        ([{"simultaneous-duplicates": 5}], 3),
    ]
    assert forecast(fitted(check, slow), slow, STORIES.story).seconds < 30
    obstacle = forecast(fitted(check, slowest), slowest, STORIES.story).obstacle
    assert obstacle.endswith("so no two of them can come at one moment")
