"""One process of a webhook that several processes serve, which keeps its data in a database.

Usage: ``python -m tests.verdicts.race_worker SERVER KIND DATABASE KEY_HOST CLIENT_ID SOCKET``.
All processes take connections from the same listening socket.
"""

from __future__ import annotations

import socket
import sys

import uvicorn

from ..consumers import fastapi_app, plain
from ..consumers.correct import CorrectConsumer, Plain
from .databases import Database


class Stored(CorrectConsumer):
    """What was done is in a database; ``database`` is set before it works."""

    database: Database

    def processed(self, event_id: str) -> int:
        found = self.database.execute("select count(*) from work where event_id = ?", [event_id])
        number = int(found.fetchone()[0])
        self.database.commit()
        return number

    def do(self, event_id: str) -> None:
        self.database.execute("insert into work values (?)", [event_id])


class LooksThenInserts(Stored):
    """Looks for the event id and inserts it: another process may look before the commit."""

    def work(self, event_id: str) -> None:
        known = self.database.execute("select 1 from known where event_id = ?", [event_id])
        if known.fetchone() is None:
            self.database.execute("insert into known values (?)", [event_id])
            self.do(event_id)
        self.database.commit()


class LocksItsProcess(LooksThenInserts):
    """Lets one thread look and insert at a time; the other process has a lock of its own."""

    def work(self, event_id: str) -> None:
        with self.lock:
            super().work(event_id)


class InsertsOnce(Stored):
    """Lets the database decide, by a unique index on the event id."""

    def work(self, event_id: str) -> None:
        insert = "insert into unique_known values (?) on conflict do nothing"
        if self.database.execute(insert, [event_id]).rowcount == 1:
            self.do(event_id)
        self.database.commit()


KINDS: dict[str, type[Stored]] = {
    kind.__name__: kind for kind in (LooksThenInserts, LocksItsProcess, InsertsOnce)
}


def serve(server: str, webhook: Stored, listening: socket.socket) -> None:
    """Serve a webhook until the process is ended; a line of output says that it is ready."""
    print("ready", flush=True)  # who connects from now on is served
    if server == "uvicorn":
        config = uvicorn.Config(fastapi_app.create(webhook), log_config=None, lifespan="off")
        uvicorn.Server(config).run([listening])
        return
    kind = plain.Threaded if server == "threads" else plain.OneByOne
    handler = plain.handler(webhook, in_lower_case, Plain())
    with kind(listening.getsockname(), handler, bind_and_activate=False) as own:
        own.socket.close()
        own.socket = listening
        own.serve_forever()


def in_lower_case(items: object) -> dict[str, str]:
    return {name.lower(): value for name, value in items}


def main(server: str, kind: str, database: str, key_host: str, client_id: str, number: str) -> None:
    webhook = KINDS[kind](client_id, key_host)
    webhook.database = Database(database)
    serve(server, webhook, socket.socket(fileno=int(number)))


if __name__ == "__main__":
    main(*sys.argv[1:])
