"""What a webhook is blamed for that answers others while somebody sends slowly."""

from __future__ import annotations

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


def test_nothing_is_said_where_the_slow_event_itself_was_not_accepted() -> None:
    assert CHECK.judge(seen(0, status=500)).state == "not judged"
