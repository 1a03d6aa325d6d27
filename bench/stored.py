"""What reading costs in a service that holds many events.

``python -m bench.stored N`` prints milliseconds of a journal page, of the traces and of the
status, and the process's memory in MB.
"""

from __future__ import annotations

import os
import sqlite3
import statistics
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

import requests

from flowsim.core.instant import to_ms
from flowsim.events_service.local_service import LocalService, LocalServiceOptions, run
from flowsim.events_service.opening import FILE

from .serving import CODE, PROVIDER, furnish

READS = 200
CONTENT = '{"specversion":"1.0","type":"bench_event","data":{"text":"' + "x" * 500 + '"}}'


def fill(path: Path, number: int, now_ms: int) -> None:
    """Write so many events of the last days into the journal of registration 1."""
    connection = sqlite3.connect(path)
    first_ms = now_ms - 6 * 86_400_000
    step = 6 * 86_400_000 / number
    rows = (
        (n, f"{n:08x}-0000-4000-8000-{n:012x}", PROVIDER, CODE, first_ms + int(n * step))
        for n in range(1, number + 1)
    )
    connection.executemany(
        "INSERT INTO event VALUES (?, ?, ?, ?, ?, 'cloud_event', ?, NULL)",
        ((*row, CONTENT) for row in rows),
    )
    connection.execute("INSERT INTO entry SELECT 1, seq FROM event")
    connection.commit()
    connection.close()


def milliseconds(read: Callable[[], object]) -> float:
    """Return the median time of a read."""
    taken = []
    for _ in range(READS):
        started = time.perf_counter()
        read()
        taken.append((time.perf_counter() - started) * 1000)
    return statistics.median(taken)


def memory() -> float:
    """Return the megabytes that this process holds now."""
    pages = int(Path("/proc/self/statm").read_text(encoding="ascii").split()[1])
    return pages * os.sysconf("SC_PAGE_SIZE") / 2**20


def reads(local: LocalService) -> list[float]:
    own = local.service.installation
    [registration] = local.service.registrations.all()
    place = f"{local.url}/events/organizations/{own.org}/integrations/{own.credential_id}"
    with requests.Session() as session:
        session.trust_env = False
        journal = f"{place}/{registration.registration_id}?limit=20"
        middle = session.get(f"{journal}&seek=-P3D").json()["_page"]["last"]
        addresses = (
            f"{journal}&since={middle}",
            f"{place}/tracing/{registration.registration_id}",
            f"{local.url}/_flowsim/status",
        )
        return [
            milliseconds(lambda address=address: session.get(address).raise_for_status())
            for address in addresses
        ]


def main(number: int) -> None:
    with tempfile.TemporaryDirectory(prefix="flowsim-bench-") as folder:
        options = LocalServiceOptions(data=Path(folder))
        with run(options) as local:
            furnish(local, [f"{local.url}/hook"])
            now_ms = to_ms(local.clock.now())
        fill(Path(folder) / FILE, number, now_ms)
        with run(options) as local:
            print(*reads(local), memory())


if __name__ == "__main__":
    main(int(sys.argv[1]))
