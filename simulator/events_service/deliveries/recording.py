"""Writes the results of attempts, many in one transaction, and deletes old data."""

from __future__ import annotations

import sqlite3
from dataclasses import replace
from datetime import datetime, timedelta

from ...core.delivery import Wait
from ...core.instant import to_ms
from ...core.trace import Trace
from ...errors import StoreError
from ...runtime.clock import Present, present
from ..database.database import Database, Settings
from ..publishing.directory import Directory
from ..publishing.table import Events
from ..registrations.kept_notes import KeptNotes
from ..registrations.status import Statuses
from ..tracing.debug_trace import KEPT, Traces, of_attempt
from .loading import StoredPending
from .table import REMOVALS, Attempts, Deliveries, StoredAttempt, StoredDelivery

RETENTION = timedelta(days=7)
"""How long events, deliveries that ended, traces and attempts are kept (5.4, 9.3)."""

_COUNTED = timedelta(hours=25)
"""How long the counts of attempts are kept: a day, and an hour for attempts under way."""

_INTERVAL = timedelta(minutes=10)
_AT_ONCE = 500
"""How many rows of a kind are deleted in one transaction, so that no other waits for long."""

Traced = tuple[StoredPending, Trace]
Following = tuple[StoredPending, list[StoredDelivery]]
"""A delivery whose attempt ended, and the rows of its next attempt: none if it is over."""


class Recorder:
    """Keeps attempts that ended until ``settle`` writes them, all or none of them."""

    def __init__(
        self, database: Database, directory: Directory, statuses: Statuses, clock: Present
    ) -> None:
        self._database = database
        self._directory = directory
        self._statuses = statuses
        self._clock = clock
        self._settings = Settings(database)
        self._clock_written = clock.now()
        self._attempts = Attempts(database)
        self._deliveries = Deliveries(database)
        self._traces = Traces(database)
        self._ended: list[tuple[StoredPending, Trace | None]] = []

    def record(self, pending: StoredPending, trace: Trace | None) -> None:
        """Collect an attempt that ended; it gets no trace if its webhook or event is deleted."""
        self._ended.append((pending, trace))

    def settle(self) -> list[Following]:
        """Write everything, and return what follows.

        Raises ``StoreError`` with all of it still to be written.
        """
        if not self._ended:
            self._keep_clock()
            return []
        traced, abandoned = list[Traced](), list[StoredPending]()
        for pending, trace in self._ended:
            if trace is None or self._directory.registration(pending.registration) is None:
                abandoned.append(pending)  # a reset may have deleted the registration
            else:
                traced.append((pending, trace))
        following = [(pending, _rows_again(pending, trace)) for pending, trace in traced]
        try:
            with self._database.transaction() as connection:
                self._write(connection, traced, following)
                self._abandon(connection, abandoned)
        except StoreError:
            self._statuses.forget()
            raise
        self._ended = []
        self._statuses.note_changes()
        return following + [(pending, []) for pending in abandoned]

    def _write(
        self, connection: sqlite3.Connection, traced: list[Traced], following: list[Following]
    ) -> None:
        wall = present()
        self._deliveries.end(connection, [row for each in traced for row in _rows_over(*each)])
        self._deliveries.put_back(connection, [row for _, again in following for row in again])
        self._attempts.add(connection, [_attempt(*each, wall) for each in traced])
        for pending, trace in _last_of_each_kind(traced):
            self._add_trace(connection, pending, trace)
        self._count(connection, traced)
        self._settings.put_clock(connection, self._clock.now())

    def _abandon(self, connection: sqlite3.Connection, abandoned: list[StoredPending]) -> None:
        """Delete deliveries that nothing was sent of."""
        if abandoned:
            numbers = (row.number for pending in abandoned for row in pending.rows)
            self._deliveries.delete(connection, numbers)
            self._settings.count_up(connection, REMOVALS)

    def _keep_clock(self) -> None:
        """Write what the clock shows, where it has moved on without an attempt."""
        now = self._clock.now()
        if now - self._clock_written >= timedelta(seconds=1):
            with self._database.transaction() as connection:
                self._settings.put_clock(connection, now)
            self._clock_written = now

    def _add_trace(
        self, connection: sqlite3.Connection, pending: StoredPending, trace: Trace
    ) -> None:
        registration = self._directory.registration(pending.registration)
        if registration is not None:
            document = of_attempt(trace, registration.client_id, registration.registration_id)
            self._traces.add(
                connection, registration.key, _succeeded(trace), trace.sent_at, document
            )

    def _count(self, connection: sqlite3.Connection, traced: list[Traced]) -> None:
        """Count successes and failures of each registration at each moment."""
        sums: dict[tuple[int, datetime], list[int]] = {}
        for pending, trace in traced:
            counts = sums.setdefault((pending.registration, trace.sent_at), [0, 0])
            counts[0 if _succeeded(trace) else 1] += 1
        for (key, at), (succeeded, failed) in sorted(sums.items(), key=lambda each: each[0][1]):
            self._statuses.count(connection, key, at, succeeded, failed)


def _succeeded(trace: Trace) -> bool:
    return trace.ending == "delivered"


def _rows_again(pending: StoredPending, trace: Trace) -> list[StoredDelivery]:
    """Return the rows of the next attempt, if there is one; a batch stays together."""
    if not isinstance(trace.decision, Wait):
        return []
    batch, number = pending.batch, trace.attempt.number + 1
    return [
        replace(row, due=pending.due, attempt=number, begun=pending.begun, batch=batch)
        for row in pending.rows
    ]


def _rows_over(pending: StoredPending, trace: Trace) -> list[tuple[str, int | None, int]]:
    """Return how rows ended, if there is no other attempt: ending, batch and number of each."""
    if isinstance(trace.decision, Wait):
        return []
    return [(trace.ending, pending.batch, row.number) for row in pending.rows]


def _attempt(pending: StoredPending, trace: Trace, wall: datetime) -> StoredAttempt:
    return StoredAttempt(
        pending.registration,
        trace.attempt.delivery.signed.payload.events[0].id,
        trace.attempt.delivery_id,
        trace.attempt.number,
        trace.sent_at,
        trace.outcome.status_code,
        round(trace.outcome.elapsed * 1000, 3),
        trace.ending,
        trace.cause,
        pending.order,
        wall,
    )


def _last_of_each_kind(traced: list[Traced]) -> list[Traced]:
    """Return the attempts with traces to keep: for each registration the last of each kind."""
    counted: dict[tuple[int, bool], int] = {}
    kept = []
    for each in reversed(traced):
        kind = each[0].registration, _succeeded(each[1])
        counted[kind] = counted.get(kind, 0) + 1
        if counted[kind] <= KEPT:
            kept.append(each)
    return kept[::-1]


class Retention:
    """A timer that deletes events, deliveries and traces that are too old, in small steps.

    Deliveries are looked through in the order in which they were added, which is that of their
    moments too.
    """

    follows_attempts = False

    def __init__(self, database: Database, now: datetime) -> None:
        self._database = database
        self._events = Events(database)
        self._attempts = Attempts(database)
        self._deliveries = Deliveries(database)
        self._traces = Traces(database)
        self._looked_at = 0
        self._notes = KeptNotes(database)
        self.due: datetime | None = now

    def run(self, now: datetime) -> None:
        """Delete some of the old rows, and set ``due`` to now if more are left."""
        oldest = now - RETENTION
        with self._database.transaction() as connection:
            gone = self._events.delete_before(connection, oldest, _AT_ONCE)
            gone = max(gone, self._attempts.delete_before(connection, oldest, _AT_ONCE))
            self._looked_at = self._deliveries.delete_ended(
                *(connection, oldest, self._looked_at, _AT_ONCE)
            )
            self._traces.delete_before(connection, oldest)
            self._notes.delete_before(connection, oldest)
            self._attempts.delete_tallies(connection, to_ms(now - _COUNTED) // 60_000)
        self.due = now if gone == _AT_ONCE or self._looked_at else now + _INTERVAL
