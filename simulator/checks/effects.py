"""How often the webhook processed each event: asked of a function, an address or a command."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from ..delivery.http_connecting import Tls
from ..errors import ProcessedError
from .asking import Command, Processed
from .questions import Kind, Reply
from .settling import SettlingClient

_WANTED = "how often the event was processed, as in 0 or 1"


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


class EffectsClient(SettlingClient[int]):
    """Asks how often events were processed; raises ``ProcessedError`` for what is no number."""

    def __init__(
        self, processed: Processed | str | Command, settle: float | None, tls: Tls = True
    ) -> None:
        super().__init__(processed, COUNTS, settle, tls)

    def merged(self, before: int, found: int) -> int:
        """Return the larger count: an answer may come from a replica with older data."""
        return max(before, found)

    async def expect_none(self, event_id: str) -> None:
        """Ask for an event that was never sent; raises ``ProcessedError`` if it was processed."""
        count = (await self.answers([event_id]))[event_id]
        if count:
            raise ProcessedError(
                f"--processed says that an unsent event was processed {count} times; expected 0, "
                "and {event_id} in the place of the event's id"
            )

    async def settled(
        self, wanted: Sequence[str], all_ids: Sequence[str], beside: Sequence[str] = ()
    ) -> dict[str, int]:
        """Return the counts of all ids, once those ``wanted`` are there or their time is over.

        Those ``beside`` may come too: as long as they do, the webhook is at work.
        """

        def missing(counts: Mapping[str, int]) -> list[str]:
            return [each for each in wanted if not counts[each]]

        def coming(counts: Mapping[str, int]) -> list[str]:
            return [each for each in beside if not counts[each]]

        ids = dict.fromkeys([*all_ids, *beside])
        return await self.until_settled([*ids], missing, coming)
