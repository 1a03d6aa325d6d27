"""The routes of the page of the clock."""

from __future__ import annotations

from flask import Blueprint, Response, redirect, request

from ...core import duration
from ...errors import ApiError
from ...events_service.control import due_next, timekeeping
from ...events_service.control.bodies import AdvanceBody
from ...events_service.request_body import read as checked
from ...events_service.service import Service
from .. import pages
from ..deliveries.rows import STATES, STATUS_CLASSES
from ..pages import Link
from . import content, drawing

LINK = Link("Clock", "/clock")

STEPS = {"1m": "1 min", "15m": "15 min", "1h": "1 h", "24h": "24 h"}
"""Durations that have a button → their words."""

LIMITS = {"": "10 s, as usual", "1": "1 s", "0.2": "0.2 s"}
"""Seconds that an attempt may take → their words."""

_WAIT = 1.0
"""Seconds that an answer waits for the clock to arrive: most ways take less."""


def add_clock(routes: Blueprint, service: Service) -> None:
    """Add the page to a blueprint."""

    @routes.get("/clock")
    def clock() -> Response:
        if request.args.get("version") == content.version(service, timekeeping.read(service)):
            return pages.nothing_new()
        return _page(service)

    @routes.post("/clock/advance")
    def advance() -> Response:
        try:
            _advance(service)
        except ApiError as error:
            return _page(service, error)
        return _back()

    @routes.post("/clock/stop")
    def stop() -> Response:
        timekeeping.stop(service)
        return _back()


def _advance(service: Service) -> None:
    form = request.form
    asked = form.get("step") or form.get("duration", "").strip() or "next"
    limit = form.get("limit", "")
    if limit not in LIMITS:
        raise ApiError(422, "Unprocessable Content", f"no time limit {limit[:40]!r}")
    seconds = content.seconds_of(asked, due_next.read(service))
    body = checked(AdvanceBody, {"seconds": seconds, "timeout": float(limit) if limit else None})
    timekeeping.advance(service, body.seconds, _WAIT, body.timeout)


def _page(service: Service, error: ApiError | None = None) -> Response:
    found = content.read(service, _delivery(), str(error) if error else "")
    return pages.answer(
        "clock.html",
        found,
        status=error.status_code if error else 200,
        parts=("live",),
        shown={
            "is_manual": found.is_manual,
            "drawing": drawing.draw(found.ladder),
            "typed": request.form.get("duration", ""),
            "limit": request.form.get("limit", ""),
            "steps": STEPS,
            "limits": LIMITS,
            "states": STATES,
            "status_classes": STATUS_CLASSES,
            "spell": duration.spell,
        },
    )


def _delivery() -> int | None:
    """Return the number of the delivery whose ladder is asked for."""
    return pages.query_number("delivery")


def _back() -> Response:
    number = _delivery()
    return redirect(LINK.address if number is None else f"{LINK.address}?delivery={number}", 303)  # type: ignore[return-value]
