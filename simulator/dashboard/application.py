"""The dashboard as a blueprint: all pages, their assets, and who may use them."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any, cast

from flask import Blueprint, Flask, Response, request, send_from_directory
from flask.blueprints import BlueprintSetupState
from werkzeug.exceptions import HTTPException, MethodNotAllowed, NotFound

from ..core.instant import spell
from ..errors import ApiError, FlowsimError, ScenarioError, SettingError
from ..events_service.control.timekeeping import ClockReading
from ..families.registry import Families
from ..runtime.clock import present
from ..runtime.version import __version__
from . import form_limits, pages
from .access import PageAccess
from .pages import Link

_ASSETS = Path(__file__).with_name("assets")
_KINDS = ("*.css", "*.js", "*.svg")

_WITHOUT_ROUTE = {
    NotFound: (404, "Not Found", "there is no page at this address"),
    MethodNotAllowed: (405, "Method Not Allowed", "this address takes a form, and has no page"),
}
"""What was asked for → the status, its reason, and the message of the page."""


@dataclass(frozen=True, slots=True)
class Dashboard:
    """What all pages know of the program that serves them.

    ``name`` is its command, ``clock`` reads what time it is there, ``begun`` is when it started.
    """

    name: str
    families: Families
    access: PageAccess
    clock: Callable[[], ClockReading]
    begun: str = field(default_factory=lambda: spell(present()))

    def clock_version(self, reading: ClockReading) -> str:
        """Return a text that changes when the clock is moved, or another one is started.

        A clock that runs does not change it: an open page lets its clock run too.
        """
        return f"{reading.kind}.{reading.now if reading.kind == 'manual' else self.begun}"


@dataclass(frozen=True, slots=True)
class PageEntry:
    """A page in the navigation, and the function that adds its routes."""

    link: Link
    add_to: Callable[[Blueprint], None]


def blueprint(dashboard: Dashboard, shown: Sequence[PageEntry]) -> Blueprint:
    """Return the routes of some pages."""
    routes = Blueprint("dashboard", __name__, template_folder="templates")
    routes.before_app_request(lambda: _without_route(dashboard, [each.link for each in shown]))
    routes.before_request(dashboard.access.check)
    routes.before_request(form_limits.check)
    routes.after_request(_secure)
    routes.register_error_handler(FlowsimError, _explain)
    routes.register_error_handler(HTTPException, _explain_http)
    routes.context_processor(lambda: _frame(dashboard, [each.link for each in shown]))
    routes.record_once(_prepare)
    routes.add_url_rule("/assets/<name>", view_func=_asset)
    routes.add_url_rule("/head/clock", view_func=lambda: _clock(dashboard))
    for each in shown:
        each.add_to(routes)
    return routes


def _prepare(state: BlueprintSetupState) -> None:
    pages.prepare_templates(cast(Flask, state.app))


def mount(app: Flask, dashboard: Dashboard, shown: Sequence[PageEntry]) -> None:
    """Add the pages to an application that already guards its hosts."""
    app.register_blueprint(blueprint(dashboard, shown))
    app.register_error_handler(FlowsimError, _explain)


def _frame(dashboard: Dashboard, links: Sequence[Link]) -> dict[str, Any]:
    """Return what the frame of every page shows."""
    reading = dashboard.clock()
    return {
        "program": dashboard.name,
        "flowsim_version": __version__,
        "links": links,
        "clock": reading,
        "clock_version": dashboard.clock_version(reading),
        "may_change": dashboard.access.is_known(),
        "asset": _address_of,
        "path": request.path,
    }


def _clock(dashboard: Dashboard) -> Response:
    """Answer with the clock in the head of a page, or 204 if the page has it already."""
    reading = dashboard.clock()
    if request.args.get("version") == dashboard.clock_version(reading):
        return pages.nothing_new()
    return pages.answer("head/_clock.html", reading)


@cache
def _address_of(name: str) -> str:
    """Return the address of an asset; it changes with the content, so browsers may keep it."""
    digest = hashlib.sha256((_ASSETS / name).read_bytes()).hexdigest()
    return f"/assets/{name}?v={digest[:12]}"


def _asset(name: str) -> Response:
    if not any(Path(name).match(kind) for kind in _KINDS):
        raise ApiError(404, "Not Found", f"no file {name[:80]!r}")
    found = send_from_directory(_ASSETS, name, max_age=31_536_000)
    found.headers["cache-control"] = "public, max-age=31536000, immutable"
    return found


def _secure(response: Response) -> Response:
    for name, value in pages.HEADERS.items():
        response.headers.setdefault(name, value)
    return response


def _explain(error: FlowsimError) -> Response:
    """Answer an error with a page, or with JSON as the API does."""
    if isinstance(error, ApiError):
        return _problem(error.status_code, error.reason, str(error))
    if isinstance(error, SettingError | ScenarioError):
        return _problem(400, "Bad Request", str(error))
    return _problem(503, "Service Unavailable", str(error))


def _explain_http(error: HTTPException) -> Response:
    return _problem(error.code or 500, error.name, error.description or error.name)


def _without_route(dashboard: Dashboard, links: Sequence[Link]) -> Response | None:
    """Answer a browser with a page if no route fits its address; others get what the API says."""
    error = request.routing_exception
    if not isinstance(error, NotFound | MethodNotAllowed) or not _is_shown_to(dashboard.access):
        return None
    status, reason, message = _WITHOUT_ROUTE[type(error)]
    found = {"reason": reason, "message": message}
    frame = {"status": status, **_frame(dashboard, links)}
    answer = pages.answer("problem.html", found, status=status, shown=frame)
    answer.headers.extend({name: value for name, value in error.get_headers() if name == "Allow"})
    return _secure(answer)


def _is_shown_to(access: PageAccess) -> bool:
    """Return whether a browser asks that may see pages, under a name that has pages."""
    is_browser = request.method == "GET" and "text/html" in request.accept_mimetypes.values()
    return is_browser and not pages.wants_json() and access.may_read()


def _problem(status: int, reason: str, message: str) -> Response:
    found = {"reason": reason, "message": message}
    is_part = "part" in request.args
    template = "problem/_message.html" if is_part else "problem.html"
    return pages.answer(template, found, status=status, shown={"status": status})
