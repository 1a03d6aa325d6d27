"""Registrations, one by one and in lists (io-events-protocol.md 6.4)."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, Response, request

from ...core import adobe_hosts
from ..api import base_url, body_object, body_patch, guard, hal, nothing
from ..filters import actions as filtering
from ..service import Service
from ..workspace import Workspace
from . import actions as registrations
from . import interests
from .document import Surroundings, collection_address, describe, org_address
from .model import Registration


def blueprint(service: Service) -> Blueprint:
    """Return the routes of an organisation's and of a workspace's registrations."""
    routes = Blueprint("registrations", __name__)
    guard(routes, service)
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

    @routes.get("/events/<org>/<project>/<workspace>/registrations")
    def of_workspace(org: str, project: str, workspace: str) -> Response:
        place = Workspace(org, project, workspace)
        links = {"self": {"href": collection_address(base_url(), place)}}
        return hal(_collection(service, service.registrations.of_workspace(place), links))

    @routes.post("/events/<org>/<project>/<workspace>/registrations")
    def create(org: str, project: str, workspace: str) -> Response:
        place = Workspace(org, project, workspace)
        created = registrations.create(service, place, body_object(), _proofs())
        return _shown(service, created, 201)


def _add_single(routes: Blueprint, service: Service) -> None:
    address = "/events/<org>/<project>/<workspace>/registrations/<registration_id>"

    def found(org: str, project: str, workspace: str, registration_id: str) -> Registration:
        return registrations.find(service, Workspace(org, project, workspace), registration_id)

    @routes.get(address)
    def read(**path: str) -> Response:
        return _shown(service, found(**path))

    @routes.put(address)
    def replace(**path: str) -> Response:
        changed = registrations.update(service, found(**path), body_object(), _proofs())
        return _shown(service, changed)

    @routes.patch(address)
    def patch(**path: str) -> Response:
        changed = registrations.patch(service, found(**path), body_patch(), _proofs())
        return _shown(service, changed)

    @routes.delete(address)
    def delete(**path: str) -> Response:
        registrations.delete(service, found(**path))
        return nothing()


def _shown(service: Service, registration: Registration, status: int = 200) -> Response:
    """Return a registration; a header says why new events are in its journal only, if they are."""
    answer = hal(_document(service, registration), status)
    if registration.undelivered:
        reason = f"{registration.undelivered}; new events are in the journal only"
        answer.headers["x-flowsim-reason"] = reason
    return answer


def _document(service: Service, registration: Registration) -> dict[str, Any]:
    return describe(registration, _surroundings(service, [registration]))


def _collection(
    service: Service, found: list[Registration], links: dict[str, Any]
) -> dict[str, Any]:
    around = _surroundings(service, found)
    documents = [describe(each, around) for each in found]
    return {"_embedded": {"registrations": documents}, "_links": links}


def _surroundings(service: Service, found: list[Registration]) -> Surroundings:
    return Surroundings(
        base=base_url(),
        journals=base_url(adobe_hosts.JOURNAL),
        traces=base_url(adobe_hosts.TRACES),
        credential_id=service.installation.credential_id,
        kinds=interests.kinds_of(service, found),
        filters={each.key: filtering.describe(service, each) for each in found},
    )


def _proofs() -> str:
    """Return where validation URLs are opened."""
    return base_url(adobe_hosts.VALIDATION)
