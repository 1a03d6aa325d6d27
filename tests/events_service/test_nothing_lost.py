"""No acknowledged event is lost: ``flowsim up`` is killed under load, restarted, and counted."""

from __future__ import annotations

import http.client
import json
import os
import signal
import subprocess
import sys
import threading
from collections.abc import Iterator
from itertools import count
from pathlib import Path
from queue import SimpleQueue
from urllib.parse import urlsplit

import pytest

from flowsim.core.payload import provider_id
from flowsim.events_service.local_service import LocalServiceOptions, run
from flowsim.events_service.providers.model import PLATFORM
from flowsim.events_service.publishing.table import Events, StoredEvent
from flowsim.events_service.registrations.model import EventOfInterest

from ..webhook import Request, Webhook, status
from .custom_events import CODE, PROVIDER, custom_provider
from .running import PATIENCE, SUCCESS, pending_in, register, until

PROGRAM = """
import os, sys
import flowsim.events_service.local_service
import flowsim.events_service.control.routes, flowsim.events_service.application
from flowsim.commands import main
from flowsim.families.registry import shipped
shipped().readable()
for said in map(str.strip, sys.stdin):
    child = os.fork()
    if not child:
        sys.stdout = open(said, "w", buffering=1)
        main(["up", "--port=0", f"--data={sys.argv[1]}", "--clock=60x", "--json"])
    print(child, flush=True)
    os.waitpid(child, 0)
"""
"""Runs ``flowsim up`` for each path that it reads, and writes there what that says.

What takes the longest at a start, it imports once.
"""

numbers = count()


class Load:
    """Publishes and triggers over HTTP until the service is gone; ``acknowledged`` are the ids."""

    def __init__(self, url: str) -> None:
        self.acknowledged: SimpleQueue[str] = SimpleQueue()
        self._netloc = urlsplit(url).netloc
        works = self._publish, self._trigger
        self._threads = [threading.Thread(target=self._repeat, args=[each]) for each in works * 2]
        for thread in self._threads:
            thread.start()

    def rest(self) -> Iterator[str]:
        """Yield what was acknowledged and not taken yet, once the service is gone."""
        for thread in self._threads:
            thread.join()
        while not self.acknowledged.empty():
            yield self.acknowledged.get()

    def _repeat(self, work: object) -> None:
        connection = http.client.HTTPConnection(self._netloc, timeout=PATIENCE)
        try:
            while True:
                self.acknowledged.put(work(connection))  # type: ignore[operator]
        except (OSError, http.client.HTTPException, ValueError):
            connection.close()

    def _publish(self, connection: http.client.HTTPConnection) -> str:
        own = f"published-{next(numbers)}"
        event = {"specversion": "1.0", "source": f"urn:uuid:{PROVIDER}", "type": CODE, "id": own}
        assert _post(connection, "/", event, "application/cloudevents+json") == b"OK"
        return own

    def _trigger(self, connection: http.client.HTTPConnection) -> str:
        said = _post(connection, "/_flowsim/trigger", {"scenario": "partial"}, "application/json")
        return str(json.loads(said)["events"][0]["event_id"])


def _post(connection: http.client.HTTPConnection, path: str, body: object, kind: str) -> bytes:
    connection.request("POST", path, json.dumps(body), {"content-type": kind})
    answer = connection.getresponse()
    said = answer.read()
    assert answer.status == 200, said
    return said


def killed(runner: subprocess.Popen[str], said: Path, events: int) -> list[str]:
    """Let ``flowsim up`` run until it has acknowledged ``events`` events, kill it; return them."""
    assert runner.stdin
    assert runner.stdout
    print(said, file=runner.stdin, flush=True)
    pid = int(runner.stdout.readline())
    try:
        until(lambda: said.exists() and "\n" in said.read_text())
        load = Load(json.loads(said.read_text().splitlines()[0])["url"])
        acknowledged = [load.acknowledged.get(timeout=PATIENCE) for _ in range(events)]
    finally:
        os.kill(pid, signal.SIGKILL)
    return [*acknowledged, *load.rest()]


def is_refused(request: Request) -> bool:
    """Return whether an attempt fails: every first one of some events."""
    headers = request.headers
    return headers["x-adobe-event-id"].endswith("0") and "x-adobe-retry-count" not in headers


def ids(entry: StoredEvent) -> set[str]:
    """Return the ids of an event: the service's, and the one it was published with."""
    notification = entry.event.notification
    own = {notification.content["id"]} if notification.member == "cloud_event" else set[str]()
    return {entry.event.id} | own


@pytest.mark.parametrize("kills", [3, pytest.param(10, marks=pytest.mark.slow)])
def test_acknowledged_events_survive_a_killed_process(
    tmp_path: Path, webhook: Webhook, kills: int
) -> None:
    """Other events may be stored too, but no event is stored twice."""
    webhook.answers = [lambda each: status(503 if is_refused(each) else 200)(each)]
    options = LocalServiceOptions(data=tmp_path, clock="60x")
    with run(options) as local:
        custom_provider(local.service)
        asked = ((provider_id(PLATFORM), SUCCESS), (PROVIDER, CODE))
        wanted = tuple(EventOfInterest(*each) for each in asked)
        key = register(local.service, webhook.url, events_of_interest=wanted).key
    acknowledged: list[str] = []
    with subprocess.Popen(
        [sys.executable, "-c", PROGRAM, str(tmp_path)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    ) as runner:
        for kill in range(kills):
            acknowledged += killed(runner, tmp_path / f"said-{kill}", 4 + 6 * kill)
    assert len(set(acknowledged)) == len(acknowledged)
    with run(options) as local:
        database = local.service.database
        until(lambda: pending_in(database, key) == 0)
        journal = Events(database).entries(key, 0, 10**6)
    known = [each for entry in journal for each in ids(entry)]
    assert set(acknowledged) <= set(known)
    assert len(set(known)) == len(known)
    delivered = {
        request.headers["x-adobe-event-id"]
        for request in webhook.requests
        if not is_refused(request)
    }
    assert delivered == {entry.event.id for entry in journal}
