"""Deliveries of the store, each with its first event and its attempts, as a reader gets them."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from ...core.instant import from_ms
from ..database.database import Database, Row

COLUMNS = (
    "number, registration, seq, due_ms, attempt, batch, redelivered, at_ms, wall_ms, faults, ending"
)


@dataclass(frozen=True, slots=True)
class HistoryEvent:
    """An event of a delivery; all but ``seq`` is None if the event was deleted.

    ``member`` is where an ``adobe_io`` envelope has the content: ``event``, ``messages`` or
    ``cloud_event``. ``text`` is the content as JSON.
    """

    seq: int
    event_id: str | None = None
    code: str | None = None
    member: str | None = None
    text: str | None = None

    @property
    def content(self) -> Any:
        """The content, parsed each time: that takes long for a large one."""
        return None if self.text is None else json.loads(self.text)


@dataclass(frozen=True, slots=True)
class HistoryAttempt:
    """One attempt that ended: ``number`` from 1, ``ending`` delivered, retry or dropped.

    ``at`` is the service's clock, ``wall`` the real time of the record, in UTC; it is None for
    attempts of older versions. ``cause`` says why there was no answer, or none that can be read.
    """

    number: int
    delivery_id: str
    status_code: int
    ending: str
    at: datetime
    wall: datetime | None
    elapsed_ms: float
    cause: str | None


@dataclass(frozen=True, slots=True)
class HistoryRow:
    """One delivery; ``event`` is its first one of ``batch_size``.

    ``registration`` is a key. ``at`` is when it was added on the service's clock, ``wall`` the
    real time then, if known. ``state`` is waiting, delivered or dropped. ``next_attempt`` is the
    number of the attempt that is due at ``due``; both are None if it has ended. ``faults`` are
    names and arguments of what acts on it. ``is_again`` marks what the user had delivered again.
    """

    number: int
    registration: int
    event: HistoryEvent
    batch_size: int
    at: datetime
    wall: datetime | None
    state: str
    attempts: tuple[HistoryAttempt, ...]
    next_attempt: int | None
    due: datetime | None
    faults: tuple[tuple[str, Any], ...]
    is_again: bool


class HistoryReader:
    """Reads what belongs to a delivery."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def row(self, found: Row) -> HistoryRow:
        """Return a delivery of which ``COLUMNS`` were read."""
        number, key, seq, due_ms, attempt, batch, is_again, at_ms, wall_ms, faults, ending = found
        count = "SELECT count(*) FROM delivery WHERE batch = ?"
        is_over = due_ms is None
        return HistoryRow(
            number=number,
            registration=key,
            event=self.event(seq),
            batch_size=1 if batch is None else self._database.number(count, batch),
            at=from_ms(at_ms),
            wall=_moment(wall_ms),
            state=(ending or "dropped") if is_over else "waiting",
            attempts=tuple(self._attempts(number)),
            next_attempt=None if is_over else attempt,
            due=_moment(due_ms),
            faults=tuple((each["name"], each["argument"]) for each in json.loads(faults or "[]")),
            is_again=bool(is_again),
        )

    def event(self, seq: int) -> HistoryEvent:
        """Return an event by its place."""
        row = self._database.row(
            "SELECT event_id, code, member, content FROM event WHERE seq = ?", seq
        )
        if row is None:
            return HistoryEvent(seq)
        event_id, code, member, content = row
        return HistoryEvent(seq, event_id, code, member, content)

    def _attempts(self, number: int) -> Iterator[HistoryAttempt]:
        rows = self._database.rows(
            "SELECT attempt, delivery_id, status_code, outcome, at_ms, wall_ms, elapsed_ms, cause "
            "FROM attempt WHERE delivery = ? ORDER BY number",
            number,
        )
        for own, delivery_id, status, ending, at_ms, wall_ms, elapsed_ms, cause in rows:
            moments = from_ms(at_ms), _moment(wall_ms)
            yield HistoryAttempt(own, delivery_id, status, ending, *moments, elapsed_ms, cause)


def _moment(ms: int | None) -> datetime | None:
    return None if ms is None else from_ms(ms)
