"""The pages of deliveries of a service, where deliveries can be made again."""

from __future__ import annotations

from typing import Any
from urllib.parse import parse_qsl, urlencode

from flask import Blueprint, Response, redirect, request

from ...errors import ApiError, ScenarioError, SettingError
from ...events_service import api, request_body
from ...events_service.control import actions
from ...events_service.control.bodies import RedeliverBody
from ...events_service.deliveries.delivery_faults import list_of_redelivery_faults
from ...events_service.service import Service
from ...files.yaml_documents import scalar
from ...installation import key_sources
from ..service_option import first_commands, service_option
from . import routes as lists
from .detail import TABS, Details
from .detail_routes import DetailRoutes
from .routes import FirstStep
from .rows import ListFilter
from .stored_deliveries import StoredDeliveries


def add(routes: Blueprint, service: Service) -> None:
    """Add the list, the details, and what can be done with a delivery."""
    source = StoredDeliveries(service, key_sources.find_key(None))
    lists.add_list(routes, source, is_service=True, first_steps=lambda: _first_steps(service))
    shown = {"is_service": True, "faults": list_of_redelivery_faults()}
    details = Details(source, service.families, api.base_url, api.base_url, service_option)
    one = DetailRoutes(source, details, shown)
    one.add_to(routes)

    @routes.post("/deliveries/<int:number>/redeliver")
    def redeliver(number: int) -> Response:
        delivery = source.one(number)
        if delivery is None:
            raise ApiError(404, "Not Found", f"no delivery {number}; they are kept for 7 days")
        try:
            asked, row = request_body.read(RedeliverBody, {"faults": _faults()}), delivery.row
            actions.redeliver(service, row.event_id, row.registration_id, asked.faults)
        except (ApiError, ScenarioError, SettingError) as error:
            return one.refused(number, error)
        place = f"/deliveries/{source.newest()}" + (f"?{query}" if (query := _query()) else "")
        return redirect(place, 303)  # type: ignore[return-value]


def _query() -> str:
    """Return the tab and the filter that the form names, as the query of a delivery's page."""
    tab = request.form.get("tab", "")
    chosen = ListFilter.of(dict(parse_qsl(request.form.get("query", "")))).chosen
    return urlencode(({"tab": tab} if tab in TABS else {}) | chosen)


def _faults() -> list[Any]:
    """Return the fault that the form names, as a scenario names it; its argument is YAML."""
    name, argument = request.form.get("fault", ""), request.form.get("argument", "").strip()
    if not name:
        return []
    return [{name: scalar(argument, "argument")} if argument else name]


def _first_steps(service: Service) -> list[FirstStep]:
    """Return what to do first, with commands that work when pasted."""
    here = service_option()
    trigger = FirstStep(
        "Send a first notification to each registration:", f"flowsim trigger partial{here}"
    )
    if service.registrations.all():
        return [trigger]
    first = first_commands(service.installation.client_id)
    return [
        FirstStep(
            "Start your webhook, or one that verifies and prints what it gets:", first.receive
        ),
        FirstStep("Register it:", first.register),
        trigger,
    ]
