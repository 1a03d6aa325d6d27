"""No acknowledged event is lost: the process is killed under load, restarted, and counted."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from pathlib import Path

from flowsim.local_service import Options, run
from flowsim.stores.deliveries import Deliveries
from flowsim.stores.events import Events

from ..webhook import Webhook
from .running import register, until

KILLS = 20

PROGRAM = """
import os, sys, threading
from pathlib import Path
from flowsim.local_service import Options, run
from tests.service.running import publish

def load(local):
    while True:
        event = publish(local.service).event
        os.write(1, f"{event.id}\\n".encode())

with run(Options(data=Path(sys.argv[1]), clock="60x")) as local:
    for _ in range(4):
        threading.Thread(target=load, args=[local], daemon=True).start()
    threading.Event().wait()
"""
"""Publishes as fast as it can; says the id of each event once that was acknowledged."""


def killed_after(folder: Path, events: int) -> list[str]:
    """Run the program until it has said so many ids, kill it, and return all it said."""
    with subprocess.Popen(
        [sys.executable, "-c", PROGRAM, str(folder)],
        cwd=Path(__file__).parents[2],
        stdout=subprocess.PIPE,
        text=True,
    ) as process:
        assert process.stdout
        said = [process.stdout.readline().strip() for _ in range(events)]
        os.kill(process.pid, signal.SIGKILL)
        said += [line.strip() for line in process.stdout if line.endswith("\\n")]
    return said


def test_an_acknowledged_event_is_in_the_journal_and_delivered_whenever_the_process_is_killed(
    tmp_path: Path, webhook: Webhook
) -> None:
    """Twenty times; what was not acknowledged may be there too, but nothing is there twice."""
    options = Options(data=tmp_path, clock="60x")
    with run(options) as local:
        registration = register(local.service, webhook.url)
    acknowledged = [each for kill in range(KILLS) for each in killed_after(tmp_path, 3 + 7 * kill)]
    assert len(set(acknowledged)) == len(acknowledged)
    with run(options) as local:
        database = local.service.database
        until(lambda: Deliveries(database).pending(registration.key) == 0)
        journal = [each.event.id for each in Events(database).entries(registration.key, 0, 10**6)]
    assert set(acknowledged) <= set(journal)
    assert len(set(journal)) == len(journal)
    delivered = {request.headers["x-adobe-event-id"] for request in webhook.requests}
    assert delivered == set(journal)
