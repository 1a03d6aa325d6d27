"""Tells a story to a webhook: payloads signed, disturbed by faults, and carried."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass

from .agenda import StoryAgenda
from .bootstrap import Story
from .clock import Clock
from .core.delivery import Delivery
from .core.departures import Departures
from .core.signature import SignedPayload
from .core.trace import Trace
from .core.wire import Wire
from .dispatcher import Dispatcher, Judge, Manner
from .key_answers import KeyAnswers
from .keys import KeyPair
from .signers import Memory, Signer
from .transports.base import Transport


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
    ``memory`` holds signatures that were made with the same keys before.
    """

    pair: KeyPair
    answers: KeyAnswers
    transport: Transport
    wired: Callable[[Wire], Transport] | None
    manner: Manner
    memory: Memory | None = None

    async def tell(self, story: Story, url: str, clock: Clock, listeners: Listeners) -> None:
        """Deliver a story to its end."""
        async with Signer(self.pair, story.payload_count, self.memory) as signer:
            dispatcher = Dispatcher(
                *(self.transport, clock, story.chance, self.manner),
                *(listeners.on_trace, listeners.judge, self.wired),
            )
            provider = story.scenario.registration.provider
            deliveries = _deliveries(signer.sign(story.payloads()), url, provider)
            if story.stations:
                departures = Departures(self.answers.rename, listeners.withhold)
                deliveries = _departing(deliveries, departures)
            await dispatcher.carry(StoryAgenda(deliveries))


async def _deliveries(
    payloads: AsyncIterator[SignedPayload], url: str, provider: str
) -> AsyncIterator[Delivery]:
    number = 0
    async for signed in payloads:
        number += 1
        yield Delivery(number, signed, signed.payload.events[0].time, url, provider)


async def _departing(
    deliveries: AsyncIterator[Delivery], departures: Departures
) -> AsyncIterator[Delivery]:
    """Yield deliveries as they are due, once faults have had their way with them."""
    async for delivery in deliveries:
        for each in departures.take(delivery):
            yield each
    for each in departures.rest():
        yield each
