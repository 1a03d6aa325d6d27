"""A webhook may put events off while it has too much to do; a mistake is found all the same."""

from __future__ import annotations

import threading
from collections.abc import Callable
from typing import Any

import pytest

from flowsim.checks import back_pressure

from ..consumers.correct import CorrectConsumer, RefusedError, Request
from ..consumers.runs import run_of
from .consumers import Candidate, candidate, named, result

CHECKS = ("failed-runs", "missing-counts", "optional-parts", "one-key-missing", "unknown-fields")
UNASKED: dict[str, Any] = {"processed": None, "state": None}


class HasFullQueue(CorrectConsumer):
    """Its queue has a number of places, which nothing leaves by itself."""

    def __post_init__(self) -> None:
        super().__post_init__()
        self.room, self.refused = 20, 0
        self.counting = threading.Lock()

    def deliver(self, request: Request) -> None:
        self.admit(request)
        with self.counting:
            if self.room <= 0:
                self.refused += 1
                raise RefusedError(503, "the queue is full")
            self.room -= 1
        super().deliver(request)


class PutsFailuresOff(CorrectConsumer):
    """A failed run is something that it cannot read."""

    taken = 0

    def take(self, request: Request, element: dict[str, Any]) -> None:
        self.taken += 1
        if "failed" in str(run_of(element)):
            raise RefusedError(503, "what is this?")
        super().take(request, element)


def check(
    webhook: Candidate, after_pause: Callable[[], None], monkeypatch: pytest.MonkeyPatch
) -> Any:
    """Check a webhook that does something in each pause before a check is sent again."""

    async def pause(_: float) -> None:
        after_pause()

    monkeypatch.setattr(back_pressure, "pause", pause)
    return webhook.check(*CHECKS, **UNASKED)


def test_a_queue_that_empties_in_the_meantime_is_no_mistake(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    with candidate(HasFullQueue) as webhook:
        consumer: Any = webhook.running.webhook
        found = check(webhook, lambda: setattr(consumer, "room", 60), monkeypatch)
    assert consumer.refused > 0
    assert named(found, "passed") == {"answers", *CHECKS}


def test_a_check_is_not_judged_while_plain_events_are_put_off_too(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    with candidate(HasFullQueue) as webhook:
        consumer: Any = webhook.running.webhook
        consumer.room = 45
        found = check(webhook, lambda: None, monkeypatch)
    unjudged = named(found, "not judged")
    assert unjudged
    assert named(found, "failed") <= {"sound-at-end"}
    assert result(found, sorted(unjudged)[0]).verdict.note == back_pressure.BUSY_AGAIN


def test_a_503_to_certain_events_is_a_mistake_which_a_pause_does_not_hide(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """After some checks that were sent again in vain, no other one is."""
    pauses: list[int] = []
    with candidate(PutsFailuresOff) as webhook:
        found = check(webhook, lambda: pauses.append(1), monkeypatch)
    assert "failed-runs" in named(found, "failed")
    assert 1 <= len(pauses) <= 6
