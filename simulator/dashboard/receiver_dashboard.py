"""The dashboard of a receiver: what it got, on a port of its own.

The receiver itself is a webhook at every path, so its pages cannot be there.
"""

from __future__ import annotations

from flask import Blueprint, Flask

from ..core import adobe_hosts
from ..core.instant import spell
from ..core.served_hosts import Served
from ..events_service.api import base_url
from ..events_service.control.timekeeping import ClockReading
from ..families.registry import Families
from ..receiver.stub import ReceivingStub
from ..runtime.chance import draw_token
from ..runtime.clock import present
from ..web import application as web
from ..web import bodies, hosts
from . import application
from .access import PageAccess
from .application import Dashboard, PageEntry
from .deliveries import routes as deliveries
from .deliveries.detail import Details
from .deliveries.detail_routes import DetailRoutes
from .deliveries.received_deliveries import ReceivedDeliveries
from .deliveries.routes import FirstStep
from .deliveries.rows import VERDICTS
from .events import routes as events

COMMAND = "flowsim receive"

_KEY_HOST = f"https://{adobe_hosts.KEYS}"


def create(
    stub: ReceivingStub, families: Families, served: Served, webhook: str
) -> tuple[Flask, PageAccess]:
    """Return the pages as an application, and who may change something through them.

    ``webhook`` is the address at which the receiver can be called.
    """
    app = web.named("flowsim.dashboard")
    bodies.limit(app)
    hosts.guard(app, served)
    dashboard = Dashboard(COMMAND, families, PageAccess(draw_token(), COMMAND), _clock)
    source = ReceivedDeliveries(stub, families, webhook)

    def first_steps() -> list[FirstStep]:
        replay = f"flowsim replay partial --target {webhook}"
        return [FirstStep("Send a first notification to this receiver:", replay)]

    def add_deliveries(routes: Blueprint) -> None:
        deliveries.add_list(routes, source, is_service=False, first_steps=first_steps)
        details = Details(source, families, base_url, lambda: _KEY_HOST)
        DetailRoutes(source, details, {"is_service": False, "states": VERDICTS}).add_to(routes)

    def add_events(routes: Blueprint) -> None:
        events.add_events(routes, families, None)

    shown = [PageEntry(deliveries.LINK, add_deliveries), PageEntry(events.LINK, add_events)]
    application.mount(app, dashboard, shown)
    return app, dashboard.access


def _clock() -> ClockReading:
    return ClockReading(spell(present()), "real", None, None, True, 0.0)
