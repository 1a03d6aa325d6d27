"""When a webhook fails that answers other events while a slow body arrives."""

from __future__ import annotations

import time

import pytest

from flowsim.checks import catalogue
from flowsim.checks.observation import Exchange, Observation
from flowsim.core.outcome import Outcome

from ..consumers.correct import CorrectConsumer, Request
from ..consumers.mistakes import MISTAKES
from .consumers import candidate, named
from .test_catalogue import STORIES

CHECK = catalogue.find("slow-sender")
SENDING = 0.9
"""Seconds after which the slow body is complete."""


def seen(one: float, *, by_one: bool = False, ahead: int = 0, status: int = 200) -> Observation:
    """Return what is seen of a webhook that takes ``one`` seconds for each event.

    If it serves one ``by_one``, only those that come ``ahead`` of the slow event are answered
    before that.
    """
    slow, *others = STORIES.story(CHECK).events()
    exchanges, now = [exchange(0, slow, 0.0, SENDING + one, status)], 0.0
    for number, event in enumerate(others, 1):
        waits = by_one and number > ahead and now < SENDING + one
        end = (SENDING + one if waits else now) + one
        exchanges.append(exchange(number, event, now, end))
        now = end
    return Observation("/", tuple(exchanges))


def exchange(number: int, event: object, began: float, end: float, status: int = 200) -> Exchange:
    outcome = Outcome(status, end - began)
    return Exchange("POST", "/", {}, b"", outcome, began, (event,), delivery=(number, 0))


@pytest.mark.parametrize("one", [0.003, 0.03, 0.3, 3.0])
def test_serving_in_parallel_passes_on_a_machine_of_any_speed(one: float) -> None:
    assert CHECK.judge(seen(one)).state == "passed"


@pytest.mark.parametrize("one", [0.003, 0.03, 0.1])
@pytest.mark.parametrize("ahead", [0, 1, 2])
def test_serving_one_by_one_fails_also_on_a_slow_machine(one: float, ahead: int) -> None:
    verdict = CHECK.judge(seen(one, by_one=True, ahead=ahead))
    assert verdict.state == "failed"
    assert verdict.received.startswith(f"{ahead} of 10 in the ")


def test_a_refused_slow_event_gives_no_verdict_about_others() -> None:
    assert CHECK.judge(seen(0.003, by_one=True, status=500)).state == "not judged"


def slow(kind: type[CorrectConsumer]) -> type[CorrectConsumer]:
    """Return a webhook of a kind that takes far longer over each event than it needs."""

    class Slow(kind):  # type: ignore[misc,valid-type]
        def admit(self, request: Request) -> None:
            time.sleep(0.1)
            super().admit(request)

    return Slow


@pytest.mark.slow
@pytest.mark.parametrize(
    ("kind", "state"), [(CorrectConsumer, "passed"), (MISTAKES["serves-one-by-one"], "failed")]
)
def test_a_slow_webhook_is_judged_as_a_quick_one(kind: type[CorrectConsumer], state: str) -> None:
    with candidate(slow(kind)) as webhook:
        assert "slow-sender" in named(webhook.check("slow-sender", processed=None), state)
