"""The events service as a Flask application: the blueprints of all resources, on one port."""

from __future__ import annotations

from flask import Blueprint, Flask, Response, jsonify

from ..core.instant import spell
from ..core.served_hosts import Served
from ..receiver import key_host
from ..web import application, bodies, hosts
from . import api, openapi
from .challenges import routes as validation
from .control import routes as control
from .filters import routes as filters
from .journal import routes as journal
from .platform import routes as platform
from .providers import routes as providers
from .publishing import routes as publish
from .registrations import routes as registrations
from .service import Service
from .state_store import routes as state_store
from .tokens import routes as ims
from .tracing import routes as tracing

MODULES = (
    publish,
    journal,
    ims,
    providers,
    registrations,
    filters,
    tracing,
    validation,
    control,
    openapi,
    platform,
    state_store,
)
"""Modules with the routes of a resource, each with ``blueprint(service)``."""


def create(
    service: Service, served: Served = hosts.IN_PROCESS, pages: Blueprint | None = None
) -> Flask:
    """Return the service's interfaces as one application, under the hosts that are served.

    ``pages`` are routes beside the interfaces, such as those of the dashboard.
    """
    app = application.named("flowsim.events_service")
    bodies.limit(app)
    app.url_map.strict_slashes = False
    hosts.guard(app, served)
    app.register_blueprint(key_host.blueprint(service.public_pem))
    app.register_blueprint(health(service))
    for module in MODULES:
        app.register_blueprint(module.blueprint(service))
    if pages is not None:
        app.register_blueprint(pages)
    api.explain(app, service.request_id)
    return app


def health(service: Service) -> Blueprint:
    """Return ``/healthz`` (the service runs) and ``/readyz`` (the service can be used).

    ``/readyz`` answers 503 while the database cannot be read or written. It commits a new value
    each time: on a full disk, writing the same value or rolling back would succeed.
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
