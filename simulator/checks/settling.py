"""Asks what the webhook's data say, again and again, until nothing changes any more."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping, Sequence
from typing import Generic, Self, TypeVar

from ..delivery.http_connecting import Tls
from ..runtime.clock import pause, stopwatch
from ..runtime.defaults import SETTLE
from .asking import Command
from .questions import Asked, Kind, Questions

ANSWERS_LIMIT = 180.0
"""Seconds that all answers may take, beside the time for processing."""

COMMANDS_LIMIT = 480.0
"""The same for commands: there is one for each id, and only some run at once."""

QUIET = 1.0
"""Seconds without a change after which the answers are final, unless ``settle`` is given."""

POLL_INTERVAL = 0.2
"""Seconds from one question to the next."""

T = TypeVar("T")

Missing = Callable[[Mapping[str, T]], Sequence[str]]
"""Return the ids whose answers are not yet what they should be."""


def nothing(known: Mapping[str, object]) -> Sequence[str]:  # noqa: ARG001
    """Return no ids: there is nothing else to watch."""
    return ()


class SettlingClient(Generic[T]):
    """Asks for many ids; ``merged`` says what is known of an id after another answer.

    A webhook may take ``settle`` seconds to process its next acknowledged event. Answers are final
    after as many seconds without a change. Without ``settle``, both times are short. ``tls`` is as
    for the webhook itself. Use it with ``async with``. Raises the error of the kind of question,
    and what a function raises.

    ``pending`` are the ids that were still missing while the webhook worked and the time for all
    was over; it took ``waited`` seconds then.
    """

    def __init__(self, asked: Asked, kind: Kind[T], settle: float | None, tls: Tls = True) -> None:
        self._asked = asked
        self._kind = kind
        self._settle, self._quiet = (SETTLE, QUIET) if settle is None else (settle, settle)
        self._questions = Questions(asked, kind, tls)
        self._known: dict[str, T] = {}
        self._moves = False
        self.pending: frozenset[str] = frozenset()
        self.waited = 0.0

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(self, *_: object) -> None:
        await self._questions.__aexit__()

    def merged(self, before: T, found: T) -> T:  # noqa: ARG002
        """Return what is known of an id: the latest answer."""
        return found

    async def answers(self, ids: Sequence[str]) -> dict[str, T]:
        """Return what is said about each id by now."""
        return await self._questions.answers(ids)

    async def later_answers(self, ids: Sequence[str]) -> dict[str, T]:
        """Return what is said about each id after as many seconds as answers are final after."""
        await pause(self._quiet)
        return await self.answers(ids)

    def allow(self, seconds: float) -> None:
        """Give the webhook at least so many seconds for its next event."""
        self._settle = max(self._settle, seconds)

    async def until_settled(
        self, ids: Sequence[str], missing: Missing[T], beside: Missing[T] = nothing
    ) -> dict[str, T]:
        """Return what is said about all ids, once none is missing or their time is over.

        The time begins again after each change, since a queue may be long. Those ``beside`` need
        not change, but if they do, the queue is at work. If answers still change when the time for
        all is over, what is missing is ``pending``. Raises the error of the kind if the answers
        themselves take too long.
        """
        limit, self.pending = self._limit, frozenset()
        try:
            async with asyncio.timeout(limit):
                await self._work(ids, missing, beside)
        except TimeoutError:
            if not self._moves:
                raise self._kind.error(
                    f"{self._kind.option} did not answer for all {self._kind.things} in "
                    f"{limit:g} s; --settle allows more"
                ) from None
            self.pending, self.waited = frozenset(missing(self._known)), limit
        return self._known

    @property
    def _limit(self) -> float:
        """How many seconds all processing and all answers may take."""
        is_command = isinstance(self._asked, Command)
        return self._settle + (COMMANDS_LIMIT if is_command else ANSWERS_LIMIT)

    async def _work(self, ids: Sequence[str], missing: Missing[T], beside: Missing[T]) -> None:
        """Wait until nothing is missing, and then until no answer changes any more.

        A second processing, or one that is a mistake, may come late.
        """
        self._moves = False
        self._known = await self.answers(ids)
        quiet = max(self._quiet, POLL_INTERVAL + await self._come(missing, beside))
        while True:
            await pause(quiet)
            self._moves = await self._ask_again(ids)
            if not self._moves:
                return

    async def _come(self, missing: Missing[T], beside: Missing[T]) -> float:
        """Wait until nothing is missing, or nothing has changed for ``settle`` seconds.

        Returns the longest time between two changes, in seconds.
        """
        last, slowest = stopwatch(), 0.0
        while late := missing(self._known):
            if stopwatch() - last >= self._settle:
                break
            await pause(POLL_INTERVAL)
            if await self._ask_again([*dict.fromkeys([*late, *beside(self._known)])]):
                now = stopwatch()
                last, slowest = now, max(slowest, now - last)
                self._moves = True
        self._moves = False
        return slowest

    async def _ask_again(self, ids: Sequence[str]) -> bool:
        """Ask for these ids, keep what is known then, and return whether that is new."""
        found = await self.answers(ids)
        merged = {name: self.merged(self._known[name], each) for name, each in found.items()}
        is_new = any(each != self._known[name] for name, each in merged.items())
        self._known |= merged
        return is_new
