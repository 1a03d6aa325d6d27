"""Keep acknowledged events in memory until they are processed (item 39)."""

from __future__ import annotations

import time
from concurrent.futures import ThreadPoolExecutor

from .common.envelopes import Event
from .common.webhook import Webhook
from .fastapi_base import serve


class MemoryQueue(Webhook):
    """What waits at the moment of a restart is lost."""

    worker = ThreadPoolExecutor(1)

    def take(self, events: list[Event]) -> None:
        """Answer first, and process later."""
        self.work()
        due = time.monotonic() + self.queue
        for event in events:
            self.worker.submit(self.process_at, due, event)

    def process_at(self, due: float, event: Event) -> None:
        """Process an event at its time."""
        time.sleep(max(0, due - time.monotonic()))
        self.process(event)


if __name__ == "__main__":
    serve(MemoryQueue)
