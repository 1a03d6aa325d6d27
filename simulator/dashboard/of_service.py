"""The dashboard of an events service."""

from __future__ import annotations

from flask import Blueprint

from ..core.shell_words import quoted
from ..events_service import api
from ..events_service.control import timekeeping
from ..events_service.service import Service
from ..installation import key_sources
from ..runtime.chance import draw_token
from . import application
from .access import PageAccess
from .application import Dashboard, PageEntry
from .deliveries import routes as deliveries
from .deliveries.detail import Details
from .deliveries.detail_routes import DetailRoutes
from .deliveries.routes import FirstStep
from .deliveries.stored import StoredDeliveries
from .events import routes as events

COMMAND = "flowsim up"

_TOKEN = "dashboard token"
"""The setting that keeps the token: a page that is open goes on after a restart."""

_USUAL = "http://127.0.0.1:4010"


def access(service: Service) -> PageAccess:
    """Return who may change something: the token is kept with the data of the service."""
    token = service.settings.get(_TOKEN)
    if token is None:
        token = draw_token()
        with service.database.transaction() as connection:
            service.settings.put(connection, _TOKEN, token)
    return PageAccess(token, COMMAND, guards_reading=service.options.strict)


def pages(service: Service) -> Blueprint:
    """Return the routes of all pages."""
    dashboard = Dashboard(
        COMMAND, service.families, access(service), lambda: timekeeping.read(service)
    )
    shown = [
        PageEntry(deliveries.LINK, lambda routes: _add_deliveries(routes, service)),
        PageEntry(events.LINK, lambda routes: events.add_events(routes, service.families, service)),
    ]
    return application.blueprint(dashboard, shown)


def _add_deliveries(routes: Blueprint, service: Service) -> None:
    source = StoredDeliveries(service, key_sources.find_key(None))
    deliveries.add_list(routes, source, is_service=True, first_steps=lambda: _first_steps(service))
    details = Details(source, service.families, api.base_url)
    DetailRoutes(source, details, {"is_service": True, "faults": ()}).add_to(routes)


def _first_steps(service: Service) -> list[FirstStep]:
    """Return what a newcomer does first, with commands that work when pasted."""
    url = api.base_url()
    here = "" if url == _USUAL else f" --service {quoted(url)}"
    own = service.installation
    steps = [
        FirstStep(
            "Send a first notification to each registration:", f"flowsim trigger partial{here}"
        )
    ]
    if not service.registrations.all():
        receive = f"flowsim receive --port 3000 --client-id {quoted(own.client_id)}"
        steps = [
            FirstStep("Start your webhook, or one that verifies and prints what it gets:", receive),
            FirstStep("Register it:", f"flowsim register --webhook 3000{here}"),
            *steps,
        ]
    return steps
