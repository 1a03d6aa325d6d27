"""A service that may open few files: it goes on, and no attempt fails because of it."""

from __future__ import annotations

import json
import socket
import subprocess
import sys
from collections.abc import Iterator
from typing import Any

import pytest
import requests
from flask.testing import FlaskClient

from flowsim.errors import ExhaustedError
from flowsim.events_service.challenges import actions as challenging
from flowsim.events_service.service import Service

from ...registering import address, message_of, pushed
from ...webhook import Webhook, echo
from ..running import PATIENCE, until

FEW = 64
WEBHOOKS = 20
EVENTS = 5


@pytest.fixture
def ready() -> Iterator[dict[str, str]]:
    """The ready line of a service that may open 64 files."""
    command = [sys.executable, "-m", "flowsim", "up", "--json", "--port", "0", "--data", ":memory:"]
    limited = f"import resource, os; resource.setrlimit(resource.RLIMIT_NOFILE, ({FEW}, {FEW})); "
    limited += f"os.execv({command[0]!r}, {command!r})"
    with subprocess.Popen([sys.executable, "-c", limited], stdout=subprocess.PIPE) as process:
        assert process.stdout
        try:
            yield json.loads(process.stdout.readline())
        finally:
            process.kill()


@pytest.mark.slow
def test_events_reach_all_webhooks_beside_more_silent_clients_than_files(
    ready: dict[str, str], webhook: Webhook
) -> None:
    webhook.answers = [echo]
    place = f"/events/{ready['org']}/{ready['project']}/{ready['workspace']}/registrations"
    for number in range(WEBHOOKS):
        body = pushed(webhook.url, f"number {number}", client_id=ready["client_id"])
        answer = requests.post(ready["url"] + place, json=body, timeout=PATIENCE)
        assert answer.status_code == 201, answer.text
    port = int(ready["url"].rpartition(":")[2])
    silent = [socket.create_connection(("127.0.0.1", port)) for _ in range(2 * FEW)]
    for number in range(EVENTS):
        text = f"seed: {number}\nevents:\n  - flow_run: {{}}\n"
        url = f"{ready['url']}/_flowsim/trigger"
        assert requests.post(url, json={"text": text}, timeout=PATIENCE).status_code == 200
    until(lambda: len(attempts(ready)) == WEBHOOKS * EVENTS)
    assert {each["status_code"] for each in attempts(ready)} == {200}
    for each in silent:
        each.close()


def attempts(ready: dict[str, str]) -> list[dict[str, Any]]:
    url = f"{ready['url']}/_flowsim/attempts?limit=1000"
    return list(requests.get(url, timeout=PATIENCE).json())


def test_a_registration_is_refused_while_no_file_can_be_opened(
    api: FlaskClient, service: Service, webhook: Webhook, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The answer is a 503 with the reason; a second try is accepted."""

    def without_room(*_: object, **__: object) -> None:
        raise ExhaustedError(
            "all 64 files that flowsim may open are open; allow it more (ulimit -n)"
        )

    webhook.answers = [echo]
    body = pushed(webhook.url)
    with monkeypatch.context() as patched:
        patched.setattr(challenging, "exchange", without_room)
        assert "all 64 files" in message_of(api.post(address(service), json=body), 503)
    assert api.post(address(service), json=body).status_code == 201
