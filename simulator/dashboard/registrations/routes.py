"""The routes of the pages of registrations that only show something."""

from __future__ import annotations

import json
from typing import Any

from flask import Blueprint, Response, request

from ...core import instant
from ...errors import ApiError
from ...events_service.challenges import actions as challenging
from ...events_service.registrations.model import Registration
from ...events_service.service import Service
from .. import pages
from ..pages import Link
from ..service_option import first_commands
from . import button_routes, filter_routes, form_routes
from .content import (
    RegistrationContent,
    content_of,
    find,
    list_version,
    listed,
    validation_address,
    version_of,
)
from .history import SPANS, draw
from .journal import journal_of
from .wording import DONE, RULE

LINK = Link("Registrations", "/registrations")

ONE = "/registrations/<registration_id>"

_LONGEST_EVENT = 20_000
"""How many characters of an event the journal shows."""


def add_to(routes: Blueprint, service: Service) -> None:
    """Add the list of registrations, the pages of each one, and their forms."""
    _add_list(routes, service)
    _add_one(routes, service)
    _add_journal(routes, service)
    form_routes.add_to(routes, service)
    filter_routes.add_to(routes, service)
    button_routes.add_to(routes, service)


def _add_list(routes: Blueprint, service: Service) -> None:
    @routes.get("/registrations")
    def registrations() -> Response:
        if request.args.get("version") == list_version(service):
            return pages.nothing_new()
        first = first_commands(service.installation.client_id)
        shown = {"moment": instant.parse, "done": _done(), "first": first}
        content = listed(service, pages.query_number("before"))
        return pages.answer("registrations.html", content, parts=("list",), shown=shown)


def _add_one(routes: Blueprint, service: Service) -> None:
    @routes.get(ONE)
    def registration(registration_id: str) -> Response:
        found, span = find(service, registration_id), _span()
        if _is_up_to_date(service, found):
            return pages.nothing_new()
        content = content_of(service, found, span)
        return pages.answer("registration.html", content, parts=("status",), shown=_shown(content))


def _shown(content: RegistrationContent) -> dict[str, Any]:
    return {
        "drawing": draw(content.history, content.changes),
        "moment": instant.parse,
        "rule": RULE,
        "done": _done(),
        "tab": "status",
    }


def _add_journal(routes: Blueprint, service: Service) -> None:
    @routes.get(f"{ONE}/journal")
    def journal(registration_id: str) -> Response:
        found = find(service, registration_id)
        content = journal_of(service, found)
        shown = {"spelled": _spelled, "found": found, "tab": "journal"}
        status = 200 if content.status == 204 else content.status
        return pages.answer("registration_journal.html", content, status=status, shown=shown)


def _spelled(event: Any) -> str:
    """Return an event as JSON on several lines, cut if it is long."""
    text = json.dumps(event, ensure_ascii=False, indent=2)
    more = len(text) - _LONGEST_EVENT
    return text if more <= 0 else f"{text[:_LONGEST_EVENT]}\n… and {more:,} characters more"


def _is_up_to_date(service: Service, registration: Registration) -> bool:
    known = request.args.get("version")
    if known is None:
        return False
    return known == version_of(
        service, challenging.summary_of(service, registration, validation_address())
    )


def _span() -> str:
    span = request.args.get("span", "day")
    if span not in SPANS:
        expected = " or ".join(SPANS)
        raise ApiError(400, "Bad Request", f"span is {span[:40]!r}; expected {expected}")
    return span


def _done() -> str:
    """Return the sentence about what was done before this page, if anything was."""
    return DONE.get(request.args.get("done", ""), "")
