"""Providers, their event metadata and samples: the routes (6.2, 6.3)."""

from __future__ import annotations

import re

from flask import Blueprint, Response, request

from ...errors import ApiError
from ...web.bodies import expect
from .. import api
from ..registrations.model import Workspace
from ..request_body import read
from ..service import Service
from . import actions as providers
from . import document, samples
from .bodies import ProviderQuery
from .model import EventMetadata, Provider

_OWN = "/events/<org>/<project>/<workspace>/providers"
_ONE = f"{_OWN}/<provider_id>"
_METADATA = "/events/providers/<provider_id>/eventmetadata"
_OWN_METADATA = f"{_ONE}/eventmetadata"
_OWN_CODE = f"{_OWN_METADATA}/<code>"
_SAMPLE = f"{_METADATA}/<code>/sample_event"
_IMS_ORG = re.compile(r"[A-Za-z0-9]{1,64}@[A-Za-z]{1,32}")


def blueprint(service: Service) -> Blueprint:
    """Return the routes."""
    routes = api.guarded("providers", service)
    _add_providers(routes, service)
    _add_changes(routes, service)
    _add_metadata(routes, service)
    _add_changes_of_metadata(routes, service)
    _add_samples(routes, service)
    return routes


def _add_providers(routes: Blueprint, service: Service) -> None:
    @routes.get("/events/<org>/providers")
    def listed(org: str) -> Response:
        query = _query()
        found = providers.listed(service, org, query)
        shown = [_hal(service, each, query) for each in found]
        return api.hal(document.providers(org, shown))

    @routes.get("/events/providers/<provider_id>")
    def one(provider_id: str) -> Response:
        found = providers.find(service, provider_id)
        return api.hal(_hal(service, found, _query(), alone=True))

    @routes.get("/events/providermetadata")
    def kinds() -> Response:
        return api.hal(document.provider_metadata(service.kinds.values()))


def _add_changes(routes: Blueprint, service: Service) -> None:
    @routes.post(_OWN)
    def create(org: str, project: str, workspace: str) -> Response:
        place = Workspace(org, project, workspace)
        made = providers.create(service, place, _publisher(service), api.body_object())
        return api.hal(document.provider(made, None), 201)

    @routes.put(_ONE)
    def update(org: str, provider_id: str, **_: str) -> Response:
        changed = providers.update(service, org, provider_id, api.body_object())
        return api.hal(document.provider(changed, None))

    @routes.patch(_ONE)
    def patch(org: str, provider_id: str, **_: str) -> Response:
        changed = providers.patch(service, org, provider_id, api.body_patch())
        return api.hal(document.provider(changed, None)) if changed else api.nothing()

    @routes.delete(_ONE)
    def delete(org: str, provider_id: str, **_: str) -> Response:
        providers.delete(service, org, provider_id)
        return api.nothing()


def _add_metadata(routes: Blueprint, service: Service) -> None:
    @routes.get(_METADATA)
    def all_metadata(provider_id: str) -> Response:
        provider = providers.find(service, provider_id)
        found = service.providers.metadata(provider_id)
        return api.hal(document.event_metadata_list(provider, found))

    @routes.get(f"{_METADATA}/<code>")
    def one_metadata(provider_id: str, code: str) -> Response:
        return _shown_metadata(service, providers.find_metadata(service, provider_id, code))


def _add_changes_of_metadata(routes: Blueprint, service: Service) -> None:
    @routes.post(_OWN_METADATA)
    def create_metadata(org: str, provider_id: str, **_: str) -> Response:
        made = providers.create_metadata(service, org, provider_id, api.body_object())
        return _shown_metadata(service, made, 201)

    @routes.put(_OWN_CODE)
    def update_metadata(org: str, provider_id: str, code: str, **_: str) -> Response:
        changed = providers.update_metadata(service, org, provider_id, code, api.body_object())
        return _shown_metadata(service, changed)

    @routes.patch(_OWN_CODE)
    def patch_metadata(org: str, provider_id: str, code: str, **_: str) -> Response:
        changed = providers.patch_metadata(service, org, provider_id, code, api.body_patch())
        return _shown_metadata(service, changed) if changed else api.nothing()

    @routes.delete(_OWN_CODE)
    def delete_metadata(org: str, provider_id: str, code: str, **_: str) -> Response:
        providers.delete_metadata(service, org, provider_id, code)
        return api.nothing()

    @routes.delete(_OWN_METADATA)
    def delete_all_metadata(org: str, provider_id: str, **_: str) -> Response:
        providers.delete_all_metadata(service, org, provider_id)
        return api.nothing()


def _add_samples(routes: Blueprint, service: Service) -> None:
    @routes.get(_SAMPLE)
    def sample(provider_id: str, code: str) -> Response:
        provider = providers.find(service, provider_id)
        metadata = providers.find_metadata(service, provider_id, code)
        found = samples.read(service, provider, metadata)
        if found is None:
            raise ApiError(404, "Not Found", f"no sample event of {code}; PUT a template first")
        return api.hal(document.sample_event(metadata, found))

    @routes.post(f"{_SAMPLE}/<registration_id>")
    def post_sample(provider_id: str, code: str, registration_id: str) -> Response:
        expect("application/json")
        given = [api.body_json()] if request.get_data() else []
        event_id = samples.post(service, provider_id, code, registration_id, given)
        return api.nothing() if event_id is None else api.plain({"event_id": event_id})


def _query() -> ProviderQuery:
    """Return the query; a list may be repeated names, names with brackets, or have commas."""
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
) -> document.Json:
    metadata = service.providers.metadata(shown.id) if query.with_event_metadata else None
    return document.provider(shown, metadata, alone=alone)


def _publisher(service: Service) -> str:
    """Return the IMS organisation in the client's headers, as both SDKs send it (6.6, 6.8)."""
    for name in ("x-ims-org-id", "x-gw-ims-org-id"):
        said = request.headers.get(name, "")
        if _IMS_ORG.fullmatch(said):
            return said
    return service.installation.ims_org


def _shown_metadata(service: Service, metadata: EventMetadata, status: int = 200) -> Response:
    provider = providers.find(service, metadata.provider_id)
    sample = samples.read(service, provider, metadata)
    return api.hal(document.event_metadata(provider, metadata, sample), status)
