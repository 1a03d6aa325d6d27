"""The events service as an application: one blueprint a file, all on one port."""

from __future__ import annotations

from flask import Flask

from ..core.served_hosts import Served
from ..receiver import key_host
from ..web import application, bodies, hosts
from . import api, health, openapi
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
    health,
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
"""Files of blueprints, each with ``blueprint(service)``."""


def create(service: Service, served: Served = hosts.IN_PROCESS) -> Flask:
    """Return the service's interfaces as one application, under the hosts that are served."""
    app = application.named("flowsim.events_service")
    bodies.limit(app)
    app.url_map.strict_slashes = False
    hosts.guard(app, served)
    app.register_blueprint(key_host.blueprint(service.public_pem))
    for module in MODULES:
        app.register_blueprint(module.blueprint(service))
    api.explain(app, service.request_id)
    return app
