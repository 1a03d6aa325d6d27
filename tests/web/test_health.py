"""Whether the service runs, and whether it may be used."""

from __future__ import annotations

from flask.testing import FlaskClient

from flowsim.service.service import Service


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


def test_every_answer_has_a_request_id_of_its_own(api: FlaskClient) -> None:
    first, second = (api.get("/healthz").headers["x-request-id"] for _ in range(2))
    assert len(first) == len(second) == 32
    assert first != second


def test_what_does_not_exist_is_said_in_json(api: FlaskClient) -> None:
    answer = api.get("/no/such/place")
    assert (answer.status_code, answer.json["reason"]) == (404, "Not Found")
