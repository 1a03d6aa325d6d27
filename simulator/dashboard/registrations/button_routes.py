"""The buttons of a registration: switch off and on, open its validation URL, delete."""

from __future__ import annotations

from flask import Blueprint, Response, redirect, request

from ...errors import ApiError
from ...events_service.challenges import actions as challenging
from ...events_service.registrations import actions as registrations
from ...events_service.service import Service
from .. import pages
from .content import find, validation_address
from .form_routes import done

_ONE = "/registrations/<registration_id>"


def add_to(routes: Blueprint, service: Service) -> None:
    """Add what the buttons do, each by the function of the API."""
    _add_switches(routes, service)
    _add_proof(routes, service)
    _add_deletion(routes, service)


def _add_switches(routes: Blueprint, service: Service) -> None:
    def switched(registration_id: str, what: str, *, is_on: bool) -> Response:
        found = find(service, registration_id)
        patch = [{"op": "add", "path": "/enabled", "value": is_on}]
        return done(what, registrations.patch(service, found, patch, validation_address()))

    @routes.post(f"{_ONE}/disable")
    def disable(registration_id: str) -> Response:
        return switched(registration_id, "disabled", is_on=False)

    @routes.post(f"{_ONE}/enable")
    def enable(registration_id: str) -> Response:
        return switched(registration_id, "enabled", is_on=True)


def _add_proof(routes: Blueprint, service: Service) -> None:
    @routes.post(f"{_ONE}/validate")
    def open_validation_url(registration_id: str) -> Response:
        """Do what a GET of the validation URL does."""
        found = find(service, registration_id)
        proof = service.registrations.validation_of(found.key)
        if proof is None:
            text = "no validation URL waits; save the registration to get one"
            raise ApiError(404, "Not Found", text)
        opened = challenging.open_link(service, registration_id, proof.challenge)
        return done("validated" if opened.enabled else "proved", opened)


def _add_deletion(routes: Blueprint, service: Service) -> None:
    @routes.get(f"{_ONE}/delete")
    def ask_before_deletion(registration_id: str) -> Response:
        found = find(service, registration_id)
        content = {"registration_id": registration_id, "name": found.name}
        shown = {"found": found, "tab": "", "done": ""}
        return pages.answer("registration_delete.html", content, shown=shown)

    @routes.post(f"{_ONE}/delete")
    def delete_registration(registration_id: str) -> Response:
        registrations.delete(service, find(service, registration_id))
        address = "/registrations?done=deleted"
        if request.headers.get("hx-request") == "true":
            return Response(status=200, headers={"hx-redirect": address})
        return redirect(address, 303)  # type: ignore[return-value]
