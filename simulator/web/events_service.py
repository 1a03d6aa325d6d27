"""The events service as an application: one blueprint a file, all on one port."""

from __future__ import annotations

from flask import Flask

from ..core.served_hosts import Served
from ..service.service import Service
from . import (
    api,
    application,
    bodies,
    control,
    event_metadata,
    filters,
    health,
    hosts,
    ims,
    journal,
    key_host,
    openapi,
    platform,
    providers,
    publish,
    registrations,
    sample_events,
    state_store,
    tracing,
    validation,
)

MODULES = (
    health,
    publish,
    journal,
    ims,
    providers,
    event_metadata,
    sample_events,
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
