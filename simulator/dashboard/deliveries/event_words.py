"""What stored events say, remembered: a list shows the same events each time it is asked for.

To read a content of 2 MB takes longer than all else in a row.
"""

from __future__ import annotations

from collections import OrderedDict
from dataclasses import dataclass
from typing import Any

from ...events_service.deliveries.history_rows import HistoryEvent
from ...families.event_line import event_result, event_told
from ...families.registry import Families

MOST = 2_000
"""Of how many events it is remembered what they say."""


@dataclass(frozen=True, slots=True)
class EventWords:
    """What an event ``says`` in a few words, and its ``result``."""

    says: str
    result: str


class RememberedWords:
    """What events say; any thread may ask."""

    def __init__(self, families: Families) -> None:
        self._families = families
        self._known: OrderedDict[tuple[int, str | None], EventWords] = OrderedDict()

    def of(self, event: HistoryEvent) -> EventWords:
        """Return what an event says; its content is read the first time only.

        An event never changes. After a reset its place may have another one, with another id.
        """
        key = event.seq, event.event_id
        found = self._known.get(key)
        if found is None:
            found = self._known[key] = self._read(event)
            while len(self._known) > MOST:
                self._known.popitem(last=False)
        return found

    def _read(self, event: HistoryEvent) -> EventWords:
        code, content = event.code or "", _content(event)
        line = event_told(self._families, code, content)
        return EventWords(line, event_result(self._families, code, content))


def _content(event: HistoryEvent) -> Any:
    """Return the content of an event as its family knows it: of a CloudEvent, its data."""
    content = event.content
    if event.member == "cloud_event" and isinstance(content, dict):
        return content.get("data")
    return content
