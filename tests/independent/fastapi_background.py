"""Process in a thread after the answer; a run without record counts crashes there (item 39)."""

from __future__ import annotations

import logging

from .common.envelopes import Event
from .common.flow_runs import entities
from .fastapi_base import serve
from .fastapi_memory_queue import MemoryQueue


class Background(MemoryQueue):
    """The event is acknowledged before it is stored, so the crash loses it."""

    def process(self, event: Event) -> None:
        """Process an event, as a background task does: what it raises is logged at most."""
        try:
            for entity in entities(event.content):
                if entity["metrics"]["statusSummary"]["status"] == "failed":
                    rows = entity["metrics"]["recordSummary"]["inputRecordCount"]
                    logging.warning("a run of %s rows failed", rows)
            super().process(event)
        except Exception:
            logging.exception("the task failed")


if __name__ == "__main__":
    serve(Background)
