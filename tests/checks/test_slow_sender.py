"""What a webhook is blamed for that answers others while somebody sends slowly."""

from __future__ import annotations

from dataclasses import replace

import pytest

from flowsim import checks
from flowsim.bootstrap import Story
from flowsim.core.judging.exchange import Exchange
from flowsim.core.judging.observation import Observation
from flowsim.core.outcome import Outcome

from .test_shelf import SCRIPT

CHECK = checks.find("slow-sender")


def story() -> Story:
    return SCRIPT.story(CHECK)


def seen(meanwhile: int, status: int = 200) -> Observation:
    """Return what was seen: the slow event takes a second, and some are answered meanwhile."""
    exchanges = []
    for number, event in enumerate(story().events()):
        elapsed = 1.0 if number == 0 else 0.5 if number <= meanwhile else 1.5
        outcome = Outcome(status if number == 0 else 200, elapsed)
        exchanges.append(
            Exchange("POST", "/", {}, b"", outcome, 0.0, (event,), delivery=(number, 0))
        )
    return Observation("/", tuple(exchanges))


@pytest.mark.parametrize(
    ("meanwhile", "state"), [(0, "failed"), (9, "failed"), (10, "passed"), (40, "passed")]
)
def test_who_serves_one_by_one_answers_hardly_anyone_and_a_busy_machine_some(
    meanwhile: int, state: str
) -> None:
    assert CHECK.judge(seen(meanwhile)).state == state


@pytest.mark.parametrize(("first", "state"), [(2.0, "passed"), (5.0, "failed")])
def test_who_takes_two_seconds_for_each_event_is_not_said_to_serve_one_by_one(
    first: float, state: str
) -> None:
    """The others are answered a second before the slow one, or two at a time after it."""
    told = seen(0).exchanges
    slow = replace(told[0], outcome=Outcome(200, 3.0))
    rounds = (
        replace(each, began=number // 20 * 2.0, outcome=Outcome(200, first))
        for number, each in enumerate(told[1:])
    )
    assert CHECK.judge(Observation("/", (slow, *rounds))).state == state


def test_nothing_is_said_where_the_slow_event_itself_was_not_accepted() -> None:
    assert CHECK.judge(seen(0, status=500)).state == "not judged"
