"""Where producers publish events: ``POST /`` (io-events-protocol.md 6.5)."""

from __future__ import annotations

from flask import Blueprint, Response, request

from ...errors import ApiError
from .. import api
from ..service import Service
from .ingress import Ingress

_GENERAL = ("*/*", "application/*", "application/json", "text/")


def blueprint(service: Service) -> Blueprint:
    """Return the route; ``x-flowsim-reason`` says why no registration gets an event."""
    routes = Blueprint("publish", __name__)
    api.guard(routes, service)
    ingress = Ingress(service)

    @routes.post("/")
    def publish() -> Response:
        header = request.headers.get
        ingress.admit(header)
        _check_accept(header("accept") or "")
        reason = ingress.publish(header, api.body_json())
        if reason:
            return Response(status=204, headers={"x-flowsim-reason": reason})
        return Response("OK", content_type="text/plain;charset=UTF-8")

    return routes


def _check_accept(accept: str) -> None:
    """Raise ``ApiError`` 406 for callers that want HAL only, as Adobe's ingress does."""
    if "application/hal+json" in accept and not any(each in accept for each in _GENERAL):
        raise ApiError(
            406,
            "Not Acceptable",
            "events are acknowledged as text, not as application/hal+json; send Accept: */*",
        )
