"""Runs a story: its payloads are signed, disturbed by faults, and delivered to a webhook.

Without sending anything, ``first_attempts`` gives the first attempt at each delivery.
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import nullcontext
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import TypeVar

from ..captures.story import CapturedStory
from ..core.delivery import Attempt, Delivery, attempt
from ..core.payload import Payload
from ..core.signature import SignedPayload, digest, sign_both
from ..core.trace import Trace
from ..faults.disturbance import DisturbedDeliveries
from ..installation import keys
from ..installation.keys import KeyPair
from ..runtime.clock import Clock
from ..story.story import Story
from .agenda import StoryAgenda
from .dispatcher import DeliveryOptions, Dispatcher, Judge, Wired
from .key_answers import KeyAnswers
from .signers import Signer
from .transport import Transport

T = TypeVar("T")

AnyStory = Story | CapturedStory
"""What can be delivered to a webhook."""


@dataclass(frozen=True, slots=True)
class Listeners:
    """Functions that are called while a story is delivered.

    ``on_trace`` gets each attempt. ``judge`` returns whether our own receiver verified it.
    ``withhold`` gets each delivery that a fault does not let reach the webhook.
    """

    on_trace: Callable[[Trace], None]
    withhold: Callable[[Delivery], None] = lambda _: None
    judge: Judge = lambda _: None


@dataclass(frozen=True, slots=True)
class StoryRunner:
    """Runs stories with one pair of keys over one transport.

    ``wired`` returns a transport for attempts that faults do not write as HTTP.
    ``signer`` signs for several stories; without one, each story has its own.
    """

    pair: KeyPair
    answers: KeyAnswers
    transport: Transport
    wired: Wired | None
    options: DeliveryOptions
    signer: Signer | None = None

    async def run(
        self,
        story: AnyStory,
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
                *(self.transport, clock, story.chance, self.options),
                *(listeners.on_trace, listeners.judge, self.wired),
            )
            deliveries = story.deliveries(
                signer.sign_all, lambda number: f"{url}/{number}" if numbered else url
            )
            if story.points:
                disturbed = DisturbedDeliveries(self.answers.rename, listeners.withhold)
                deliveries = _disturbed(deliveries, disturbed)
            await dispatcher.deliver_all(StoryAgenda(deliveries))


def first_attempts(story: Story, url: str, folder: Path, answers: KeyAnswers) -> Iterator[Attempt]:
    """Yield the first attempts of a story, signed with the keys in a folder.

    ``answers`` gets the new key paths of faults. Raises ``KeyFileError``.
    """
    deliveries = story.deliveries(partial(_sign_at_once, keys.load(folder)), lambda _: url)
    disturbed = DisturbedDeliveries(answers.rename, lambda _: None)
    for each in _without_waiting(_disturbed(deliveries, disturbed)):
        yield attempt(each, 1, story.chance)


async def _disturbed(
    deliveries: AsyncIterator[Delivery], disturbed: DisturbedDeliveries
) -> AsyncIterator[Delivery]:
    """Yield deliveries as they are due, changed by their faults."""
    async for delivery in deliveries:
        for each in disturbed.take(delivery):
            yield each
    for each in disturbed.rest():
        yield each


async def _sign_at_once(pair: KeyPair, payloads: Iterator[Payload]) -> AsyncIterator[SignedPayload]:
    """Yield signed payloads; no other thread or process signs."""
    private, paths = [keys.parse_private(each.private_pem) for each in pair], keys.paths(pair)
    for payload in payloads:
        yield SignedPayload(payload, sign_both(digest(payload.body), private), paths)


def _without_waiting(iterator: AsyncIterator[T]) -> Iterator[T]:
    """Make a plain iterator of an asynchronous one that never waits."""
    while True:
        try:
            iterator.__anext__().__await__().send(None)
        except StopIteration as got:
            yield got.value
        except StopAsyncIteration:
            return
