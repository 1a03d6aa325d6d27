"""Registrations as the API prints them (io-events-protocol.md 3.5, 5.1, 6.4)."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote

from ...core.header_lines import whole_number
from ...core.instant import spell
from ..providers.model import EventMetadata, Provider, header_name
from ..request_body import refusal
from .model import DISABLED, EventOfInterest, Registration, Workspace

Json = dict[str, Any]
Kinds = Mapping[EventOfInterest, tuple[Provider | None, EventMetadata | None]]
"""Event of interest → its provider and metadata; None for what was deleted."""

DEFAULT_SIZE, LARGEST_SIZE = 10, 100
"""Registrations of a page."""


@dataclass(frozen=True, slots=True)
class DocumentContext:
    """What a document needs besides its registration.

    ``base`` is scheme and authority of the service; ``journals`` and ``traces`` are those of
    the hosts on which Adobe serves journals and traces. ``filters`` are those of each
    registration, by its key.
    """

    base: str
    journals: str
    traces: str
    credential_id: str
    kinds: Kinds
    filters: Mapping[int, list[Json]]


def describe(registration: Registration, context: DocumentContext) -> Json:
    """Return the document of a registration.

    ``enabled`` is false while the status is DISABLED, as at Adobe. A registration for a runtime
    action has the address that Adobe generates for it; nothing is sent there.
    """
    place = registration.workspace
    document = {
        "id": registration.key,
        "name": registration.name,
        "description": registration.description,
        "client_id": registration.client_id,
        "registration_id": registration.registration_id,
        "events_of_interest": [
            _interest(each, context) for each in registration.events_of_interest
        ],
        "webhook_status": registration.status,
        "created_date": spell(registration.created),
        "updated_date": spell(registration.updated),
        "consumer_id": place.org,
        "project_id": place.project,
        "workspace_id": place.workspace,
        "webhook_url": registration.webhook_url or _action_url(registration),
        "delivery_type": registration.delivery_type,
        "runtime_action": registration.runtime_action,
        "enabled": registration.enabled and registration.status != DISABLED,
        "destination_metadata": registration.destination_metadata,
        "subscriber_filters": context.filters[registration.key],
        "_links": _links(registration, context),
    }
    return {name: value for name, value in document.items() if value is not None}


def collection_address(base: str, place: Workspace) -> str:
    """Return the URL of the registrations of a workspace."""
    return f"{base}/events/{_path(place.org, place.project, place.workspace)}/registrations"


def address(base: str, registration: Registration) -> str:
    """Return the URL of a registration in the API; ``base`` is the address of the service."""
    return f"{collection_address(base, registration.workspace)}/{registration.registration_id}"


def org_address(base: str, org: str) -> str:
    """Return the URL of all registrations of an organisation."""
    return f"{base}/events/{_path(org)}/registrations"


def _interest(interest: EventOfInterest, context: DocumentContext) -> Json:
    provider, metadata = context.kinds[interest]
    document: Json = {"event_code": interest.event_code}
    if metadata:
        document |= {"event_label": metadata.label, "event_description": metadata.description}
    document["provider_id"] = interest.provider_id
    if provider:
        document |= {
            "provider": header_name(provider),
            "provider_label": provider.label,
            "provider_description": provider.description,
            "provider_docs_url": provider.docs_url,
            "event_delivery_format": provider.event_delivery_format,
        }
    return document


def _action_url(registration: Registration) -> str | None:
    if registration.runtime_action is None:
        return None
    named = registration.runtime_action.split("/")
    namespace = named[1] if named[0] == "" and len(named) > 1 else "_"
    id_ = registration.registration_id
    return (
        f"https://runtime.adobe.io/api/v1/web/{_path(namespace)}/acp/sync_event_handler_{id_}"
        f"?sync=true&id={id_}"
    )


def _links(registration: Registration, context: DocumentContext) -> Json:
    place, id_ = registration.workspace, registration.registration_id
    journal = f"organizations/{_path(place.org)}/integrations/{context.credential_id}/{id_}"
    trace = f"traces/{_path(place.org, place.project, place.workspace)}/registration/{id_}"
    return {
        "rel:events": {"href": f"{context.journals}/events/{journal}"},
        "rel:trace": {"href": f"{context.traces}/{trace}"},
        "self": {"href": address(context.base, registration)},
    }


def _path(*steps: str) -> str:
    return "/".join(quote(step, safe="") for step in steps)


@dataclass(frozen=True, slots=True)
class RegistrationPage:
    """One page of a list: ``number`` counts from 0, ``total`` are the elements of all pages."""

    number: int
    size: int
    total: int

    @classmethod
    def read(cls, number: str | None, size: str | None, total: int) -> RegistrationPage:
        """Return the page that a query asks for; raises ``ApiError`` 400 if there is none.

        There is always a page 0, even for an empty list.
        """
        mistakes: list[str] = []
        own_size = DEFAULT_SIZE if size is None else whole_number(size)
        if own_size is None or not 1 <= own_size <= LARGEST_SIZE:
            mistakes.append(f"size: {size!r}; expected a number from 1 to {LARGEST_SIZE}")
            own_size = None
        own_number = 0 if number is None else whole_number(number)
        last = max(0, -(-total // (own_size or 1)) - 1)
        if own_number is None or own_number > last:
            mistakes.append(f"page: {number!r}; expected a number from 0 to {last}")
        if mistakes or own_number is None or own_size is None:
            raise refusal(mistakes)
        return cls(own_number, own_size, total)

    @property
    def offset(self) -> int:
        """How many elements are on the pages before."""
        return self.number * self.size

    @property
    def pages(self) -> int:
        return -(-self.total // self.size)

    def describe(self) -> dict[str, int]:
        """Return the member ``page`` of a collection: sizes and totals."""
        return {
            "size": self.size,
            "number": self.number,
            "numberOfElements": max(0, min(self.size, self.total - self.offset)),
            "totalElements": self.total,
            "totalPages": self.pages,
        }

    def links(self, address: str) -> dict[str, dict[str, str]]:
        """Return the links of the page, to pages that exist."""
        return {
            rel: {"href": f"{address}?page={number}&size={self.size}"}
            for rel, number in self._neighbours()
        }

    def _neighbours(self) -> Iterator[tuple[str, int]]:
        yield "first", 0
        if self.number:
            yield "prev", self.number - 1
        yield "self", self.number
        if self.number + 1 < self.pages:
            yield "next", self.number + 1
        yield "last", max(0, self.pages - 1)
