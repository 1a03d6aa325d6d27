"""How long a webhook takes from its answer until an event is processed."""

from __future__ import annotations

import asyncio
from typing import Any, cast

from flowsim.checks.lag import Lag


class Asked:
    """Says that any event is processed, and keeps the times that it is told to allow."""

    def __init__(self) -> None:
        self.allowed: list[float] = []

    async def has_done(self, event: object) -> bool:  # noqa: ARG002
        return True

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
