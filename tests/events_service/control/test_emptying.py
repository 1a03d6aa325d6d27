"""What a service that begins anew forgets."""

from __future__ import annotations

from contextlib import closing

from flowsim.events_service.control.emptying import empty
from flowsim.events_service.database.database import Database

KEPT = {"setting", "token", "provider", "event_metadata"}
"""Who uses the service; of providers only those that somebody made go."""


def test_every_table_is_emptied_or_kept_on_purpose() -> None:
    with closing(Database(None)) as database:
        names = "SELECT name FROM sqlite_schema WHERE type = 'table' AND name NOT LIKE 'sqlite_%'"
        tables = {row[0] for row in database.rows(names)}
        statements: list[str] = []
        with database.transaction() as connection:
            connection.set_trace_callback(statements.append)
            empty(connection)
            connection.set_trace_callback(None)
    emptied = {each.split(" ")[2] for each in statements if "WHERE" not in each}
    assert {name for name in emptied if name in tables} == tables - KEPT
