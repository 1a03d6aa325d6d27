"""Providers: list, read, create, update, patch, delete (6.2)."""

from __future__ import annotations

import re

from flask import Blueprint, Response, request

from .. import api
from ..registrations.model import Workspace
from ..request_body import read
from ..service import Service
from . import actions as providers
from . import hal
from .bodies import ProviderQuery
from .metadata import KINDS
from .model import Provider

_OWN = "/events/<org>/<project>/<workspace>/providers"
_ONE = f"{_OWN}/<provider_id>"
_IMS_ORG = re.compile(r"[A-Za-z0-9]{1,64}@[A-Za-z]{1,32}")


def blueprint(service: Service) -> Blueprint:
    """Return the routes."""
    routes = Blueprint("providers", __name__)
    api.guard(routes, service)
    _add_reading(routes, service)
    _add_changing(routes, service)
    return routes


def _add_reading(routes: Blueprint, service: Service) -> None:
    @routes.get("/events/<org>/providers")
    def listed(org: str) -> Response:
        query = _query()
        found = providers.listed(service, org, query)
        shown = [_hal(service, each, query) for each in found]
        return api.hal(hal.providers(org, shown))

    @routes.get("/events/providers/<provider_id>")
    def one(provider_id: str) -> Response:
        found = providers.find(service, provider_id)
        return api.hal(_hal(service, found, _query(), alone=True))

    @routes.get("/events/providermetadata")
    def kinds() -> Response:
        return api.hal(hal.provider_metadata(KINDS.values()))


def _add_changing(routes: Blueprint, service: Service) -> None:
    @routes.post(_OWN)
    def create(org: str, project: str, workspace: str) -> Response:
        place = Workspace(org, project, workspace)
        made = providers.create(service, place, _publisher(service), api.body_object())
        return api.hal(hal.provider(made, None), 201)

    @routes.put(_ONE)
    def update(org: str, provider_id: str, **_: str) -> Response:
        changed = providers.update(service, org, provider_id, api.body_object())
        return api.hal(hal.provider(changed, None))

    @routes.patch(_ONE)
    def patch(org: str, provider_id: str, **_: str) -> Response:
        changed = providers.patch(service, org, provider_id, api.body_patch())
        return api.hal(hal.provider(changed, None)) if changed else api.nothing()

    @routes.delete(_ONE)
    def delete(org: str, provider_id: str, **_: str) -> Response:
        providers.delete(service, org, provider_id)
        return api.nothing()


def _query() -> ProviderQuery:
    """Return what the query asks for; a list may be repeated, in brackets or with commas."""
    given = request.args
    several = [*given.getlist("providerMetadataIds"), *given.getlist("providerMetadataIds[]")]
    content = {
        "providerMetadataId": given.get("providerMetadataId") or None,
        "instanceId": given.get("instanceId") or None,
        "providerMetadataIds": [each for text in several for each in text.split(",") if each],
        "eventmetadata": given.get("eventmetadata", "").lower() or False,
    }
    return read(ProviderQuery, content)


def _hal(
    service: Service, shown: Provider, query: ProviderQuery, *, alone: bool = False
) -> hal.Json:
    metadata = service.providers.metadata(shown.id) if query.with_event_metadata else None
    return hal.provider(shown, metadata, alone=alone)


def _publisher(service: Service) -> str:
    """Return the IMS organisation that a client says it is of, as both SDKs do (6.6, 6.8)."""
    for name in ("x-ims-org-id", "x-gw-ims-org-id"):
        said = request.headers.get(name, "")
        if _IMS_ORG.fullmatch(said):
            return said
    return service.installation.ims_org
