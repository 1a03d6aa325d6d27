"""When a webhook fails that lets events with known keys wait for the key of another one."""

from __future__ import annotations

import time

import pytest

from flowsim.checks import catalogue
from flowsim.checks.observation import Observation
from flowsim.core.trace import is_refused

from ..consumers.correct import CorrectConsumer, Request
from ..consumers.mistakes import MISTAKES
from .consumers import candidate, named
from .test_catalogue import STORIES
from .test_slow_sender import exchange

CHECK = catalogue.find("slow-key-host-others")
FETCHING = 0.7
"""Seconds after which the key is there."""


def seen(one: float, *, waits: str = "", status: int = 200) -> Observation:
    """Return what is seen of a webhook that takes ``one`` seconds for each event.

    Until the key is there, it answers no event with a ``known`` key. If it answers ``none``, it
    does the work of the slow event first. An event to refuse is refused at once.
    """
    slow, *others = STORIES.story(CHECK).events()
    exchanges, now = [exchange(0, slow, 0.0, FETCHING + one, status)], 0.0
    for number, event in enumerate(others, 1):
        is_keyless = is_refused(event.expect)
        free = {"none": FETCHING + one, "known": FETCHING * (not is_keyless)}.get(waits, 0.0)
        end = max(now, free) + (0.003 if is_keyless else one)
        exchanges.append(exchange(number, event, now, end, 401 if is_keyless else 200))
        now = end
    return Observation("/", tuple(exchanges))


@pytest.mark.parametrize("one", [0.003, 0.03, 0.3, 3.0])
def test_fetching_beside_other_events_passes_on_a_machine_of_any_speed(one: float) -> None:
    assert CHECK.judge(seen(one)).state == "passed"


@pytest.mark.parametrize("one", [0.003, 0.03, 0.1])
def test_known_keys_that_wait_for_another_key_fail_the_check(one: float) -> None:
    verdict = CHECK.judge(seen(one, waits="known"))
    assert verdict.state == "failed"
    assert verdict.received.startswith("0 of 10 in the ")


@pytest.mark.parametrize("one", [0.003, 0.03, 0.3])
def test_a_webhook_that_serves_one_by_one_is_not_judged(one: float) -> None:
    verdict = CHECK.judge(seen(one, waits="none"))
    assert (verdict.state, "no key" in verdict.note) == ("not judged", True)


def test_a_refused_event_with_a_slow_key_gives_no_verdict_about_others() -> None:
    for status in (401, 503):
        assert CHECK.judge(seen(0.003, waits="known", status=status)).state == "not judged"


def test_without_a_slow_key_nothing_is_judged() -> None:
    others = tuple(each for each in seen(0.003).exchanges if each.delivery != (0, 0))
    assert CHECK.judge(Observation("/", others)).state == "not judged"


class Slow(MISTAKES["locks-while-fetching"]):  # type: ignore[misc]
    """Takes far longer over each event than it needs, before it looks for the key."""

    def verify(self, request: Request, number: str) -> bool:
        if request.headers.get(f"x-adobe-digital-signature-{number}"):
            time.sleep(0.05)
        return bool(super().verify(request, number))


class PutsOff(CorrectConsumer):
    """Asks the key host for a moment only, and puts the event off if the key is not there."""

    patience = 0.2


@pytest.mark.parametrize(
    ("kind", "state"),
    [
        (CorrectConsumer, "passed"),
        (MISTAKES["serves-one-by-one"], "not judged"),
        (PutsOff, "not judged"),
        (Slow, "failed"),
    ],
)
def test_a_webhook_that_answers_is_judged_by_the_events_beside(
    kind: type[CorrectConsumer], state: str
) -> None:
    with candidate(kind) as webhook:
        assert CHECK.name in named(webhook.check(CHECK.name, processed=None), state)
