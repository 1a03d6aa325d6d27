"""Keep acknowledged events in memory until they are processed (item 39)."""

from __future__ import annotations

import queue
import threading
import time

from .common.envelopes import Event
from .common.webhook import Webhook
from .fastapi_base import serve


class MemoryQueue(Webhook):
    """What waits at the moment of a restart is lost."""

    def __init__(self) -> None:
        super().__init__()
        self.waiting: queue.Queue[tuple[float, Event]] = queue.Queue()
        threading.Thread(target=self.process_what_waits, daemon=True).start()

    def take(self, events: list[Event]) -> None:
        """Answer first, and process later."""
        self.work()
        due = time.monotonic() + self.queue
        for event in events:
            self.waiting.put((due, event))

    def process_what_waits(self) -> None:
        """Process each event at its time, for ever."""
        while True:
            due, event = self.waiting.get()
            time.sleep(max(0, due - time.monotonic()))
            self.process(event)


if __name__ == "__main__":
    serve(MemoryQueue)
