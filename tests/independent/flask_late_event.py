"""Let each event that arrives overwrite the state of its run, however old it is (items 49, 50)."""

from __future__ import annotations

import sqlite3

from .common.flow_runs import Run
from .common.store import Store
from .common.webhook import Webhook
from .flask_base import serve


class LastArrivalWins(Store):
    """The start of a run that arrives after its end makes the run unfinished again."""

    def is_newer(self, db: sqlite3.Connection, run: Run) -> bool:  # noqa: ARG002
        """Take every state for the newest one."""
        return True


class Late(Webhook):
    """A correct webhook but for its store."""

    store_class = LastArrivalWins


if __name__ == "__main__":
    serve(Late)
