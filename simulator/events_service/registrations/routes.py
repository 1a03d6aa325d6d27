"""Registrations, one by one and in lists (io-events-protocol.md 6.4)."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from flask import Blueprint, Response, request

from ...core import adobe_hosts
from ..api import base_url, body_object, body_patch, guarded, hal, nothing
from ..filters import actions as filtering
from ..service import Service
from . import actions as registrations
from .document import DocumentContext, Kinds, collection_address, describe, org_address
from .model import Registration, Workspace

_ALL = "/events/<org>/<project>/<workspace>/registrations"
ONE = f"{_ALL}/<registration_id>"


def blueprint(service: Service) -> Blueprint:
    """Return the routes of an organisation's and of a workspace's registrations."""
    routes = guarded("registrations", service)
    _add_lists(routes, service)
    _add_single(routes, service)
    return routes


def _add_lists(routes: Blueprint, service: Service) -> None:
    @routes.get("/events/<org>/registrations")
    def page(org: str) -> Response:
        query = request.args
        chosen, found = registrations.page(service, org, query.get("page"), query.get("size"))
        document = _collection(service, found, chosen.links(org_address(base_url(), org)))
        return hal({**document, "page": chosen.describe()})

    @routes.get(_ALL)
    def of_workspace(org: str, project: str, workspace: str) -> Response:
        place = Workspace(org, project, workspace)
        links = {"self": {"href": collection_address(base_url(), place)}}
        return hal(_collection(service, service.registrations.of_workspace(place), links))

    @routes.post(_ALL)
    def create(org: str, project: str, workspace: str) -> Response:
        place = Workspace(org, project, workspace)
        created = registrations.create(service, place, body_object(), _proofs())
        return _shown(service, created, 201)


def _add_single(routes: Blueprint, service: Service) -> None:
    def found(**path: str) -> Registration:
        return find_at(service, **path)

    @routes.get(ONE)
    def read(**path: str) -> Response:
        return _shown(service, found(**path))

    @routes.put(ONE)
    def replace(**path: str) -> Response:
        changed = registrations.update(service, found(**path), body_object(), _proofs())
        return _shown(service, changed)

    @routes.patch(ONE)
    def patch(**path: str) -> Response:
        changed = registrations.patch(service, found(**path), body_patch(), _proofs())
        return _shown(service, changed)

    @routes.delete(ONE)
    def delete(**path: str) -> Response:
        registrations.delete(service, found(**path))
        return nothing()


def find_at(
    service: Service, org: str, project: str, workspace: str, registration_id: str
) -> Registration:
    """Return the registration at a path; raises ``ApiError`` 404 if there is none."""
    return registrations.find(service, Workspace(org, project, workspace), registration_id)


def _shown(service: Service, registration: Registration, status: int = 200) -> Response:
    """Answer with a registration; a header says why only its journal gets new events."""
    context = _context(service, [registration])
    answer = hal(describe(registration, context), status)
    if registration.undelivered:
        reason = f"{registration.undelivered}; new events are in the journal only"
        answer.headers["x-flowsim-reason"] = reason
    return answer


def _collection(
    service: Service, found: list[Registration], links: dict[str, Any]
) -> dict[str, Any]:
    context = _context(service, found)
    documents = [describe(each, context) for each in found]
    return {"_embedded": {"registrations": documents}, "_links": links}


def _context(service: Service, found: list[Registration]) -> DocumentContext:
    return DocumentContext(
        base=base_url(),
        journals=base_url(adobe_hosts.JOURNAL),
        traces=base_url(adobe_hosts.TRACES),
        credential_id=service.installation.credential_id,
        kinds=_kinds(service, found),
        filters={each.key: filtering.describe(service, each) for each in found},
    )


def _kinds(service: Service, registrations: Iterable[Registration]) -> Kinds:
    """Return provider and metadata of each event that the registrations ask for."""
    wanted = {each for one in registrations for each in one.events_of_interest}
    providers = {id_: service.providers.find(id_) for id_ in {each.provider_id for each in wanted}}
    return {
        each: (
            providers[each.provider_id],
            service.providers.find_metadata(each.provider_id, each.event_code),
        )
        for each in wanted
    }


def _proofs() -> str:
    """Return the address under which validation URLs are opened."""
    return base_url(adobe_hosts.VALIDATION)
