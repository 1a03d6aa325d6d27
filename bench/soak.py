"""``make soak``: what the service's memory does while events keep coming.

``python -m bench.soak [--minutes 10] [--rate 200]`` prints the memory of each minute, and ends
with exit code 1 if it still grows after the first two.
"""

from __future__ import annotations

import http.client
import itertools
import json
import os
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator
from pathlib import Path
from statistics import median

import click

from .measure import FLOWSIM, home
from .neutral import receiver

PRODUCERS = 8
SETTLED = 2
"""Minutes after which memory has to be flat."""

MOST_GROWTH = 0.25
"""Megabytes that a later minute may have more than the one before it, in the median."""

LOOK_EVERY = 5.0


class Service:
    """``flowsim up`` in a process of its own, with one webhook that asks for one kind of event."""

    def __init__(self, process: subprocess.Popen[str], webhook: str) -> None:
        assert process.stdout
        self._pid = process.pid
        ready = json.loads(process.stdout.readline())
        threading.Thread(target=list, args=(process.stdout,), daemon=True).start()
        self._host = ready["url"].removeprefix("http://")
        place = f"/events/{ready['org']}/{ready['project']}/{ready['workspace']}"
        provider = self.post(f"{place}/providers", {"label": "Soak", "instance_id": "soak"})
        self._provider = provider["id"]
        metadata = {"event_code": "soak", "label": "Soak", "description": "Soak"}
        self.post(f"{place}/providers/{self._provider}/eventmetadata", metadata)
        registration = {
            "client_id": ready["client_id"],
            "name": "soak",
            "delivery_type": "webhook",
            "webhook_url": webhook,
            "events_of_interest": [{"provider_id": self._provider, "event_code": "soak"}],
        }
        self.post(f"{place}/registrations", registration)

    def post(self, path: str, content: object) -> dict[str, str]:
        connection = http.client.HTTPConnection(self._host)
        connection.request("POST", path, json.dumps(content), {"content-type": "application/json"})
        answer: dict[str, str] = json.load(connection.getresponse())
        connection.close()
        return answer

    def publish(self, numbers: Iterator[int], begin: float, rate: float, end: float) -> None:
        """Publish events, each at its moment, over one connection, and read what is answered."""
        connection = http.client.HTTPConnection(self._host)
        for number in numbers:
            moment = begin + number / rate
            if moment > end:
                break
            time.sleep(max(0.0, moment - time.monotonic()))
            connection.request("POST", "/", *self._event(number))
            answer = connection.getresponse()
            if answer.status != 200:
                raise SystemExit(f"{answer.status}: {answer.read()!r}")
            answer.read()
        connection.close()

    def _event(self, number: int) -> tuple[str, dict[str, str]]:
        event = {
            "specversion": "1.0",
            "id": str(number),
            "source": f"urn:uuid:{self._provider}",
            "type": "soak",
            "datacontenttype": "application/json",
            "data": {"number": number, "text": "x" * 1_000},
        }
        headers = {"content-type": "application/cloudevents+json", "x-api-key": "soak"}
        return json.dumps(event), headers

    def megabytes(self) -> float:
        """Return the memory that the service's process holds now."""
        pages = int(Path(f"/proc/{self._pid}/statm").read_text(encoding="ascii").split()[1])
        return pages * os.sysconf("SC_PAGE_SIZE") / 2**20


def of_each_minute(service: Service, minutes: int, rate: float) -> list[float]:
    """Publish for so long and return the median memory of each minute."""
    begin = time.monotonic()
    end = begin + 60 * minutes
    producers = [
        threading.Thread(
            target=service.publish,
            args=(itertools.count(first, PRODUCERS), begin, rate, end),
            daemon=True,
        )
        for first in range(PRODUCERS)
    ]
    for each in producers:
        each.start()
    found = []
    for minute in range(minutes):
        taken = [service.megabytes()]
        while time.monotonic() < begin + 60 * (minute + 1):
            time.sleep(LOOK_EVERY)
            taken.append(service.megabytes())
        found.append(median(taken))
        print(f"minute {minute + 1}: {found[-1]:.1f} MB", flush=True)
    for each in producers:
        each.join()
    return found


@click.command()
@click.option("--minutes", default=10, show_default=True, type=click.IntRange(SETTLED + 2))
@click.option("--rate", default=200.0, show_default=True, help="Events per second.")
def main(minutes: int, rate: float) -> None:
    """Measure the memory of a service while events keep coming."""
    with (
        home(),
        tempfile.TemporaryDirectory(prefix="flowsim-bench-") as folder,
        receiver() as webhook,
        subprocess.Popen(
            [FLOWSIM, "up", "--port", "0", "--data", folder, "--json"],
            stdout=subprocess.PIPE,
            text=True,
        ) as process,
    ):
        try:
            each_minute = of_each_minute(Service(process, webhook), minutes, rate)
        finally:
            process.terminate()
    later = each_minute[SETTLED:]
    growth = median(after - before for before, after in itertools.pairwise(later))
    print(f"after {SETTLED} minutes it grows {growth:.2f} MB a minute; at most {MOST_GROWTH}")
    sys.exit(growth > MOST_GROWTH)


if __name__ == "__main__":
    main()
