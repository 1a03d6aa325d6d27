"""Paths and bodies of the management interfaces, as the tests use them."""

from __future__ import annotations

import base64
import json
from typing import Any

from flask.testing import FlaskClient

ORG = "1001"
PLACE = f"/events/{ORG}/2002/3003"
PATCH = "application/json-patch+json"


def create_provider(api: FlaskClient, **fields: Any) -> dict[str, Any]:
    """Create a provider and return it."""
    answer = api.post(f"{PLACE}/providers", json={"label": "Orders", **fields})
    assert answer.status_code == 201, answer.text
    created: dict[str, Any] = answer.json
    return created


def create_metadata(api: FlaskClient, provider_id: str, code: str, **fields: Any) -> dict[str, Any]:
    """Create a kind of event and return it."""
    body = {"label": "Order placed", "description": "An order.", "event_code": code, **fields}
    answer = api.post(f"{PLACE}/providers/{provider_id}/eventmetadata", json=body)
    assert answer.status_code == 201, answer.text
    created: dict[str, Any] = answer.json
    return created


def platform_id(api: FlaskClient) -> str:
    """Return the id of the provider of flow run notifications."""
    query = "providerMetadataId=platform_notifications"
    found = api.get(f"/events/{ORG}/providers?{query}").json["_embedded"]["providers"]
    return str(found[0]["id"])


def template(content: Any) -> str:
    """Return JSON as a sample event template."""
    return base64.b64encode(json.dumps(content).encode()).decode()
