"""Keep acknowledged events in memory until they are processed (item 39)."""

from __future__ import annotations

import threading

from .common.envelopes import Event
from .common.webhook import Webhook
from .fastapi_base import serve


class MemoryQueue(Webhook):
    """What waits at the moment of a restart is lost."""

    def take(self, events: list[Event]) -> None:
        """Answer first, and process later."""
        self.work()
        for event in events:
            threading.Timer(self.queue, self.process, (event,)).start()


if __name__ == "__main__":
    serve(MemoryQueue)
