"""Health of the service, and the credentials that it asks for."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

import pytest
from flask.testing import FlaskClient

from flowsim.events_service import application as events_service
from flowsim.events_service.opening import open_database, open_service
from flowsim.events_service.service import Service, ServiceOptions
from flowsim.installation.settings import keys_folder
from flowsim.runtime.clock import ManualClock


def test_a_service_that_runs_is_healthy_and_ready(api: FlaskClient) -> None:
    assert api.get("/healthz").json == {"status": "ok"}
    assert api.get("/readyz").json == {
        "status": "ok",
        "now": "2026-01-15T09:30:00.000Z",
        "registrations": 0,
    }


def test_a_service_whose_store_does_not_answer_is_healthy_but_not_ready(
    api: FlaskClient, service: Service
) -> None:
    service.database.close()
    assert api.get("/healthz").status_code == 200
    answer = api.get("/readyz")
    assert (answer.status_code, answer.json["reason"]) == (503, "Service Unavailable")


@contextmanager
def full_disk() -> Iterator[None]:
    """No file can grow any more."""
    resource = pytest.importorskip("resource")
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, hard))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))


def test_a_service_is_not_ready_while_its_store_cannot_be_written(
    tmp_path: Path,
) -> None:
    """Publishing is refused as long: the disk is full."""
    clock = ManualClock(datetime(2026, 1, 15, 9, 30, tzinfo=UTC))
    with open_database(tmp_path) as database:
        service = open_service(database, clock, ServiceOptions(), keys_folder())
        api = events_service.create(service).test_client()
        with full_disk():
            refused = [api.get("/readyz") for _ in range(2)]
            assert api.get("/_flowsim/status").status_code == 200
        assert [each.status_code for each in refused] == [503, 503]
        assert "cannot grow" in refused[0].json["message"]
        assert api.get("/readyz").status_code == 200


def test_every_answer_has_a_request_id_of_its_own(api: FlaskClient) -> None:
    first, second = (api.get("/healthz").headers["x-request-id"] for _ in range(2))
    assert len(first) == len(second) == 32
    assert first != second


def test_a_404_is_in_json(api: FlaskClient) -> None:
    answer = api.get("/no/such/place")
    assert (answer.status_code, answer.json["reason"]) == (404, "Not Found")
