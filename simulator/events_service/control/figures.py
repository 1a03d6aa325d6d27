"""Counts and lists for those who look on: over several tables, never written here."""

from __future__ import annotations

from datetime import datetime

from ...core.instant import from_ms, to_ms
from ..database.database import Database
from ..deliveries.table import StoredAttempt

_MINUTE_MS = 60_000


class Figures:
    """What the service has done and has to do, registration by registration."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def pending(self) -> dict[int, tuple[int, datetime]]:
        """Return for each registration with deliveries under way how many, and the first due."""
        rows = self._database.rows(
            "SELECT registration, count(*), min(due_ms) FROM delivery GROUP BY registration"
        )
        return {key: (count, from_ms(due_ms)) for key, count, due_ms in rows}

    def attempts_since(self, moment: datetime) -> dict[int, tuple[int, int]]:
        """Return for each registration how many attempts succeeded and failed."""
        rows = self._database.rows(
            "SELECT registration, sum(succeeded), sum(failed) FROM tally WHERE minute > ? "
            "GROUP BY registration",
            to_ms(moment) // _MINUTE_MS,
        )
        return {key: (succeeded, failed) for key, succeeded, failed in rows}

    def attempts(
        self, limit: int, event_id: str | None, registration_id: str | None
    ) -> list[tuple[str, StoredAttempt]]:
        """Return the latest attempts with the ids of their registrations, the newest first.

        A filter that is none lets all pass.
        """
        conditions, values = ["1"], list[str]()
        for column, value in (("event_id", event_id), ("registration_id", registration_id)):
            if value is not None:
                conditions.append(f"{column} = ?")
                values.append(value)
        rows = self._database.rows(
            "SELECT registration_id, key, event_id, delivery_id, attempt, at_ms, status_code, "
            "elapsed_ms, outcome, cause "
            "FROM attempt JOIN registration ON key = attempt.registration "
            f"WHERE {' AND '.join(conditions)} ORDER BY number DESC LIMIT ?",
            *(*values, limit),
        )
        return [
            (id_, StoredAttempt(key, event, delivery, attempt, from_ms(at_ms), *rest))
            for id_, key, event, delivery, attempt, at_ms, *rest in rows
        ]
