"""What is too old goes: events after 7 days, traces and attempts too (5.4, 9.3)."""

from __future__ import annotations

from datetime import datetime, timedelta

from ...core.instant import to_ms
from ..database.database import Database
from ..publishing.table import Events
from ..tracing.table import Traces
from .attempts_table import Attempts

KEPT = timedelta(days=7)
"""How long events, traces and attempts are kept."""

_COUNTED = timedelta(hours=25)
"""How long attempts are kept as counts: a day, and some for those that are still under way."""

_INTERVAL = timedelta(minutes=10)
_AT_ONCE = 500
"""How many rows of a kind go in one transaction, so that nobody waits for long."""


class Retention:
    """A timer that forgets, a little at a time."""

    follows_attempts = False

    def __init__(self, database: Database, now: datetime) -> None:
        self._database = database
        self._events = Events(database)
        self._attempts = Attempts(database)
        self._traces = Traces(database)
        self.due: datetime | None = now

    def run(self, now: datetime) -> None:
        """Forget some of what is too old; be due again at once if there is more."""
        with self._database.transaction() as connection:
            gone = self._events.delete_before(connection, now - KEPT, _AT_ONCE)
            gone = max(gone, self._attempts.delete_before(connection, now - KEPT, _AT_ONCE))
            self._traces.delete_before(connection, now - KEPT)
            self._attempts.delete_tallies(connection, to_ms(now - _COUNTED) // 60_000)
        self.due = now if gone == _AT_ONCE else now + _INTERVAL
