"""Debug traces over HTTP, at both addresses that Adobe's documents name."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
import requests
from flask.testing import FlaskClient

from flowsim.events_service.local_service import LocalService, LocalServiceOptions, run
from flowsim.events_service.service import Service

from ...webhook import Webhook, status
from ..running import advance, publish, register, settled


@pytest.fixture
def local() -> Iterator[LocalService]:
    with run(LocalServiceOptions(clock="manual")) as running:
        yield running


def addresses(service: Service, registration_id: str) -> list[str]:
    own = service.installation
    return [
        f"/events/organizations/{own.org}/integrations/{own.credential_id}/tracing/{registration_id}",
        f"/traces/{own.org}/{own.project}/{own.workspace}/registration/{registration_id}",
    ]


def test_each_attempt_has_a_trace_the_newest_first(local: LocalService, webhook: Webhook) -> None:
    webhook.answers = [status(503, "busy"), status(200)]
    registration = register(local.service, webhook.url)
    event = publish(local.service).event
    settled(local, 1)
    advance(local, 60)
    settled(local, 2)
    for address in addresses(local.service, registration.registration_id):
        newest, oldest = requests.get(f"{local.url}{address}", timeout=60).json()
        assert newest["trace"]["tracingResponse"]["responseCode"] == 200
        assert oldest["trace"]["tracingResponse"]["responseCode"] == 503
        assert oldest["trace"]["tracingResponse"]["responseBody"] == "busy"
        assert newest["trace"]["insightsInfo"][0]["eventIds"] == [event.id]
        assert newest["trace"]["tracingRequest"]["requestHeaders"]["x-adobe-retry-count"] == ["1"]
        assert newest["trace"]["ts"] - oldest["trace"]["ts"] == 60_000
        errors = requests.get(f"{local.url}{address}?status=error", timeout=60).json()
        assert errors == [oldest]


def test_traces_are_deleted_after_seven_days(local: LocalService, webhook: Webhook) -> None:
    registration = register(local.service, webhook.url)
    publish(local.service)
    settled(local, 1)
    address = f"{local.url}{addresses(local.service, registration.registration_id)[0]}"
    advance(local, 7 * 24 * 3600 - 1)
    assert len(requests.get(address, timeout=60).json()) == 1
    advance(local, 2)
    assert requests.get(address, timeout=60).json() == []


def test_unknown_registrations_and_unknown_values_of_status_are_errors(
    service: Service, api: FlaskClient
) -> None:
    registration = register(service, None, "journal")
    for unknown, known in zip(
        addresses(service, "unknown"), addresses(service, registration.registration_id), strict=True
    ):
        assert api.get(unknown).status_code == 404
        assert api.get(known).json == []
        elsewhere = known.replace(f"/{service.installation.org}/", "/1/")
        assert "at this path" in api.get(elsewhere).json["message"]
        answer = api.get(f"{known}?status=colour")
        assert answer.status_code == 400
        assert "expected all, success, error" in answer.json["message"]
