"""Process in a thread after the answer; a run without record counts crashes it (item 39)."""

from __future__ import annotations

import threading

from .common.envelopes import Event
from .common.flow_runs import Run, entities
from .common.webhook import Webhook
from .fastapi_base import serve


class Background(Webhook):
    """The event is acknowledged before it is stored, so the crash loses it."""

    def take(self, events: list[Event]) -> None:
        """Leave each event to a thread."""
        self.work()
        for event in events:
            threading.Timer(self.queue, self.process, (event,)).start()

    def runs(self, event: Event) -> list[Run]:
        """Read the runs; a failed one has no recordSummary."""
        for entity in entities(event.content):
            if entity["metrics"]["statusSummary"]["status"] == "failed":
                print("rows", entity["metrics"]["recordSummary"]["inputRecordCount"])
        return super().runs(event)


if __name__ == "__main__":
    serve(Background)
