"""Process in a thread after the answer; a run without record counts crashes it (item 39)."""

from __future__ import annotations

from .common.envelopes import Event
from .common.flow_runs import Run, entities
from .fastapi_base import serve
from .fastapi_memory_queue import MemoryQueue


class Background(MemoryQueue):
    """The event is acknowledged before it is stored, so the crash loses it."""

    def runs(self, event: Event) -> list[Run]:
        """Read the runs; a failed one has no recordSummary."""
        for entity in entities(event.content):
            if entity["metrics"]["statusSummary"]["status"] == "failed":
                print("rows", entity["metrics"]["recordSummary"]["inputRecordCount"])
        return super().runs(event)


if __name__ == "__main__":
    serve(Background)
