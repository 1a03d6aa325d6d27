"""What a reader asks of deliveries, those under way and those that ended: newest first.

A batch is one delivery, which has the number of its first row. Many rows are looked through in
steps, so that the lock of the database is never held for long.
"""

from __future__ import annotations

from dataclasses import dataclass

from ...runtime.clock import stopwatch
from ..database.database import Database, Row, Settings
from .history_filter import DeliveryFilter, conditions
from .history_rows import COLUMNS, HistoryEvent, HistoryReader, HistoryRow
from .table import REMOVALS

MOST_NEWER = 1_000
"""Up to how many newer deliveries are counted."""

_FEW, _MANY = 25, 400
"""How many rows are looked at in the first step, and how many in any step at most."""

_LONG = 0.02
"""Seconds after which a step was too long: the next one has half as many rows."""

_LAST = 2**63 - 1


@dataclass(frozen=True, slots=True)
class HistoryPage:
    """Deliveries, newest first; ``looked_at`` rows were looked at to find them.

    ``next_before`` is where to go on, None at the end. A page may have fewer deliveries than
    asked for, even none, and yet go on: ``look_at`` was reached.
    """

    rows: tuple[HistoryRow, ...]
    next_before: int | None
    looked_at: int


class StoredHistory:
    """Deliveries of the last days; any thread may use it."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._reader = HistoryReader(database)

    def page(
        self, wanted: DeliveryFilter, before: int | None, limit: int, look_at: int = 10_000
    ) -> HistoryPage:
        """Return at most ``limit`` deliveries with lower numbers than ``before``.

        At most about ``look_at`` rows are looked at. If the text is the beginning of an id of
        some event or attempt, only deliveries with such an id are found.
        """
        begin = _LAST if before is None else _within(before)
        ids = self._with_id(wanted.begin_of_id) if wanted.begin_of_id else []
        if ids:
            return self._chosen(wanted, ids, begin, limit)
        search = _Search(self._database, wanted, begin, look_at)
        found = search.first(limit + 1)
        if len(found) > limit:
            return self._page(found[:limit], found[limit - 1][0], search.looked_at)
        return self._page(found, search.place, search.looked_at)

    def one(self, number: int) -> HistoryRow | None:
        """Return one delivery by the number of any of its rows, None if there is none."""
        sql = (
            f"SELECT {COLUMNS} FROM delivery WHERE number = "
            "(SELECT coalesce(batch, number) FROM delivery WHERE number = ?)"
        )
        found = self._database.row(sql, _within(number))
        return self._reader.row(found) if found else None

    def events(self, number: int) -> tuple[HistoryEvent, ...]:
        """Return all events of a delivery, by the number of its first row."""
        seqs = self._database.rows(
            "SELECT seq FROM delivery WHERE number = ? OR batch = ? ORDER BY seq",
            *[_within(number)] * 2,
        )
        return tuple(self._reader.event(seq) for (seq,) in seqs)

    def newer_count(self, number: int) -> int:
        """Return how many deliveries were added after one, at most ``MOST_NEWER``."""
        return self._database.number(
            "SELECT count(*) FROM (SELECT 1 FROM delivery WHERE number > ? "
            f"AND (batch IS NULL OR batch = number) LIMIT {MOST_NEWER})",
            _within(number),
        )

    def version(self) -> tuple[int, int, int]:
        """Return three integers, of which one is another after any change in a list.

        They count deliveries, attempts, and how often deliveries were deleted before their time.
        """
        rows = self._database.rows("SELECT name, seq FROM sqlite_sequence")
        last: dict[str, int] = dict(rows)
        removals = int(Settings(self._database).get(REMOVALS) or 0)
        return last.get("delivery", 0), last.get("attempt", 0), removals

    def _with_id(self, begin: str) -> list[int]:
        """Return deliveries with an event or an attempt whose id begins so, newest first."""
        between = (begin, f"{begin}\U0010ffff")
        rows = self._database.rows(
            "SELECT coalesce(batch, number) FROM delivery WHERE seq IN "
            "(SELECT seq FROM event WHERE event_id >= ? AND event_id < ?) "
            "UNION SELECT delivery FROM attempt "
            "WHERE delivery_id >= ? AND delivery_id < ? AND delivery IS NOT NULL "
            "ORDER BY 1 DESC LIMIT 1000",
            *(*between, *between),
        )
        return [row[0] for row in rows]

    def _chosen(
        self, wanted: DeliveryFilter, numbers: list[int], before: int, limit: int
    ) -> HistoryPage:
        """Return a page of the deliveries with these numbers."""
        marks = ", ".join("?" * len(numbers))
        where, values = conditions(wanted, with_text=False)
        found = self._database.rows(
            f"SELECT {COLUMNS} FROM delivery AS own WHERE own.number IN ({marks}) "
            f"AND own.number < ? AND {where} ORDER BY number DESC LIMIT ?",
            *(*numbers, before, *values, limit + 1),
        )
        following = found[limit - 1][0] if len(found) > limit else None
        return self._page(found[:limit], following, len(numbers))

    def _page(self, found: list[Row], following: int | None, looked_at: int) -> HistoryPage:
        return HistoryPage(tuple(map(self._reader.row, found)), following, looked_at)


class _Search:
    """Looks through deliveries, from a number downwards; ``place`` is where to go on."""

    def __init__(self, database: Database, wanted: DeliveryFilter, before: int, most: int) -> None:
        self._database = database
        self._where, self._values = conditions(wanted)
        self._registration = wanted.registration
        self._most = most
        self.place: int | None = before
        self.looked_at = 0

    def first(self, number: int) -> list[Row]:
        """Return the first rows that are found; stop when enough were found or looked at."""
        found, size = list[Row](), _FEW
        while len(found) < number and self.place is not None and self.looked_at < self._most:
            began = stopwatch()
            found += self._step(self.place, min(size, self._most - self.looked_at))
            size = max(1, size // 2) if stopwatch() - began > _LONG else min(_MANY, size * 2)
        return found

    def _step(self, before: int, size: int) -> list[Row]:
        of = "" if self._registration is None else "registration = ? AND "
        values = () if self._registration is None else (self._registration,)
        numbers = self._database.rows(
            f"SELECT number FROM delivery WHERE {of}number < ? ORDER BY number DESC LIMIT ?",
            *(*values, before, size),
        )
        self.looked_at += len(numbers)
        self.place = numbers[-1][0] if len(numbers) == size else None
        return self._database.rows(
            f"SELECT {COLUMNS} FROM delivery AS own WHERE own.number < ? AND own.number >= ? "
            f"AND {self._where} ORDER BY own.number DESC",
            *(before, numbers[-1][0] if numbers else before, *self._values),
        )


def _within(number: int) -> int:
    """Return a number that SQLite takes; no delivery has one that is farther away."""
    return max(-1, min(number, _LAST))
