"""The dashboard of an events service."""

from __future__ import annotations

from functools import partial
from pathlib import Path

from flask import Blueprint

from ..events_service.control import timekeeping
from ..events_service.service import Service
from ..runtime.chance import draw_token
from . import application
from .access import PageAccess
from .application import Dashboard, PageEntry
from .checks import routes as checks
from .clock import routes as clock
from .deliveries import routes as deliveries
from .deliveries import service_routes
from .events import routes as events
from .registrations import routes as registrations
from .scenarios import routes as scenarios

COMMAND = "flowsim up"

_TOKEN = "dashboard token"
"""The setting that keeps the token: a page that is open goes on after a restart."""


def access(service: Service) -> PageAccess:
    """Return who may change something: the token is kept with the data of the service."""
    token = service.settings.get(_TOKEN)
    if token is None:
        token = draw_token()
        with service.database.transaction() as connection:
            service.settings.put(connection, _TOKEN, token)
    return PageAccess(token, COMMAND, guards_reading=service.options.strict)


def pages(service: Service, scenario_folder: Path | None = None) -> Blueprint:
    """Return the routes of all pages; ``scenario_folder`` has scenarios of the user."""
    shown = [
        PageEntry(deliveries.LINK, partial(service_routes.add, service=service)),
        PageEntry(events.LINK, lambda routes: events.add_events(routes, service.families, service)),
        PageEntry(scenarios.LINK, lambda routes: scenarios.add(routes, service, scenario_folder)),
        PageEntry(registrations.LINK, partial(registrations.add_to, service=service)),
        PageEntry(checks.LINK, partial(checks.add_checks, service=service)),
        PageEntry(clock.LINK, partial(clock.add_clock, service=service)),
    ]
    dashboard = Dashboard(
        COMMAND, service.families, access(service), lambda: timekeeping.read(service)
    )
    return application.blueprint(dashboard, shown)
