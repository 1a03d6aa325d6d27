"""The page of the filter of a registration: it is read, tried, saved and deleted there."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from flask import Blueprint, Response, request

from ...errors import ApiError, FlowsimError
from ...events_service.registrations.model import Registration
from ...events_service.service import Service
from .. import pages
from . import filters
from .content import find
from .filters import EXAMPLE, FilterContent, TriedEvent, TypedFilter
from .form_routes import done, status_of
from .wording import DONE

_FILTER = "/registrations/<registration_id>/filter"


def add_to(routes: Blueprint, service: Service) -> None:
    """Add the page; what the API refuses is shown at the form, with what was typed."""

    @routes.get(_FILTER)
    def filter_page(registration_id: str) -> Response:
        found = find(service, registration_id)
        return _page(found, filters.filter_of(service, found))

    @routes.post(_FILTER)
    def change_filter(registration_id: str) -> Response:
        found = find(service, registration_id)
        before = filters.filter_of(service, found)
        typed = TypedFilter.of(request.form, before.filter)
        kept = replace(before, filter=typed)
        try:
            tried = _done(service, found, typed)
        except FlowsimError as problem:
            if pages.wants_json():
                raise
            status = status_of(problem)
            return _page(found, replace(kept, problem=str(problem), status=status))
        if tried is not None:
            return _page(found, replace(kept, tried=tried))
        return done("filtered" if request.form["do"] == "save" else "unfiltered", found)


def _done(
    service: Service, registration: Registration, typed: TypedFilter
) -> Sequence[TriedEvent] | None:
    """Do what the button says; return the outcome of a trial."""
    wanted = request.form.get("do", "")
    if wanted == "try":
        return filters.try_out(service, registration, typed)
    if wanted == "save":
        filters.save(service, registration, typed)
    elif wanted == "delete":
        filters.delete(service, registration)
    else:
        raise ApiError(400, "Bad Request", f"do is {wanted[:40]!r}; expected try, save or delete")
    return None


def _page(registration: Registration, content: FilterContent) -> Response:
    shown = {
        "found": registration,
        "example": EXAMPLE,
        "done": DONE.get(request.args.get("done", ""), ""),
        "tab": "filter",
    }
    return pages.answer("registration_filter.html", content, status=content.status, shown=shown)
