"""A registration as the API prints it (io-events-protocol.md 3.5, 5.1, 6.4)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote

from ...core.instant import spell
from ..providers.model import EventMetadata, Provider, header_name
from ..workspace import Workspace
from .model import EventOfInterest, Registration
from .status import DISABLED

Json = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Surroundings:
    """What a document says that is not the registration's own.

    ``base`` is scheme and authority of the service, ``journals`` and ``traces`` those of what
    Adobe serves elsewhere. ``kinds`` are the provider and the metadata of each event of
    interest, as far as they still exist; ``filters`` those of each registration, by its key.
    """

    base: str
    journals: str
    traces: str
    credential_id: str
    kinds: Mapping[EventOfInterest, tuple[Provider | None, EventMetadata | None]]
    filters: Mapping[int, list[Json]]


def describe(registration: Registration, around: Surroundings) -> Json:
    """Return the document.

    A registration that is DISABLED prints ``enabled`` as false, as Adobe does. One for a
    runtime action prints the address that Adobe makes up for it; nothing is sent there.
    """
    place = registration.workspace
    document = {
        "id": registration.key,
        "name": registration.name,
        "description": registration.description,
        "client_id": registration.client_id,
        "registration_id": registration.registration_id,
        "events_of_interest": [_interest(each, around) for each in registration.events_of_interest],
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
        "subscriber_filters": around.filters[registration.key],
        "_links": _links(registration, around),
    }
    return {name: value for name, value in document.items() if value is not None}


def collection_address(base: str, place: Workspace) -> str:
    """Return where the registrations of a workspace are."""
    return f"{base}/events/{_path(place.org, place.project, place.workspace)}/registrations"


def address(base: str, registration: Registration) -> str:
    """Return where a registration is."""
    return f"{collection_address(base, registration.workspace)}/{registration.registration_id}"


def org_address(base: str, org: str) -> str:
    """Return where all registrations of an organisation are."""
    return f"{base}/events/{_path(org)}/registrations"


def _interest(interest: EventOfInterest, around: Surroundings) -> Json:
    provider, metadata = around.kinds[interest]
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


def _links(registration: Registration, around: Surroundings) -> Json:
    place, id_ = registration.workspace, registration.registration_id
    journal = f"organizations/{_path(place.org)}/integrations/{around.credential_id}/{id_}"
    trace = f"traces/{_path(place.org, place.project, place.workspace)}/registration/{id_}"
    return {
        "rel:events": {"href": f"{around.journals}/events/{journal}"},
        "rel:trace": {"href": f"{around.traces}/{trace}"},
        "self": {"href": address(around.base, registration)},
    }


def _path(*steps: str) -> str:
    return "/".join(quote(step, safe="") for step in steps)
