"""Races on real databases: how often a webhook that looks before it inserts is caught.

Two processes take connections from one socket, commit to an SQLite file or to PostgreSQL, and never
sleep. One webhook looks for the event id and inserts it afterwards; another has a unique index.
Each is checked ``times`` times with ``--thorough``. PostgreSQL is left out if it is not installed.

``python -m tests.verdicts.races [TIMES]`` prints each run, and exits with 1 after a wrong verdict.
"""

from __future__ import annotations

import contextlib
import re
import socket
import subprocess
import sys
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from itertools import cycle, islice
from pathlib import Path

from flowsim.checks.options import CheckOptions, over_http
from flowsim.checks.run import run as run_checks

from ..checks.consumers import CLIENT_ID, result
from ..free_ports import free_port
from .databases import Database, postgres, postgres_programs, sqlite
from .race_worker import InsertsOnce, LooksThenInserts, Stored

PROCESSES = 2
SERVERS = ("sync", "threads", "uvicorn")
"""How each process serves: one request at a time, in threads, or FastAPI on uvicorn."""

CHECK = "simultaneous-duplicates"
ROOT = Path(__file__).parents[2]

Open = Callable[[], contextlib.AbstractContextManager[Database]]


@dataclass(frozen=True)
class Race:
    """One thorough run: the verdict, how many rounds were sent, and in how many it was hit."""

    database: str
    webhook: str
    server: str
    rounds: int
    hits: int
    seconds: float
    state: str
    why: str

    @property
    def is_right(self) -> bool:
        """Whether the verdict fits the webhook."""
        expected = "failed" if self.webhook == LooksThenInserts.__name__ else "passed"
        return self.state == expected

    def __str__(self) -> str:
        where = f"{self.database:10} {self.webhook:16} {self.server:7}"
        found = f"{self.rounds} rounds, {self.hits:2} hits in {self.seconds:.1f} s"
        wrong = "" if self.is_right else f", which is WRONG: {self.why}"
        return f"{where} {found}: {self.state}{wrong}"


def databases() -> dict[str, Open]:
    """Return the databases that are there, by name."""
    found: dict[str, Open] = {"SQLite": sqlite}
    if (programs := postgres_programs()) is not None:
        found["PostgreSQL"] = partial(postgres, programs)
    return found


def run(times: int) -> list[Race]:
    """Check each webhook ``times`` times on each database; print and return the runs."""
    races: list[Race] = []
    for name, opened in databases().items():
        for kind in (LooksThenInserts, InsertsOnce):
            for server in SERVERS:
                number = list(islice(cycle(SERVERS), times)).count(server)
                races += _several(name, opened, kind, server, number)
    return races


def _several(
    name: str, opened: Open, kind: type[Stored], server: str, number: int
) -> Iterator[Race]:
    if not number:
        return
    with opened() as database:
        database.create_tables()
        with serving(server, kind, database) as (origin, keys_port):
            for _ in range(number):
                race = _race(name, kind, server, origin, keys_port)
                print(race, flush=True)
                yield race


@contextlib.contextmanager
def serving(server: str, kind: type[Stored], database: Database) -> Iterator[tuple[str, int]]:
    """Serve a webhook in two processes; yield its origin, and the port of its key host."""
    port = free_port()
    with socket.create_server(("127.0.0.1", 0), backlog=256) as listening:
        said = [server, kind.__name__, database.place, f"http://127.0.0.1:{port}", CLIENT_ID]
        command = [sys.executable, "-m", "tests.verdicts.race_worker", *said]
        number = listening.fileno()
        with contextlib.ExitStack() as stack:
            for _ in range(PROCESSES):
                process = stack.enter_context(
                    subprocess.Popen(
                        [*command, str(number)], pass_fds=[number], cwd=ROOT, stdout=subprocess.PIPE
                    )
                )
                stack.callback(process.kill)
                assert process.stdout is not None
                process.stdout.readline()
            yield f"http://127.0.0.1:{listening.getsockname()[1]}", port


def _race(name: str, kind: type[Stored], server: str, origin: str, keys_port: int) -> Race:
    url, processed = f"{origin}/hook", f"{origin}/processed/{{event_id}}"
    options = CheckOptions(
        *(url, CLIENT_ID),
        only=[CHECK],
        processed=processed,
        settle=0.1,  # it works before it answers
        keys_port=keys_port,
        thorough=True,
    )
    found = result(run_checks(options, over_http(url, timeout=10.0)), CHECK)
    verdict = found.verdict
    said = verdict.received or verdict.note
    numbers = re.match(r"(\d+) rounds?, (\d+) hits?", said)
    rounds, hits = map(int, numbers.groups()) if numbers else (0, 0)
    return Race(name, kind.__name__, server, rounds, hits, found.elapsed, verdict.state, said)


def main(arguments: Sequence[str]) -> int:
    races = run(int(arguments[0]) if arguments else 20)
    for name in databases():
        for kind in (LooksThenInserts, InsertsOnce):
            own = [each for each in races if (each.database, each.webhook) == (name, kind.__name__)]
            right = sum(each.is_right for each in own)
            said = "caught" if kind is LooksThenInserts else "passed"
            print(f"{name}: {kind.__name__} {said} in {right} of {len(own)} runs")
    return 0 if all(each.is_right for each in races) else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
