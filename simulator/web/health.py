"""Whether the service runs (``/healthz``), and whether it may be used (``/readyz``)."""

from __future__ import annotations

from flask import Blueprint, Response, jsonify

from ..core.instant import spell
from ..service.service import Service


def blueprint(service: Service) -> Blueprint:
    """Return both routes; ``/readyz`` asks the store, and is a 503 while that cannot answer."""
    routes = Blueprint("health", __name__)

    @routes.get("/healthz")
    def healthz() -> Response:
        return jsonify({"status": "ok"})

    @routes.get("/readyz")
    def readyz() -> Response:
        registrations = len(service.registrations.all())
        now = spell(service.clock.now())
        return jsonify({"status": "ok", "now": now, "registrations": registrations})

    return routes
