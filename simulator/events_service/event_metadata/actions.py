"""Event metadata: the kinds of events of a provider, and who may change them (6.3)."""

from __future__ import annotations

from ...errors import ApiError
from .. import json_patch
from ..providers.actions import find_own
from ..providers.model import EventMetadata
from ..request_body import read, refusal, spell
from ..service import Service
from .bodies import EventMetadataBody


def find(service: Service, provider_id: str, code: str) -> EventMetadata:
    """Return one kind of event, whoever asks; raises ``ApiError`` 404 if there is none."""
    found = service.providers.find_metadata(provider_id, code)
    if found is None:
        text = f"no event metadata {spell(code)} of the provider {spell(provider_id)}"
        raise ApiError(404, "Not Found", text)
    return found


def create(service: Service, org: str, provider_id: str, content: object) -> EventMetadata:
    """Make a kind of event and return it; one that is there already is replaced.

    Adobe names no conflict here, and scripts that run again rely on that.
    """
    with service.database.transaction() as connection:
        provider = find_own(service, org, provider_id)
        made = _metadata(provider.id, read(EventMetadataBody, content))
        service.providers.put_metadata(connection, made)
    return made


def update(
    service: Service, org: str, provider_id: str, code: str, content: object
) -> EventMetadata:
    """Change a kind of event and return it; raises ``ApiError`` 400 for another event code."""
    with service.database.transaction() as connection:
        provider = find_own(service, org, provider_id)
        changed = _metadata(provider.id, _same_code(code, read(EventMetadataBody, content)))
        find(service, provider.id, code)
        service.providers.put_metadata(connection, changed)
    return changed


def patch(
    service: Service, org: str, provider_id: str, code: str, content: object
) -> EventMetadata | None:
    """Apply a JSON patch and return the kind of event, or nothing if it has no effect."""
    with service.database.transaction() as connection:
        found = find(service, find_own(service, org, provider_id).id, code)
        changed = _metadata(
            found.provider_id,
            _same_code(code, json_patch.patched(EventMetadataBody, found, content)),
        )
        service.providers.put_metadata(connection, changed)
    return changed if changed != found else None


def delete(service: Service, org: str, provider_id: str, code: str) -> None:
    """Delete a kind of event."""
    with service.database.transaction() as connection:
        found = find(service, find_own(service, org, provider_id).id, code)
        service.providers.delete_metadata(connection, found.provider_id, code)


def delete_all(service: Service, org: str, provider_id: str) -> None:
    """Delete all kinds of events of a provider."""
    with service.database.transaction() as connection:
        provider = find_own(service, org, provider_id)
        service.providers.delete_metadata(connection, provider.id)


def _metadata(provider_id: str, body: EventMetadataBody) -> EventMetadata:
    return EventMetadata(
        provider_id,
        body.event_code,
        body.label,
        body.description,
        body.sample_event_template or None,
    )


def _same_code(code: str, body: EventMetadataBody) -> EventMetadataBody:
    if body.event_code != code:
        raise refusal(
            [f"event_code: {spell(body.event_code)}; expected {spell(code)}, as in the path"]
        )
    return body
