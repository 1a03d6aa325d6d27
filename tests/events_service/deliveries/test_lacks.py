"""Deliveries wait for resources that flowsim lacks, which is no failure of the webhook."""

from __future__ import annotations

from dataclasses import replace

import pytest
from flask.testing import FlaskClient

from flowsim.core.payload import provider_id
from flowsim.core.targets import Allowed
from flowsim.delivery import http_transport, transport
from flowsim.events_service import application as events_service
from flowsim.events_service.deliveries.targets import Targets
from flowsim.events_service.local_service import LocalServiceOptions, run
from flowsim.events_service.providers.model import PLATFORM
from flowsim.events_service.service import Service

from ...webhook import Webhook
from ..running import SUCCESS, advance, attempts_in, publish, register


def test_a_lookup_that_lacks_threads_is_not_an_attempt(
    webhook: Webhook, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(transport, "_PAUSE", 0.001)
    asked: list[str] = []

    async def lacking(_: Targets, host: str, __: int) -> list[str]:
        asked.append(host)
        if len(asked) < 4:
            raise RuntimeError("can't start new thread")
        return ["127.0.0.1"]

    monkeypatch.setattr(Targets, "resolve", lacking)
    with run(LocalServiceOptions(clock="manual")) as local:
        register(local.service, webhook.url)
        publish(local.service)
        advance(local, 1)
        kept = attempts_in(local.service.database)
    assert (len(asked), [(each.attempt, each.status_code) for each in kept]) == (4, [(1, 200)])


# Registrations


class Names:
    """A resolver that first finds no address, and later lacks memory."""

    def __init__(self, lacks_from: int) -> None:
        self._left = lacks_from

    def __call__(self, _: str) -> list[str]:
        self._left -= 1
        if self._left < 0:
            raise OSError(12, "Cannot allocate memory")
        return []


def registering(service: Service, lacks_from: int) -> FlaskClient:
    targets = Targets(Allowed.parse(["hook.test"]), Names(lacks_from))
    return events_service.create(replace(service, targets=targets)).test_client()


@pytest.mark.parametrize("lacks_from", [0, 1], ids=["looking it up", "asking it"])
def test_a_webhook_that_cannot_be_challenged_now_is_not_registered(
    service: Service, lacks_from: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A second try may use the same name."""
    monkeypatch.setattr(http_transport, "_RESOURCES_WITHIN", 0.2)
    own = service.installation
    place = f"/events/{own.org}/{own.project}/{own.workspace}/registrations"
    body = {
        "client_id": own.client_id,
        "name": "mine",
        "webhook_url": "http://hook.test/",
        "delivery_type": "webhook",
        "events_of_interest": [
            {"provider_id": provider_id(PLATFORM), "event_code": SUCCESS},
        ],
    }
    for _ in range(2):
        answer = registering(service, lacks_from).post(place, json=body)
        assert (answer.status_code, answer.json["reason"]) == (503, "Service Unavailable")
        assert "out of memory; allow flowsim more (ulimit -v" in answer.json["message"]
    assert service.registrations.all() == []
