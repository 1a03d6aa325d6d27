"""The forms that register a webhook and change a registration."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

from flask import Blueprint, Response, redirect, request

from ...errors import ApiError, FlowsimError
from ...events_service.filters import actions as filtering
from ...events_service.registrations import actions as registrations
from ...events_service.registrations.model import Registration
from ...events_service.service import Service
from .. import pages
from .choices import groups
from .content import find, validation_address
from .forms import DELIVERY_TYPES, TypedRegistration

_ONE = "/registrations/<registration_id>/edit"


def add_to(routes: Blueprint, service: Service) -> None:
    """Add both forms; a form that is refused is shown again, with what was typed."""
    _add_new(routes, service)
    _add_edit(routes, service)


def _add_new(routes: Blueprint, service: Service) -> None:
    @routes.get("/registrations/new")
    def new_registration() -> Response:
        return _form(service, TypedRegistration.of(request.args, TypedRegistration.new(service)))

    @routes.post("/registrations/new")
    def register() -> Response:
        typed = TypedRegistration.of(request.form, TypedRegistration())
        try:
            place = service.installation.place
            made = registrations.create(service, place, typed.content(), validation_address())
        except FlowsimError as problem:
            return _form(service, typed, problem=problem)
        return done("created", made)


def _add_edit(routes: Blueprint, service: Service) -> None:
    @routes.get(_ONE)
    def edit_registration(registration_id: str) -> Response:
        found = find(service, registration_id)
        typed = TypedRegistration.of(request.args, TypedRegistration.kept(found))
        return _form(service, typed, found)

    @routes.post(_ONE)
    def change_registration(registration_id: str) -> Response:
        found = find(service, registration_id)
        typed = TypedRegistration.of(request.form, TypedRegistration.kept(found))
        filters = filtering.describe(service, found)
        kept = {"enabled": found.enabled, "subscriber_filters": filters}
        try:
            content = typed.content() | kept
            changed = registrations.update(service, found, content, validation_address())
        except FlowsimError as problem:
            return _form(service, typed, found, problem)
        return done("changed", changed)


def done(what: str, registration: Registration) -> Response:
    """Return the way to the page of a registration, which says what was done."""
    address = f"/registrations/{registration.registration_id}?done={what}"
    return redirect(address, 303)  # type: ignore[return-value]


def status_of(problem: FlowsimError) -> int:
    """Return the status of the answer that explains a problem."""
    return problem.status_code if isinstance(problem, ApiError) else 503


def _form(
    service: Service,
    typed: TypedRegistration,
    found: Registration | None = None,
    problem: FlowsimError | None = None,
) -> Response:
    """Return the form, with the API's own sentence about what is wrong in it."""
    if problem is not None and pages.wants_json():
        raise problem
    content: dict[str, Any] = {
        "typed": asdict(typed),
        "groups": groups(service, typed.find, typed.events),
        "registration_id": found.registration_id if found else None,
    }
    headers = problem.headers if isinstance(problem, ApiError) else {}
    shown = {
        "delivery_types": DELIVERY_TYPES,
        "problem": str(problem) if problem else "",
        "conflicting": headers.get("x-conflicting-id", ""),
        "found": found,
        "tab": "edit",
        "done": "",
    }
    status = status_of(problem) if problem else 200
    return pages.answer(
        "registration_form.html", content, status=status, parts=("events",), shown=shown
    )
