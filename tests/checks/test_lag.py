"""How long a webhook takes from its answer until an event is processed."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from math import inf
from typing import Any, cast

import pytest

from flowsim.checks import lag
from flowsim.checks.lag import Lag


class Asked:
    """Says that any event is processed, and keeps the times that it is told to allow."""

    def __init__(self) -> None:
        self.allowed: list[float] = []

    async def number_done(self, events: Sequence[object]) -> int:
        return len(events)

    def allow(self, seconds: float) -> None:
        self.allowed.append(seconds)


def test_what_is_sent_in_no_time_still_waits_for_the_first_event() -> None:
    asked = Asked()

    async def send() -> None:
        async with Lag(cast(Any, asked)) as lag:
            lag.watch(cast(Any, "an event"))
            await lag.known()

    asyncio.run(send())
    assert len(asked.allowed) == 1


def test_nothing_is_waited_for_if_nothing_can_be_asked() -> None:
    async def send() -> None:
        async with Lag(None) as lag:
            lag.watch(cast(Any, "an event"))
            await lag.known()

    asyncio.run(send())


class Queue:
    """One more event leaves it for each of so many questions."""

    def __init__(self, questions: float, first: int = 1) -> None:
        self.asked, self.questions, self.first = 0, questions, first

    async def number_done(self, events: Sequence[object]) -> int:
        self.asked += 1
        return min(len(events), self.first + int(self.asked / self.questions))

    def allow(self, seconds: float) -> None:
        pass


@pytest.mark.parametrize(
    ("queue", "is_long"),
    [(Queue(2), True), (Queue(0.01), False), (Queue(inf), False)],
    ids=["one after the other", "all at once", "nothing comes"],
)
def test_how_long_a_queue_takes_for_each_event(
    queue: Queue, is_long: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    """If nothing leaves it while it is watched, the events may be lost."""
    monkeypatch.setattr(lag, "_POLL", 0.01)
    monkeypatch.setattr(lag, "_WATCHED", 0.2)

    async def ask() -> float:
        async with Lag(cast(Any, queue)) as watched:
            watched.watch(cast(Any, "an event"))
            await watched.known()
            return await watched.of_each(cast(Any, range(1000)))

    assert (asyncio.run(ask()) > 0) is is_long
