"""Whether the service runs (``/healthz``), and whether it may be used (``/readyz``)."""

from __future__ import annotations

from flask import Blueprint, Response, jsonify

from ..core.instant import spell
from .service import Service


def blueprint(service: Service) -> Blueprint:
    """Return both routes; ``/readyz`` is a 503 while the store cannot be read or written.

    It writes what is another each time: on a full disk the same again would do, and so would
    what is rolled back.
    """
    routes = Blueprint("health", __name__)

    @routes.get("/healthz")
    def healthz() -> Response:
        return jsonify({"status": "ok"})

    @routes.get("/readyz")
    def readyz() -> Response:
        with service.database.transaction() as connection:
            service.settings.count_up(connection, "readiness checks")
        registrations = len(service.registrations.all())
        now = spell(service.clock.now())
        return jsonify({"status": "ok", "now": now, "registrations": registrations})

    return routes
