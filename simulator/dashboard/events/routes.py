"""The routes of the Events page: the catalogue, one event code, and sending its example."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from flask import Blueprint, Response, request

from ...errors import ApiError, ExhaustedError, FlowsimError, StoreError
from ...events_service.service import Service
from ...families.registry import Families
from ...reports.event_guide import EventGuide, guide_of
from .. import pages
from ..pages import Link
from ..service_option import service_option
from . import catalogue, sending
from .catalogue import EventVariant
from .commands import ExampleCommand, commands_of
from .example import CHOSEN, ChosenOptions, ShownExample, shown
from .partial_ingestion import FAMILY
from .sending import SentExample
from .slider import Slider, slider

LINK = Link("Events", "/events")


@dataclass(frozen=True, slots=True)
class SendTarget:
    """A registration that the example can be published to."""

    id: str
    name: str
    status: str


@dataclass(frozen=True, slots=True)
class EventPage:
    """The page of an event code.

    ``event`` is what is known about the code. ``slider`` is there for flow runs only, ``sent`` in
    the answer to a form that sends the example.
    """

    event: dict[str, Any]
    shown: ShownExample
    query: str
    variants: tuple[EventVariant, ...]
    commands: tuple[ExampleCommand, ...]
    slider: Slider | None
    targets: tuple[SendTarget, ...]
    sent: SentExample | None


def add_events(routes: Blueprint, families: Families, service: Service | None) -> None:
    """Add the pages to a blueprint; without a service, examples are sent to addresses only."""

    @routes.get("/events")
    def events() -> Response:
        found = catalogue.catalogue(families, request.args.get("text", ""))
        first = next(iter(families[FAMILY].codes)) if FAMILY in families else ""
        return pages.answer("events.html", found, parts=("list",), shown={"slider_code": first})

    @routes.get("/events/<code>")
    def event(code: str) -> Response:
        return _answer(_guide(families, code), service, request.args.to_dict(), None)

    @routes.post("/events/<code>")
    def send(code: str) -> Response:
        guide, form = _guide(families, code), request.form.to_dict()
        return _answer(guide, service, form, _sent(guide, service, form))


def _guide(families: Families, code: str) -> EventGuide:
    found = guide_of(families, code)
    if found is None:
        raise ApiError(404, "Not Found", f"no event code {code[:80]!r}; /events lists all")
    return found


def _answer(
    guide: EventGuide, service: Service | None, query: dict[str, str], sent: SentExample | None
) -> Response:
    page = page_of(guide, service, query, sent)
    names = {
        "has_service": service is not None,
        "is_chosen": CHOSEN in query,
        "here": service_option() if service is not None else "",
    }
    status = 400 if sent is not None and sent.mistake else 200
    parts = ("example", "slider", "run", "sent")
    return pages.answer("event.html", page, parts=parts, shown=names, status=status)


def page_of(
    guide: EventGuide,
    service: Service | None,
    query: dict[str, str],
    sent: SentExample | None = None,
) -> EventPage:
    """Return the page of an event code with the options that a query chooses."""
    example = shown(guide, query)
    return EventPage(
        catalogue.about(guide),
        example,
        example.choices.query,
        tuple(catalogue.variants(guide)),
        tuple(commands_of(guide, example.choices)),
        slider(query, guide.families) if guide.family.name == FAMILY else None,
        tuple(_targets(service)) if service else (),
        sent,
    )


def _targets(service: Service) -> Iterable[SendTarget]:
    for each in service.registrations.all():
        yield SendTarget(each.registration_id, each.name, each.status)


def _sent(guide: EventGuide, service: Service | None, form: dict[str, str]) -> SentExample:
    """Send the example that a form chooses; what cannot be sent is a mistake, not an error."""
    choices = ChosenOptions.of(guide, form)
    try:
        if registration := form.get("registration", ""):
            if service is None:
                raise ApiError(400, "Bad Request", "there is no service here, so no registration")
            return sending.to_registration(service, guide, choices, registration)
        client_id = service.installation.client_id if service is not None else None
        return sending.to_address(guide, choices, form.get("address", ""), client_id)
    except (StoreError, ExhaustedError):
        raise
    except FlowsimError as error:
        return SentExample("nothing was sent", mistake=str(error))
