"""What stored events say, remembered: a list shows the same events each time it is asked for.

To read a content of 2 MB takes longer than all else in a row.
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from ...events_service.deliveries.history_rows import HistoryEvent, HistoryRow
from ...families.event_line import batch_line, event_result, line_with_reason, worst_result
from ...families.registry import Families

MOST = 2_000
"""Of how many events and batches it is remembered what they say."""


@dataclass(frozen=True, slots=True)
class EventWords:
    """What an event or a batch ``says`` in a few words, and its ``result``.

    Of a batch, ``result`` is the worst one, and ``results`` are all that some event has.
    """

    says: str
    result: str
    results: tuple[str, ...]


class RememberedWords:
    """What events say; any thread may ask."""

    def __init__(self, families: Families) -> None:
        self._families = families
        self._known: OrderedDict[tuple[object, ...], EventWords] = OrderedDict()

    def of(self, event: HistoryEvent) -> EventWords:
        """Return what an event says; its content is read the first time only.

        An event never changes. After a reset its place may have another one, with another id.
        """
        return self._remembered((event.seq, event.event_id), lambda: self._read(event))

    def of_delivery(
        self, row: HistoryRow, events: Callable[[int], Sequence[HistoryEvent]]
    ) -> EventWords:
        """Return what a delivery says; ``events`` reads those of a batch by its number."""
        if row.batch_size == 1:
            return self.of(row.event)
        key = "batch", row.number, row.event.event_id, row.batch_size
        return self._remembered(key, lambda: self._read_batch(events(row.number)))

    def _remembered(self, key: tuple[object, ...], read: Callable[[], EventWords]) -> EventWords:
        found = self._known.get(key)
        if found is None:
            found = self._known[key] = read()
            while len(self._known) > MOST:
                self._known.popitem(last=False)
        return found

    def _read_batch(self, events: Sequence[HistoryEvent]) -> EventWords:
        results = [self._result(each) for each in events]
        known = tuple(each for each in dict.fromkeys(results) if each)
        first = self._read(events[0]).says
        return EventWords(batch_line(first, results), worst_result(known), known)

    def _result(self, event: HistoryEvent) -> str:
        return event_result(self._families, event.code or "", _content(event))

    def _read(self, event: HistoryEvent) -> EventWords:
        code, content = event.code or "", _content(event)
        line = line_with_reason(self._families, code, content)
        result = event_result(self._families, code, content)
        return EventWords(line, result, (result,) if result else ())


def _content(event: HistoryEvent) -> Any:
    """Return the content of an event as its family knows it: of a CloudEvent, its data."""
    content = event.content
    if event.member == "cloud_event" and isinstance(content, dict):
        return content.get("data")
    return content
