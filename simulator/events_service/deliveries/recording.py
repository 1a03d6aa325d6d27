"""Writes down what attempts came to: many at once, and nothing twice."""

from __future__ import annotations

import sqlite3
from dataclasses import replace
from datetime import datetime, timedelta

from ...core.delivery import Wait
from ...core.trace import Trace
from ...errors import StoreError
from ...runtime.clock import Present
from ..database.database import Database
from ..database.settings import Settings
from ..publishing.directory import Directory
from ..registrations.status import Statuses
from ..tracing.debug_trace import of_attempt
from ..tracing.table import KEPT, Traces
from .agenda import StoreAgenda, StoredPending
from .attempts_table import Attempts, StoredAttempt
from .table import Deliveries, StoredDelivery

Ended = tuple[StoredPending, Trace]


class Recorder:
    """Keeps what ended until ``settle`` writes it, all of it or nothing."""

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
        self._ended: list[Ended] = []
        self._abandoned: list[StoredPending] = []
        self.agenda: StoreAgenda

    def record(self, trace: Trace) -> None:
        """Take in an attempt that ended."""
        pending = self.agenda.under_way[trace.attempt.delivery.number]
        self._ended.append((pending, trace))

    def abandon(self, pending: StoredPending) -> None:
        """Take in a delivery that cannot be made: its webhook or its event is gone."""
        self._abandoned.append(pending)

    def settle(self) -> None:
        """Write everything down; raises ``StoreError`` with all of it still to be written."""
        self._leave_out_forgotten()
        ended, abandoned = self._ended, self._abandoned
        if not ended and not abandoned:
            self._keep_clock()
            return
        over = [*abandoned, *(pending for pending, trace in ended if not _waits(trace))]
        again = [_rows_again(*each) if _waits(each[1]) else [] for each in ended]
        try:
            with self._database.transaction() as connection:
                self._deliveries.delete(
                    connection, [row.number for each in over for row in each.rows]
                )
                self._deliveries.put_back(connection, [row for rows in again for row in rows])
                self._write(connection, ended)
        except StoreError:
            self._statuses.forget()
            raise
        self._ended, self._abandoned = [], []
        self._statuses.note_changes()
        for pending in abandoned:
            self.agenda.give_up(pending)
        for (pending, trace), rows in zip(ended, again, strict=True):
            self._go_on(pending, trace, rows)

    def _leave_out_forgotten(self) -> None:
        """Abandon what ended of registrations that a reset has forgotten meanwhile."""
        find = self._directory.registration
        forgotten = [each for each, _ in self._ended if find(each.registration) is None]
        if forgotten:
            self._abandoned += forgotten
            self._ended = [each for each in self._ended if find(each[0].registration) is not None]

    def _write(self, connection: sqlite3.Connection, ended: list[Ended]) -> None:
        self._attempts.add(connection, [_attempt(*each) for each in ended])
        for pending, trace in _last_of_each_kind(ended):
            self._add_trace(connection, pending, trace)
        self._count(connection, ended)
        self._settings.put_clock(connection, self._clock.now())

    def _keep_clock(self) -> None:
        """Write what the clock shows, where it has moved on without an attempt."""
        now = self._clock.now()
        if now - self._clock_written >= timedelta(seconds=1):
            with self._database.transaction() as connection:
                self._settings.put_clock(connection, now)
            self._clock_written = now

    def _go_on(self, pending: StoredPending, trace: Trace, rows: list[StoredDelivery]) -> None:
        if rows:
            pending.rows, pending.number = rows, trace.attempt.number + 1
            self.agenda.put_back(pending)
        else:
            self.agenda.give_up(pending)

    def _add_trace(
        self, connection: sqlite3.Connection, pending: StoredPending, trace: Trace
    ) -> None:
        registration = self._directory.registration(pending.registration)
        if registration is not None:
            document = of_attempt(trace, registration.client_id, registration.registration_id)
            self._traces.add(
                connection, registration.key, _succeeded(trace), trace.sent_at, document
            )

    def _count(self, connection: sqlite3.Connection, ended: list[Ended]) -> None:
        """Count successes and failures of each registration, together where times are the same."""
        sums: dict[tuple[int, datetime], list[int]] = {}
        for pending, trace in ended:
            counts = sums.setdefault((pending.registration, trace.sent_at), [0, 0])
            counts[0 if _succeeded(trace) else 1] += 1
        for (key, at), (succeeded, failed) in sorted(sums.items(), key=lambda each: each[0][1]):
            self._statuses.count(connection, key, at, succeeded, failed)


def _waits(trace: Trace) -> bool:
    return isinstance(trace.decision, Wait)


def _succeeded(trace: Trace) -> bool:
    return trace.ending == "delivered"


def _rows_again(pending: StoredPending, trace: Trace) -> list[StoredDelivery]:
    """Return the rows of a delivery that is tried again; those of a batch stay together."""
    batch = pending.order if len(pending.rows) > 1 else None
    number = trace.attempt.number + 1
    return [
        replace(row, due=pending.due, attempt=number, begun=pending.begun, batch=batch)
        for row in pending.rows
    ]


def _attempt(pending: StoredPending, trace: Trace) -> StoredAttempt:
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
    )


def _last_of_each_kind(ended: list[Ended]) -> list[Ended]:
    """Return those whose traces are kept: the last ones of a registration, of each kind."""
    counted: dict[tuple[int, bool], int] = {}
    kept = []
    for each in reversed(ended):
        kind = each[0].registration, _succeeded(each[1])
        counted[kind] = counted.get(kind, 0) + 1
        if counted[kind] <= KEPT:
            kept.append(each)
    return kept[::-1]
