"""Ask whether an event is known, work, then insert it, without a unique index (items 40, 48)."""

from __future__ import annotations

import time

from .common.envelopes import Event
from .common.flow_runs import Run
from .common.store import Store
from .common.webhook import Webhook
from .flask_base import serve


class NoIndex(Store):
    """Two requests with the same event both find that it is new."""

    index = ""

    def process(self, event: Event, runs: list[Run]) -> None:
        """Process an event unless it is known; another thread may do so in the meantime."""
        with self.connection() as db:
            if db.execute("SELECT 1 FROM seen WHERE event_id = ?", (event.id,)).fetchone():
                return
        time.sleep(0.02)  # stands for the request that asks for the name of the dataflow
        with self.transaction() as db:
            db.execute("DELETE FROM waiting WHERE event_id = ?", (event.id,))
            db.execute("INSERT INTO seen VALUES (?)", (event.id,))
            self.apply(db, event.id, runs)


class Racing(Webhook):
    """A correct webhook but for its store."""

    store_class = NoIndex


if __name__ == "__main__":
    serve(Racing)
