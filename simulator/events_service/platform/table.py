"""The flow runs of published notifications: the targets of their links."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterable, Iterator
from typing import Any

from ...families.flow_run.entities import batch_of
from ..database.database import Database

Json = dict[str, Any]

_AT_ONCE = 200


class FlowRuns:
    """Run entities by run id, flow id and batch id; of each run the latest is kept."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def add(self, connection: sqlite3.Connection, runs: Iterable[tuple[Json, int]]) -> None:
        """Write run entities, each with the number of its event."""
        connection.executemany(
            "INSERT INTO flow_run VALUES (?, ?, ?, ?, ?) ON CONFLICT DO UPDATE SET "
            "batch_id = coalesce(excluded.batch_id, batch_id), seq = excluded.seq, "
            "document = excluded.document",
            [
                (run["id"], str(run["flowId"]), batch_of(run), seq, json.dumps(run))
                for run, seq in runs
            ],
        )

    def find(self, run_id: str) -> Json | None:
        return self._one("run_id = ?", run_id)

    def of_batch(self, batch_id: str) -> Json | None:
        return self._one("batch_id = ?", batch_id)

    def latest_of_flow(self, flow_id: str) -> Json | None:
        return self._one("flow_id = ? ORDER BY seq DESC LIMIT 1", flow_id)

    def newest_first(self, flow_id: str | None = None) -> Iterator[Json]:
        """Yield all runs, or those of a flow; the one with the latest event comes first."""
        before = 2**62
        while True:
            rows = self._database.rows(
                "SELECT seq, document FROM flow_run WHERE (? IS NULL OR flow_id = ?) "
                "AND seq < ? ORDER BY seq DESC LIMIT ?",
                *(flow_id, flow_id, before, _AT_ONCE),
            )
            yield from (json.loads(row[1]) for row in rows)
            if len(rows) < _AT_ONCE:
                return
            before = rows[-1][0]

    def _one(self, where: str, *values: object) -> Json | None:
        row = self._database.row(f"SELECT document FROM flow_run WHERE {where}", *values)
        return None if row is None else dict(json.loads(row[0]))
