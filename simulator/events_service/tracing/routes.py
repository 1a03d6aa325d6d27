"""Debug traces of a registration (io-events-protocol.md 7)."""

from __future__ import annotations

from datetime import timedelta

from flask import Blueprint, Response, request

from ...errors import ApiError
from .. import api
from ..registrations.model import Registration, Workspace
from ..service import Service

_PATHS = (
    "/events/organizations/<org>/integrations/<credential_id>/tracing/<registration_id>",
    "/traces/<org>/<project>/<workspace>/registration/<registration_id>",
)
"""That of the published API, and that of the link ``rel:trace``, whose answer is not known."""

_KEPT = timedelta(days=7)
_STATUS = {"all": None, "success": True, "error": False}


def blueprint(service: Service) -> Blueprint:
    """Return the routes: both answer an array, the newest trace first.

    ``?status=success`` or ``error`` leaves the others out, as the Console's filter does; its
    name is not documented.
    """
    routes = api.guarded("tracing", service)

    def traces(registration_id: str, **place: str) -> Response:
        status = request.args.get("status", "all")
        if status not in _STATUS:
            raise ApiError(
                400, "Bad Request", f"status is {status[:40]!r}; expected {', '.join(_STATUS)}"
            )
        registration = _find(service, registration_id, place)
        since = service.clock.now() - _KEPT
        found = service.traces.of(registration.key, since, _STATUS[status])
        return api.plain(found)

    for path in _PATHS:
        routes.add_url_rule(path, view_func=traces)
    return routes


def _find(service: Service, registration_id: str, place: dict[str, str]) -> Registration:
    """Return a registration at its place; raises ``ApiError`` 404 for any other place.

    ``place`` is what the path names beside its id: organisation and credential, or a workspace.
    """
    found = service.registrations.find(registration_id)
    if found is None or place not in _places(service, found.workspace):
        text = f"there is no registration {registration_id[:64]!r} at this path"
        raise ApiError(404, "Not Found", text)
    return found


def _places(service: Service, own: Workspace) -> tuple[dict[str, str], ...]:
    return (
        {"org": own.org, "credential_id": service.installation.credential_id},
        {"org": own.org, "project": own.project, "workspace": own.workspace},
    )
