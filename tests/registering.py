"""Registrations as tests send them to a service's API."""

from __future__ import annotations

from typing import Any

from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from flowsim.core.payload import provider_id
from flowsim.events_service.providers.model import PLATFORM
from flowsim.events_service.service import Service

SUCCESS = {"provider_id": provider_id(PLATFORM), "event_code": "sources_flow_run_success"}
FAILURE = {"provider_id": provider_id(PLATFORM), "event_code": "sources_flow_run_failed"}


def address(service: Service, registration_id: str = "", *more: str) -> str:
    """Return the path of the installation's registrations, or of one of them."""
    own = service.installation
    steps = [own.org, own.project, own.workspace, "registrations", registration_id, *more]
    return "/events/" + "/".join(filter(None, steps))


def journal(name: str = "orders", **changes: Any) -> dict[str, Any]:
    """Return the body of a registration that has a journal only."""
    return {
        "client_id": "0123456789abcdef0123456789abcdef",
        "name": name,
        "delivery_type": "journal",
        "events_of_interest": [SUCCESS],
        **changes,
    }


def pushed(url: str, name: str = "orders", **changes: Any) -> dict[str, Any]:
    """Return the body of a registration with a webhook."""
    return journal(name, **{"delivery_type": "webhook", "webhook_url": url, **changes})


def create(api: FlaskClient, service: Service, body: dict[str, Any]) -> dict[str, Any]:
    """Create a registration and return it as the API prints it."""
    answer = api.post(address(service), json=body)
    assert answer.status_code == 201, answer.text
    return dict(answer.json)


def message_of(answer: TestResponse, status_code: int) -> str:
    """Return what an answer with this status says was wrong."""
    assert answer.status_code == status_code, answer.text
    assert {*answer.json} - {"message"} in ({"reason"}, {"error_code"})
    return str(answer.json["message"])
