"""Remember the ids of processed events in the memory of the process (items 29, 48)."""

from __future__ import annotations

import threading

from .common.envelopes import Event
from .common.flow_runs import Run
from .common.store import Store
from .common.webhook import Webhook
from .django_base import serve


class Memory(Store):
    """After a restart, each duplicate is processed again."""

    lock = threading.Lock()
    ids: set[str] = set()  # noqa: RUF012

    def process(self, event: Event, runs: list[Run]) -> None:
        """Process an event that this process did not see."""
        with self.lock:
            if event.id not in self.ids:
                with self.transaction() as db:
                    self.apply(db, event.id, runs)
                self.ids.add(event.id)
        with self.transaction() as db:
            db.execute("DELETE FROM waiting WHERE event_id = ?", (event.id,))


class MemoryOfProcess(Webhook):
    """A correct webhook but for its store."""

    store_class = Memory


if __name__ == "__main__":
    serve(MemoryOfProcess)
