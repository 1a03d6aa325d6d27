"""How often the webhook processed each event: asked of a function or an address of the user."""

from __future__ import annotations

import asyncio
from collections.abc import Coroutine, Mapping, Sequence
from typing import Any
from urllib.parse import quote

from ..core.outcome import LABELS, Outcome, answer_words
from ..delivery.http_connecting import Tls
from ..delivery.http_transport import HttpTransport
from ..errors import ProcessedError
from ..runtime.clock import pause, stopwatch
from ..runtime.defaults import SETTLE
from .asking import Command, Processed

ANSWERS_LIMIT = 180.0
"""Seconds that all answers may take, beside the time for processing."""

QUIET = 1.0
"""Seconds without a change after which the counts are final, unless ``settle`` is given."""

POLL_INTERVAL = 0.2
"""Seconds from one question to the next."""

_AT_ONCE = 10
_TIMEOUT = 5.0


def longest(settle: float | None) -> float:
    """Return how many seconds all processing and all answers may take."""
    return (SETTLE if settle is None else settle) + ANSWERS_LIMIT


class EffectsClient:
    """Asks a function, or an address with ``{event_id}`` in it that answers a number.

    A webhook may take ``settle`` seconds to process its next acknowledged event. Counts are final
    after as many seconds without a change. Without ``settle``, both times are short.
    ``tls`` is as for the webhook itself. Use it with ``async with``. Raises ``ProcessedError`` for
    any other answer, and what the function raises.
    """

    def __init__(
        self, processed: Processed | str | Command, settle: float | None, tls: Tls = True
    ) -> None:
        self._processed = processed
        self._settle, self._quiet = (SETTLE, QUIET) if settle is None else (settle, settle)
        self._transport = HttpTransport(timeout=_TIMEOUT, connections=_AT_ONCE, tls=tls)

    async def __aenter__(self) -> EffectsClient:
        return self

    async def __aexit__(self, *_: object) -> None:
        await self._transport.__aexit__()

    async def expect_none(self, event_id: str) -> None:
        """Ask for an event that was never sent; raises ``ProcessedError`` if it was processed."""
        count = (await self.counts([event_id]))[event_id]
        if count:
            raise ProcessedError(
                f"--processed says that an unsent event was processed {count} times; expected 0, "
                "and {event_id} in the place of the event's id"
            )

    def allow(self, seconds: float) -> None:
        """Give the webhook at least so many seconds for its next event."""
        self._settle = max(self._settle, seconds)

    async def settled(self, wanted: Sequence[str], all_ids: Sequence[str]) -> dict[str, int]:
        """Return the counts of all ids, once those ``wanted`` are there or their time is over.

        The time begins again after each new count, since a queue may be long. Raises
        ``ProcessedError`` after ``ANSWERS_LIMIT`` more.
        """
        limit = longest(self._settle)
        try:
            async with asyncio.timeout(limit):
                return await self._settled(wanted, all_ids)
        except TimeoutError:
            raise ProcessedError(
                f"--processed did not answer for all events in {limit:g} s; --settle allows more"
            ) from None

    async def _settled(self, wanted: Sequence[str], all_ids: Sequence[str]) -> dict[str, int]:
        """Wait for the wanted ids, and then until no count changes any more.

        A second processing, or one that is a mistake, may come late. A count never decreases: an
        answer may come from a replica with older data.
        """
        counts = await self.counts(all_ids)
        quiet = max(self._quiet, POLL_INTERVAL + await self._come(wanted, counts))
        while True:
            await pause(quiet)
            before = dict(counts)
            _keep_larger(counts, await self.counts(all_ids))
            if counts == before:
                return counts

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
        return slowest

    async def counts(self, event_ids: Sequence[str]) -> dict[str, int]:
        """Return how often each event was processed by now."""
        if isinstance(self._processed, str):
            found = await _gathered([self._fetch(self._processed, each) for each in event_ids])
        else:
            found = [_number(self._processed(each), "the function") for each in event_ids]
        return dict(zip(event_ids, found, strict=True))

    async def _fetch(self, template: str, event_id: str) -> int:
        url = template.replace("{event_id}", quote(event_id, safe=""))
        return _answered(url, await self._transport.send(url, {"accept": "*/*"}, b"", "GET"))


def _keep_larger(counts: dict[str, int], found: Mapping[str, int]) -> None:
    """Update ``counts`` with the numbers of ``found`` that are larger."""
    counts |= {name: max(number, counts[name]) for name, number in found.items()}


async def _gathered(fetches: Sequence[Coroutine[Any, Any, int]]) -> list[int]:
    """Return all results; the first error cancels the others."""
    tasks = [asyncio.ensure_future(each) for each in fetches]
    try:
        return await asyncio.gather(*tasks)
    finally:
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)


def _answered(url: str, outcome: Outcome) -> int:
    if outcome.status_code in LABELS:
        raise ProcessedError(f"--processed {url}: {outcome.problem}")
    text = outcome.body.decode("utf-8", "replace").strip()
    if outcome.status_code != 200 or not (text.isascii() and text.isdecimal() and len(text) < 10):
        raise ProcessedError(
            f"--processed {url} answers {outcome.status_code} {answer_words(outcome)}; "
            "expected 200 and how often the event was processed, as in 0 or 1"
        )
    return int(text)


def _number(value: object, who: str) -> int:
    if isinstance(value, bool) or not isinstance(value, int) or value < 0:
        raise ProcessedError(
            f"{who} that should return how often an event was processed returned {value!r}"
        )
    return value
