"""Tells a story to a webhook: payloads signed, disturbed by faults, and carried."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable
from contextlib import nullcontext
from dataclasses import dataclass
from datetime import timedelta
from functools import partial

from .agenda import StoryAgenda
from .bootstrap import Story
from .captured_story import CapturedStory
from .clock import Clock
from .core import headers
from .core.chance import Chance
from .core.delivery import Delivery, attempt, decide
from .core.departures import Departures
from .core.trace import Trace
from .core.wire import Wire
from .dispatcher import Dispatcher, Judge, Manner
from .key_answers import KeyAnswers
from .signing.keys import KeyPair
from .signing.signers import Signer
from .transports.base import Transport

Told = Story | CapturedStory
"""What can be told to a webhook."""


@dataclass(frozen=True, slots=True)
class Listeners:
    """Who is told what becomes of a story.

    ``judge`` says whether a receiver of ours vouched for an attempt; ``withhold`` is told what
    a fault keeps from the webhook.
    """

    on_trace: Callable[[Trace], None]
    withhold: Callable[[Delivery], None] = lambda _: None
    judge: Judge = lambda _: None


@dataclass(frozen=True, slots=True)
class Teller:
    """What stories are told with.

    ``wired`` returns a transport for attempts that faults write otherwise than HTTP wants it.
    ``signer`` signs for several stories; without one, each story has its own.
    """

    pair: KeyPair
    answers: KeyAnswers
    transport: Transport
    wired: Callable[[Wire], Transport] | None
    manner: Manner
    signer: Signer | None = None

    async def tell(
        self,
        story: Told,
        url: str,
        clock: Clock,
        listeners: Listeners,
        *,
        numbered: bool = False,
    ) -> None:
        """Deliver a story to its end; if ``numbered``, each delivery to a path below ``url``."""
        shared = nullcontext(self.signer) if self.signer is not None else None
        async with shared or Signer(self.pair, story.payload_count) as signer:
            dispatcher = Dispatcher(
                *(self.transport, clock, story.chance, self.manner),
                *(listeners.on_trace, listeners.judge, self.wired),
            )
            deliveries = story.deliveries(signer.sign, partial(_address, url, numbered))
            if story.points:
                departures = Departures(self.answers.rename, listeners.withhold)
                deliveries = _departing(deliveries, departures)
            await dispatcher.carry(StoryAgenda(deliveries))

    async def once_more(self, trace: Trace, chance: Chance) -> Trace:
        """Make another attempt at a delivery, its last one; as plain HTTP, whatever faults say."""
        now = attempt(trace.attempt.delivery, trace.attempt.number + 1, chance)
        outcome = await self.transport.send(
            now.delivery.url, headers.of_attempt(now), now.delivery.signed.payload.body
        )
        decision = decide(outcome, now.number, timedelta(0), now.number)
        return Trace(now, trace.sent_at, outcome, decision)


def _address(url: str, numbered: bool, number: int) -> str:
    return f"{url}/{number}" if numbered else url


async def _departing(
    deliveries: AsyncIterator[Delivery], departures: Departures
) -> AsyncIterator[Delivery]:
    """Yield deliveries as they are due, once faults have had their way with them."""
    async for delivery in deliveries:
        for each in departures.take(delivery):
            yield each
    for each in departures.rest():
        yield each
