"""Event metadata: list, read, create, update, patch, delete one or all (6.3)."""

from __future__ import annotations

from flask import Blueprint, Response

from .. import api
from ..providers import actions as providers
from ..providers import hal
from ..providers.model import EventMetadata
from ..sample_events import actions as samples
from ..service import Service
from . import actions as event_metadata

_ALL = "/events/providers/<provider_id>/eventmetadata"
_OWN = "/events/<org>/<project>/<workspace>/providers/<provider_id>/eventmetadata"
_ONE = f"{_OWN}/<code>"


def blueprint(service: Service) -> Blueprint:
    """Return the routes."""
    routes = Blueprint("event_metadata", __name__)
    api.guard(routes, service)
    _add_reading(routes, service)
    _add_changing(routes, service)
    _add_deleting(routes, service)
    return routes


def _add_reading(routes: Blueprint, service: Service) -> None:
    @routes.get(_ALL)
    def listed(provider_id: str) -> Response:
        provider = providers.find(service, provider_id)
        found = service.providers.metadata(provider_id)
        return api.hal(hal.event_metadata_list(provider, found))

    @routes.get(f"{_ALL}/<code>")
    def one(provider_id: str, code: str) -> Response:
        return _shown(service, event_metadata.find(service, provider_id, code))


def _add_changing(routes: Blueprint, service: Service) -> None:
    @routes.post(_OWN)
    def create(org: str, provider_id: str, **_: str) -> Response:
        made = event_metadata.create(service, org, provider_id, api.body_object())
        return _shown(service, made, 201)

    @routes.put(_ONE)
    def update(org: str, provider_id: str, code: str, **_: str) -> Response:
        changed = event_metadata.update(service, org, provider_id, code, api.body_object())
        return _shown(service, changed)

    @routes.patch(_ONE)
    def patch(org: str, provider_id: str, code: str, **_: str) -> Response:
        changed = event_metadata.patch(service, org, provider_id, code, api.body_patch())
        return _shown(service, changed) if changed else api.nothing()


def _add_deleting(routes: Blueprint, service: Service) -> None:
    @routes.delete(_ONE)
    def delete(org: str, provider_id: str, code: str, **_: str) -> Response:
        event_metadata.delete(service, org, provider_id, code)
        return api.nothing()

    @routes.delete(_OWN)
    def delete_all(org: str, provider_id: str, **_: str) -> Response:
        event_metadata.delete_all(service, org, provider_id)
        return api.nothing()


def _shown(service: Service, metadata: EventMetadata, status: int = 200) -> Response:
    provider = providers.find(service, metadata.provider_id)
    sample = samples.read(service, provider, metadata)
    return api.hal(hal.event_metadata(provider, metadata, sample), status)
