"""Proofs on the clock of a running service, and deliveries to the addresses found at a save."""

from __future__ import annotations

import json
import socket
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
import requests

from flowsim.core.instant import from_ms
from flowsim.core.outcome import NETWORK
from flowsim.events_service import local_service
from flowsim.events_service.local_service import LocalService, LocalServiceOptions
from flowsim.events_service.service import ServiceOptions
from flowsim.events_service.tracing.debug_trace import Traces

from ...registering import address, pushed
from ...webhook import Webhook, echo, status
from ..running import advance, publish, register, settled


@pytest.fixture
def local() -> Iterator[LocalService]:
    with local_service.run(
        LocalServiceOptions(clock="manual", service=ServiceOptions(targets=("hooks",)))
    ) as running:
        yield running


@pytest.fixture
def names(monkeypatch: pytest.MonkeyPatch) -> dict[str, str]:
    """Names that the system knows beside its own, and the address of each."""
    known: dict[str, str] = {}
    system = socket.getaddrinfo

    def getaddrinfo(host: str, *rest: Any, **options: Any) -> Any:
        return system(known.get(host, host), *rest, **options)

    monkeypatch.setattr(socket, "getaddrinfo", getaddrinfo)
    return known


def post(local: LocalService, body: dict[str, Any]) -> dict[str, Any]:
    answer = requests.post(local.url + address(local.service), json=body, timeout=30)
    assert answer.status_code == 201, answer.text
    return dict(answer.json())


def test_the_validation_url_leads_to_the_service_itself(
    local: LocalService, webhook: Webhook
) -> None:
    webhook.answers = [status(200)]
    created = post(local, pushed(webhook.url))
    link = json.loads(webhook.requests[-1].body)["validationUrl"]
    assert link.startswith(f"{local.url}/csm/registrations/validate?id=")
    assert requests.get(link, timeout=30).status_code == 200
    read = requests.get(created["_links"]["self"]["href"], timeout=30).json()
    assert (read["webhook_status"], read["enabled"]) == ("verified", True)


def test_validation_urls_end_on_the_clock_of_the_service(
    local: LocalService, webhook: Webhook
) -> None:
    webhook.answers = [status(200)]
    post(local, pushed(webhook.url, "one"))
    advance(local, 200)
    post(local, pushed(webhook.url, "two"))
    advance(local, 100)
    (left,) = local.service.registrations.validations()
    assert left.expires == local.clock.now() + timedelta(seconds=200)
    advance(local, 200)
    assert local.service.registrations.validations() == []


def test_events_go_to_the_address_found_at_the_save(
    local: LocalService, names: dict[str, str], webhook: Webhook
) -> None:
    """An allowed name may have any address, but keeps the one that was found."""
    names["hooks"] = "127.0.0.1"
    webhook.answers = [echo]
    post(local, pushed(f"http://hooks:{webhook.port}/hook"))
    names["hooks"] = "192.0.2.1"
    publish(local.service)
    assert settled(local, 1)[0].status_code == 200
    assert webhook.requests[-1].headers["host"] == f"hooks:{webhook.port}"


@pytest.mark.parametrize("host", ["elsewhere", "127.1", "[::ffff:192.0.2.1]"])
def test_a_webhook_no_longer_allowed_is_not_called(
    local: LocalService, names: dict[str, str], webhook: Webhook, host: str
) -> None:
    """It was saved by a service that was started with another ``--allow-target``."""
    names["elsewhere"] = "192.0.2.1"
    registration = register(local.service, f"http://{host}:{webhook.port}/hook")
    publish(local.service)
    assert settled(local, 1)[0].status_code == NETWORK
    (trace,) = Traces(local.service.database).of(registration.key, from_ms(0))
    assert trace["trace"]["tracingResponse"]["responseBody"].startswith("602 : ")
    assert webhook.requests == []
