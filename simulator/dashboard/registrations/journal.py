"""The journal of a registration, page by page as a client sees it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from urllib.parse import urlencode

from flask import request

from ...core import json_reading, json_writing
from ...errors import ApiError
from ...events_service import api
from ...events_service.journal import query as journal_query
from ...events_service.journal.actions import Journal, Reading
from ...events_service.journal.model import Address, links, parse_position
from ...events_service.journal.query import JournalQuery
from ...events_service.publishing.table import Events
from ...events_service.registrations.model import Registration
from ...events_service.service import Service
from ...families.event_line import body_line, body_result

FIRST_LIMIT = "20"
"""The limit in the form at first; a client that states none gets the service's own."""

_ARGUMENTS = ("since", "seek", "latest", "limit")


@dataclass(frozen=True, slots=True)
class JournalRow:
    """One entry: its position, what is known of its event, and the event as it is delivered."""

    position: str
    event_id: str
    event_code: str
    at: datetime | None
    says: str
    result: str
    event: Any


@dataclass(frozen=True, slots=True)
class JournalLink:
    """A link of the answer: its relation, and its address."""

    rel: str
    address: str


@dataclass(frozen=True, slots=True)
class JournalContent:
    """A page of a journal.

    ``asked`` is the query that was typed, ``address`` what the client gets. ``status`` is that of
    the answer: 200 with events, 204 at the end of the journal, else 400 or 410 with ``problem``.
    ``position`` is up to where was read, ``next`` the query of the next page, ``count`` how many
    entries come after this page.
    """

    registration_id: str
    asked: dict[str, str]
    address: str
    status: int
    problem: str
    position: str
    next: str
    count: int
    answer_links: Sequence[JournalLink]
    entries: Sequence[JournalRow]


def journal_of(service: Service, registration: Registration) -> JournalContent:
    """Return the page that the query of the request asks for."""
    asked = _asked()
    own, id_ = service.installation, registration.registration_id
    place = Address(registration.workspace.org, own.credential_id, id_)
    given = {name: value for name, value in asked.items() if value}
    address = f"{api.base_url()}/events{place.path}{'?' if given else ''}{urlencode(given)}"
    try:
        query = journal_query.read(given.get)
        journal = Journal(service, place)
        reading = journal.read(query)
        left = journal.count(JournalQuery(since=reading.until)) if reading.until else 0
    except ApiError as error:
        problem = str(error)
        return JournalContent(id_, asked, address, error.status_code, problem, "", "", 0, (), ())
    found = links(place, reading.until, query.limit, "/events")
    kept = {"limit": str(query.limit)} if query.limit else {}
    return JournalContent(
        registration_id=id_,
        asked=asked,
        address=address,
        status=200 if reading.page else 204,
        problem="",
        position=reading.until,
        next=urlencode({"since": reading.until, **kept}),
        count=left,
        answer_links=[*map(_link, found)],
        entries=[*_rows(service, registration, reading)],
    )


def _asked() -> dict[str, str]:
    """Return the arguments in the query of the request, stated or empty; at first a limit."""
    asked = {name: request.args.get(name, "").strip() for name in _ARGUMENTS}
    if not any(name in request.args for name in _ARGUMENTS):
        asked["limit"] = FIRST_LIMIT
    return asked


def _link(line: str) -> JournalLink:
    """Return a link as its header line says it: ``<address>; rel="next"``."""
    address, _, rel = line.partition("; ")
    return JournalLink(rel.removeprefix("rel=").strip('"'), address.strip("<>"))


def _rows(service: Service, registration: Registration, reading: Reading) -> Iterator[JournalRow]:
    if reading.page is None:
        return
    elements = json_reading.parse_body(reading.page.body)["events"]
    id_ = registration.registration_id
    places = [parse_position(each["position"], id_).seq for each in elements]
    known = {each.seq: each.event for each in Events(service.database).find(places)}
    for place, each in zip(places, elements, strict=True):
        event = known.get(place)
        code = event.notification.event_code if event else ""
        body = json_writing.compact(each["event"])
        yield JournalRow(
            position=each["position"],
            event_id=event.id if event else "",
            event_code=code,
            at=event.time if event else None,
            says=body_line(service.families, code, body),
            result=body_result(service.families, code, body),
            event=each["event"],
        )
