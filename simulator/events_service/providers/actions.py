"""Providers and their event metadata: what an organisation may see and change (6.2, 6.3)."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from ...errors import ApiError
from ..registrations.model import Workspace
from ..request_body import patched_body, read, refusal, spell
from ..service import Service
from .bodies import EventMetadataBody, ProviderCreate, ProviderQuery, ProviderUpdate
from .model import CUSTOM, EventMetadata, Provider, ProviderMetadata


def listed(service: Service, org: str, query: ProviderQuery) -> list[Provider]:
    """Return the providers that an organisation can see and the query selects.

    An organisation is unknown, and sees no provider, if its id is no number and it made no
    provider. Raises ``ApiError`` 404 for a kind or an instance that does not exist.
    """
    found = service.providers.of_org(org)
    if not org.isdecimal() and not any(each.org for each in found):
        return []
    if query.metadata_any:
        found = [each for each in found if each.metadata in query.metadata_any]
    if query.metadata:
        found = [each for each in found if each.metadata == query.metadata]
    if query.instance:
        found = [each for each in found if each.instance_id == query.instance]
    if not found and (query.metadata or query.instance):
        kind, instance = spell(query.metadata or "any"), spell(query.instance or "any")
        raise _missing(f"no provider of the kind {kind} with the instance {instance}")
    return found


def find(service: Service, provider_id: str) -> Provider:
    """Return a provider; raises ``ApiError`` 404 if there is none."""
    found = service.providers.find(provider_id)
    if found is None:
        raise _missing(f"no provider {spell(provider_id)}")
    return found


def find_own(service: Service, org: str, provider_id: str) -> Provider:
    """Return a provider that an organisation may change; raises ``ApiError`` 403 or 404."""
    found = find(service, provider_id)
    if not found.org:
        raise ApiError(403, "Forbidden", f"{found.label} is Adobe's own provider: only read it")
    if found.org != org:
        raise ApiError(403, "Forbidden", f"the provider belongs to the organisation {found.org}")
    return found


def create(service: Service, place: Workspace, publisher: str, content: object) -> Provider:
    """Make a provider and return it.

    Raises ``ApiError``: 400 with every mistake, 403 for a kind that only Adobe provides, 404
    for an unknown kind, 409 if there is one of this kind and instance.
    """
    body = read(ProviderCreate, content)
    kind = _kind(service, body.provider_metadata or CUSTOM)
    instance = body.instance_id or _new_instance(service, kind)
    with service.database.transaction() as connection:
        conflicting = service.providers.of_instance(place.org, kind.id, instance)
        if conflicting:
            raise _conflict(conflicting)
        made = Provider(
            id=service.new_id("provider"),
            org=place.org,
            metadata=kind.id,
            instance_id=instance,
            label=body.label,
            description=_description(body, kind),
            docs_url=body.docs_url or "",
            publisher=publisher,
            event_delivery_format=body.event_delivery_format or kind.event_delivery_format,
            data_residency_region=(body.data_residency_region or "VA6").upper(),
            project=place.project,
            workspace=place.workspace,
        )
        service.providers.put(connection, made)
    return made


def update(service: Service, org: str, provider_id: str, content: object) -> Provider:
    """Change a provider as a body says, and return it; absent members get their defaults.

    Kind and instance stay as they are, and so does a delivery format that is left out.
    """
    return _save(service, org, provider_id, lambda _: read(ProviderUpdate, content))[1]


def patch(service: Service, org: str, provider_id: str, content: object) -> Provider | None:
    """Apply a JSON patch and return the provider, or nothing if the patch has no effect."""

    def patched(found: Provider) -> ProviderUpdate:
        return patched_body(ProviderUpdate, found, content)

    before, after = _save(service, org, provider_id, patched)
    return after if after != before else None


def delete(service: Service, org: str, provider_id: str) -> None:
    """Delete a provider and its event metadata."""
    with service.database.transaction() as connection:
        service.providers.delete(connection, find_own(service, org, provider_id).id)
    service.directory.forget()


def find_metadata(service: Service, provider_id: str, code: str) -> EventMetadata:
    """Return one kind of event; raises ``ApiError`` 404 if there is none."""
    found = service.providers.find_metadata(provider_id, code)
    if found is None:
        raise _missing(f"no event metadata {spell(code)} of the provider {spell(provider_id)}")
    return found


def create_metadata(service: Service, org: str, provider_id: str, content: object) -> EventMetadata:
    """Make a kind of event and return it; one that is there already is replaced.

    Adobe names no conflict here, and scripts that run again rely on that.
    """
    with service.database.transaction() as connection:
        provider = find_own(service, org, provider_id)
        made = _metadata(provider.id, read(EventMetadataBody, content))
        service.providers.put_metadata(connection, made)
    return made


def update_metadata(
    service: Service, org: str, provider_id: str, code: str, content: object
) -> EventMetadata:
    """Change a kind of event and return it; raises ``ApiError`` 400 for another event code."""
    with service.database.transaction() as connection:
        provider = find_own(service, org, provider_id)
        changed = _changed_metadata(provider.id, code, read(EventMetadataBody, content))
        find_metadata(service, provider.id, code)
        service.providers.put_metadata(connection, changed)
    return changed


def patch_metadata(
    service: Service, org: str, provider_id: str, code: str, content: object
) -> EventMetadata | None:
    """Apply a JSON patch and return the kind of event, or nothing if it has no effect."""
    with service.database.transaction() as connection:
        found = find_metadata(service, find_own(service, org, provider_id).id, code)
        body = patched_body(EventMetadataBody, found, content)
        changed = _changed_metadata(found.provider_id, code, body)
        service.providers.put_metadata(connection, changed)
    return changed if changed != found else None


def delete_metadata(service: Service, org: str, provider_id: str, code: str) -> None:
    """Delete a kind of event."""
    with service.database.transaction() as connection:
        found = find_metadata(service, find_own(service, org, provider_id).id, code)
        service.providers.delete_metadata(connection, found.provider_id, code)


def delete_all_metadata(service: Service, org: str, provider_id: str) -> None:
    """Delete all kinds of events of a provider."""
    with service.database.transaction() as connection:
        provider = find_own(service, org, provider_id)
        service.providers.delete_metadata(connection, provider.id)


def _kind(service: Service, name: str) -> ProviderMetadata:
    kind = service.kinds.get(name)
    own = [each.id for each in service.kinds.values() if each.has_multiple_providers]
    if kind is None:
        raise _missing(f"no provider_metadata {spell(name)}; there are {', '.join(own)}")
    if kind.id not in own:
        text = f"there is one provider of {kind.id}, Adobe's own; yours can be {', '.join(own)}"
        raise ApiError(403, "Forbidden", text)
    return kind


def _new_instance(service: Service, kind: ProviderMetadata) -> str:
    if kind.id != CUSTOM:
        raise refusal([f"instance_id: nothing; expected a value, for {kind.id} needs one"])
    return service.new_id("instance")


def _description(body: ProviderUpdate, kind: ProviderMetadata) -> str:
    return kind.description if body.description is None else body.description


def _save(
    service: Service, org: str, provider_id: str, body_for: Callable[[Provider], ProviderUpdate]
) -> tuple[Provider, Provider]:
    """Change a provider as a body says; return it as it was and as it is."""
    with service.database.transaction() as connection:
        found = find_own(service, org, provider_id)
        body = body_for(found)
        changed = replace(
            found,
            label=body.label,
            description=_description(body, service.kinds[found.metadata]),
            docs_url=body.docs_url or "",
            event_delivery_format=body.event_delivery_format or found.event_delivery_format,
        )
        service.providers.put(connection, changed)
    service.directory.forget()
    return found, changed


def _metadata(provider_id: str, body: EventMetadataBody) -> EventMetadata:
    sample = body.sample_event_template or None
    return EventMetadata(provider_id, body.event_code, body.label, body.description, sample)


def _changed_metadata(provider_id: str, code: str, body: EventMetadataBody) -> EventMetadata:
    if body.event_code != code:
        text = f"event_code: {spell(body.event_code)}; expected {spell(code)}, as in the path"
        raise refusal([text])
    return _metadata(provider_id, body)


def _missing(message: str) -> ApiError:
    return ApiError(404, "Not Found", message)


def _conflict(provider: Provider) -> ApiError:
    return ApiError(
        409,
        "Conflict",
        f"there is a provider of {provider.metadata} with the instance_id "
        f"{spell(provider.instance_id)}: {provider.id}",
        {"x-conflicting-id": provider.id},
    )
