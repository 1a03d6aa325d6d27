"""Sample events: read, or post one to a registration (6.3)."""

from __future__ import annotations

from flask import Blueprint, Response, request

from ...errors import ApiError
from ...web.bodies import expect
from .. import api
from ..event_metadata import actions as event_metadata
from ..providers import actions as providers
from ..providers import hal
from ..service import Service
from . import actions as samples

_SAMPLE = "/events/providers/<provider_id>/eventmetadata/<code>/sample_event"


def blueprint(service: Service) -> Blueprint:
    """Return the routes."""
    routes = Blueprint("sample_events", __name__)
    api.guard(routes, service)

    @routes.get(_SAMPLE)
    def one(provider_id: str, code: str) -> Response:
        provider = providers.find(service, provider_id)
        metadata = event_metadata.find(service, provider_id, code)
        sample = samples.read(service, provider, metadata)
        if sample is None:
            raise ApiError(404, "Not Found", f"no sample event of {code}; PUT a template first")
        return api.hal(hal.sample_event(metadata, sample))

    @routes.post(f"{_SAMPLE}/<registration_id>")
    def post(provider_id: str, code: str, registration_id: str) -> Response:
        expect("application/json")
        given = [api.body_json()] if request.get_data() else []
        event_id = samples.post(service, provider_id, code, registration_id, given)
        return api.nothing() if event_id is None else api.plain({"event_id": event_id})

    return routes
