"""Subscriber-defined filters of a registration (io-events-protocol.md 8.3)."""

from __future__ import annotations

from dataclasses import asdict

from flask import Blueprint, Response

from ..api import body_object, guard, hal_or_plain, nothing, plain
from ..registrations import actions as registrations
from ..registrations.model import Registration
from ..service import Service
from ..workspace import Workspace
from . import actions as filtering


def blueprint(service: Service) -> Blueprint:
    """Return the routes below a registration; ``filter/validate`` is singular."""
    routes = Blueprint("filters", __name__)
    guard(routes, service)
    of_registration = "/events/<org>/<project>/<workspace>/registrations/<registration_id>"

    def found(org: str, project: str, workspace: str, registration_id: str) -> Registration:
        return registrations.find(service, Workspace(org, project, workspace), registration_id)

    @routes.get(f"{of_registration}/filters")
    def of_one(**path: str) -> Response:
        return plain(filtering.describe(service, found(**path)))

    @routes.post(f"{of_registration}/filters")
    def create(**path: str) -> Response:
        made = filtering.create(service, found(**path), body_object())
        return plain(filtering.document_of(made), 201)

    @routes.get(f"{of_registration}/filters/<filter_id>")
    def read(filter_id: str, **path: str) -> Response:
        return plain(filtering.document_of(filtering.find(service, found(**path), filter_id)))

    @routes.put(f"{of_registration}/filters/<filter_id>")
    def replace(filter_id: str, **path: str) -> Response:
        made = filtering.replace(service, found(**path), filter_id, body_object())
        return hal_or_plain(filtering.document_of(made))

    @routes.delete(f"{of_registration}/filters/<filter_id>")
    def delete(filter_id: str, **path: str) -> Response:
        filtering.delete(service, found(**path), filter_id)
        return nothing()

    @routes.post(f"{of_registration}/filter/validate")
    def try_out(**path: str) -> Response:
        return hal_or_plain(asdict(filtering.try_out(service, found(**path), body_object())))

    return routes
