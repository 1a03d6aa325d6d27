"""How often the webhook processed each event: asked of a function, an address or a command."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping, Sequence

from ..delivery.http_connecting import Tls
from ..errors import ProcessedError
from ..runtime.clock import pause, stopwatch
from ..runtime.defaults import SETTLE
from .asking import Command, Processed
from .questions import Kind, Questions, Reply

ANSWERS_LIMIT = 180.0
"""Seconds that all answers may take, beside the time for processing."""

COMMANDS_LIMIT = 480.0
"""The same for commands: there is one for each event, and only some run at once."""

QUIET = 1.0
"""Seconds without a change after which the counts are final, unless ``settle`` is given."""

POLL_INTERVAL = 0.2
"""Seconds from one question to the next."""

_WANTED = "how often the event was processed, as in 0 or 1"


def longest(settle: float | None, asked: object) -> float:
    """Return how many seconds all processing and all answers may take."""
    answers = COMMANDS_LIMIT if isinstance(asked, Command) else ANSWERS_LIMIT
    return (SETTLE if settle is None else settle) + answers


def _count(reply: Reply) -> int:
    """Return the number of a reply; raises ``ProcessedError`` if it is none."""
    if reply.text is None:
        return _number(reply)
    text = reply.text.strip()
    is_number = text.isascii() and text.isdecimal() and len(text) < 10
    if reply.status not in (None, 200) or not is_number:
        wanted = "" if reply.status is None else "200 and "
        raise ProcessedError(f"{reply.said}; expected {wanted}{_WANTED}")
    return int(text)


def _number(reply: Reply) -> int:
    value = reply.value
    if isinstance(value, bool) or not isinstance(value, int) or value < 0:
        raise ProcessedError(
            f"the function that should return how often an event was processed {reply.said}"
        )
    return value


COUNTS = Kind("--processed", "event_id", _count, ProcessedError)
"""The question how often an event was processed."""


class EffectsClient:
    """Asks how often events were processed.

    A webhook may take ``settle`` seconds to process its next acknowledged event. Counts are final
    after as many seconds without a change. Without ``settle``, both times are short.
    ``tls`` is as for the webhook itself. Use it with ``async with``. Raises ``ProcessedError`` for
    an answer that is no number, and what a function raises.

    ``pending`` are the wanted events that were missing while the webhook still worked and the time
    for all was over; it took ``waited`` seconds then.
    """

    def __init__(
        self, processed: Processed | str | Command, settle: float | None, tls: Tls = True
    ) -> None:
        self._processed = processed
        self._settle, self._quiet = (SETTLE, QUIET) if settle is None else (settle, settle)
        self._questions = Questions(processed, COUNTS, tls)
        self._counts: dict[str, int] = {}
        self._grows = False
        self.pending: frozenset[str] = frozenset()
        self.waited = 0.0

    async def __aenter__(self) -> EffectsClient:
        return self

    async def __aexit__(self, *_: object) -> None:
        await self._questions.__aexit__()

    async def expect_none(self, event_id: str) -> None:
        """Ask for an event that was never sent; raises ``ProcessedError`` if it was processed."""
        count = (await self.counts([event_id]))[event_id]
        if count:
            raise ProcessedError(
                f"--processed says that an unsent event was processed {count} times; expected 0, "
                "and {event_id} in the place of the event's id"
            )

    async def counts(self, event_ids: Sequence[str]) -> dict[str, int]:
        """Return how often each event was processed by now."""
        return await self._questions.answers(event_ids)

    def allow(self, seconds: float) -> None:
        """Give the webhook at least so many seconds for its next event."""
        self._settle = max(self._settle, seconds)

    async def settled(self, wanted: Sequence[str], all_ids: Sequence[str]) -> dict[str, int]:
        """Return the counts of all ids, once those ``wanted`` are there or their time is over.

        The time begins again after each new count, since a queue may be long. If the counts still
        grow when the time for all is over, what is missing is ``pending``. Raises
        ``ProcessedError`` if the answers themselves take too long.
        """
        limit, self.pending = longest(self._settle, self._processed), frozenset()
        try:
            async with asyncio.timeout(limit):
                await self._settled(wanted, all_ids)
        except TimeoutError:
            if not self._grows:
                raise ProcessedError(
                    f"--processed did not answer for all events in {limit:g} s; "
                    "--settle allows more"
                ) from None
            self.pending = frozenset(each for each in wanted if not self._counts[each])
            self.waited = limit
        return self._counts

    async def _settled(self, wanted: Sequence[str], all_ids: Sequence[str]) -> None:
        """Wait for the wanted ids, and then until no count changes any more.

        A second processing, or one that is a mistake, may come late. A count never decreases: an
        answer may come from a replica with older data.
        """
        self._counts = counts = await self.counts(all_ids)
        quiet = max(self._quiet, POLL_INTERVAL + await self._come(wanted, counts))
        while True:
            await pause(quiet)
            before = dict(counts)
            _keep_larger(counts, await self.counts(all_ids))
            if counts == before:
                return

    async def _come(self, wanted: Sequence[str], counts: dict[str, int]) -> float:
        """Wait until all wanted events are processed, or none was for ``settle`` seconds.

        ``counts`` is kept up to date. Returns the longest time between two of them, in seconds.
        """
        last, slowest = stopwatch(), 0.0
        while missing := [each for each in wanted if not counts[each]]:
            if stopwatch() - last >= self._settle:
                break
            await pause(POLL_INTERVAL)
            found = await self.counts(missing)
            _keep_larger(counts, found)
            if any(found.values()):
                now = stopwatch()
                last, slowest = now, max(slowest, now - last)
                self._grows = True
        self._grows = False
        return slowest


def _keep_larger(counts: dict[str, int], found: Mapping[str, int]) -> None:
    """Update ``counts`` with the numbers of ``found`` that are larger."""
    counts |= {name: max(number, counts[name]) for name, number in found.items()}
