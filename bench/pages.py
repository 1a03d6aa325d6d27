"""What the pages of deliveries cost in a service that holds many of them.

``python -m bench.pages N`` prints milliseconds of the list, of the list of one registration, and
of one delivery, and the percentage of a processor that twenty open pages take.
"""

from __future__ import annotations

import html
import re
import resource
import sqlite3
import sys
import tempfile
from http.client import HTTPConnection
from pathlib import Path

import requests

from flowsim.core.instant import to_ms
from flowsim.dashboard import service_dashboard
from flowsim.events_service.local_service import LocalService, LocalServiceOptions, run
from flowsim.events_service.opening import FILE

from .serving import furnish
from .stored import fill, milliseconds

OPEN = 20
"""How many pages are open; each asks for what is new."""

POLLS = 200

_ADD = """
INSERT INTO delivery (registration, seq, attempt, at_ms, wall_ms, ending)
  SELECT 1, seq, 1, at_ms, at_ms, 'delivered' FROM event;
INSERT INTO attempt (registration, event_id, delivery_id, attempt, at_ms, status_code, elapsed_ms,
    outcome, delivery, wall_ms)
  SELECT 1, event_id, event_id, 1, event.at_ms, 200, 5.0, 'delivered', delivery.number, event.at_ms
  FROM delivery JOIN event USING (seq);
"""


def deliver(path: Path) -> None:
    """Write a delivery, with an attempt, for each event that is stored."""
    connection = sqlite3.connect(path)
    connection.executescript(f"BEGIN;{_ADD}COMMIT;")
    connection.close()


def percentage(session: requests.Session, local: LocalService) -> float:
    """Return what part of a processor the open pages take, in percent.

    The client is in this process, so its part is counted too: it is a small one.
    """
    polls = re.findall(r'hx-get="([^"]*)" hx-trigger="every (\d+)s"', session.get(local.url).text)
    assert len(polls) == 2, "the list, and the clock in the head"
    connection = HTTPConnection(local.url.removeprefix("http://"))
    taken = [_seconds(connection, html.unescape(path)) / int(every) for path, every in polls]
    connection.close()
    return 100 * OPEN * sum(taken)


def _seconds(connection: HTTPConnection, poll: str) -> float:
    """Return how long a processor works for one request that gets nothing new."""
    before = _processor_seconds()
    for _ in range(POLLS):
        connection.request("GET", poll)
        answer = connection.getresponse()
        assert (answer.status, answer.read()) == (204, b"")
    return (_processor_seconds() - before) / POLLS


def _processor_seconds() -> float:
    used = resource.getrusage(resource.RUSAGE_SELF)
    return used.ru_utime + used.ru_stime


def reads(local: LocalService) -> list[float]:
    [registration] = local.service.registrations.all()
    with requests.Session() as session:
        session.trust_env = False
        addresses = (
            local.url,
            f"{local.url}/?registration={registration.registration_id}",
            f"{local.url}/deliveries/50",
        )
        taken = [
            milliseconds(lambda address=address: session.get(address).raise_for_status())
            for address in addresses
        ]
        return [*taken, percentage(session, local)]


def main(number: int) -> None:
    with tempfile.TemporaryDirectory(prefix="flowsim-bench-") as folder:
        options = LocalServiceOptions(data=Path(folder))
        with run(options) as local:
            furnish(local, [f"{local.url}/hook"])
            now_ms = to_ms(local.clock.now())
        fill(Path(folder) / FILE, number, now_ms)
        deliver(Path(folder) / FILE)
        with run(options, pages=service_dashboard.pages) as local:
            print(*reads(local))


if __name__ == "__main__":
    main(int(sys.argv[1]))
