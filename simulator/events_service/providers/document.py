"""Providers, event metadata and samples as the API prints them, with links (6.2, 6.3)."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import asdict
from typing import Any
from urllib.parse import quote

from .. import api
from .model import EventMetadata, Provider, ProviderMetadata
from .samples import Sample

Json = dict[str, Any]


def provider(
    shown: Provider, metadata: Iterable[EventMetadata] | None, *, alone: bool = False
) -> Json:
    """Return a provider, with its event metadata unless they are None.

    ``alone`` is false in a list. A provider ``alone`` with event metadata has a link ``self`` that
    asks for the metadata too.
    """
    query = "?eventmetadata=true" if alone and metadata is not None else ""
    optional = {"docs_url": shown.docs_url, "instance_id": shown.instance_id}
    hal: Json = {
        "id": shown.id,
        "label": shown.label,
        "description": shown.description,
        "source": shown.source,
        "publisher": shown.publisher,
        "provider_metadata": shown.metadata,
        "event_delivery_format": shown.event_delivery_format,
        "data_residency_region": shown.data_residency_region,
        **{name: value for name, value in optional.items() if value},
        "_links": {
            "rel:eventmetadata": _link("providers", shown.id, "eventmetadata"),
            **_update(shown),
            "self": _link("providers", shown.id, query=query),
        },
    }
    if metadata is not None:
        hal["_embedded"] = {"eventmetadata": [event_metadata(shown, each) for each in metadata]}
    return hal


def providers(org: str, shown: list[Json]) -> Json:
    """Return the list of an organisation's providers."""
    return _collection("providers", shown, org, "providers")


def event_metadata(of: Provider, shown: EventMetadata, sample: Sample | None = None) -> Json:
    """Return a kind of event, with its sample if there is one to show."""
    place = "providers", of.id, "eventmetadata", shown.event_code
    hal: Json = {
        "description": shown.description,
        "label": shown.label,
        "event_code": shown.event_code,
        "_links": {
            "rel:sample_event": _link(*place, "sample_event"),
            **_update(of, "eventmetadata", shown.event_code),
            "self": _link(*place),
        },
    }
    if sample is not None:
        hal["_embedded"] = {"sample_event": sample_event(shown, sample)}
    return hal


def event_metadata_list(of: Provider, shown: Iterable[EventMetadata]) -> Json:
    """Return all kinds of events of a provider."""
    rows = [event_metadata(of, each) for each in shown]
    return _collection("eventmetadata", rows, "providers", of.id, "eventmetadata")


def sample_event(of: EventMetadata, sample: Sample) -> Json:
    """Return a sample event."""
    place = "providers", of.provider_id, "eventmetadata", of.event_code, "sample_event"
    return {
        "format": sample.format,
        "sample_payload": sample.payload,
        "_links": {"self": _link(*place)},
    }


def provider_metadata(kinds: Iterable[ProviderMetadata]) -> Json:
    """Return the kinds of providers."""
    rows = [asdict(each) for each in kinds]
    for row in rows:
        del row["event_delivery_format"]
    return _collection("providermetadata", rows, "providermetadata")


def _collection(name: str, rows: list[Json], *place: str) -> Json:
    return {"_embedded": {name: rows}, "_links": {"self": _link(*place)}}


def _update(of: Provider, *steps: str) -> Json:
    """Return the link for changes; Adobe's own providers have none (6.2)."""
    if not of.org:
        return {}
    place = of.org, of.project, of.workspace, "providers", of.id
    return {"rel:update": _link(*place, *steps)}


def _link(*steps: str, query: str = "") -> Json:
    path = "/".join(quote(each, safe="") for each in steps)
    return {"href": f"{api.base_url()}/events/{path}{query}"}
