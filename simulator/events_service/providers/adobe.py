"""Adobe's own providers: one for each provider of families, with its event codes."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Iterator, Sequence

from ...core.payload import provider_id
from ...families.base import Family
from ...families.registry import Families
from .model import KINDS, PLATFORM, EventMetadata, Provider, ProviderMetadata
from .table import Providers

FORMATS = {"adobe_io": "adobe_io", "cloud_events": "cloud_events_v1"}
"""Delivery format of a family or a setting → its name in the API (6.2)."""


def kinds_of(families: Families) -> dict[str, ProviderMetadata]:
    """Return the kinds of providers by id; those of families are Adobe's own, one of each."""
    made = {name: _kind(name, found) for name, found in by_provider(families).items() if found}
    return KINDS | {name: kind for name, kind in made.items() if name not in KINDS}


def by_provider(families: Families) -> dict[str, list[Family]]:
    """Return the families of each provider of Adobe, by its provider metadata id."""
    found: dict[str, list[Family]] = {PLATFORM: []}
    for family in families.readable()[0]:
        found.setdefault(family.provider.id, []).append(family)
    return found


def providers_of(providers: Providers, families: Families) -> Iterator[Provider]:
    """Yield the provider of each family; a delivery format that was written before stays.

    The first of several families with the same provider decides its label and delivery format.
    """
    for name, found in by_provider(families).items():
        yield _provider(_kind(name, found), providers.of_instance("", name, ""))


def put_providers(connection: sqlite3.Connection, providers: Providers, families: Families) -> None:
    """Write the provider of each family, as ``providers_of`` has it, and its event codes."""
    known = by_provider(families)
    for provider in providers_of(providers, families):
        providers.put(connection, provider)
        of_provider = known[provider.metadata]
        for code in (each for family in of_provider for each in family.codes.values()):
            metadata = EventMetadata(provider.id, code.code, code.label, code.summary)
            providers.put_metadata(connection, metadata)


def platform_codes(families: Families) -> list[str]:
    """Return the event codes of the provider of flow runs, or all codes if it has none."""
    found = [code for family in by_provider(families)[PLATFORM] for code in family.codes]
    return found or list(families.event_codes())


def interests(families: Families, codes: Iterable[str]) -> list[dict[str, str]]:
    """Return events of interest: each code with the provider of its family.

    ``provider_id/code`` names a code of another provider.
    """
    named = [code.rpartition("/") for code in codes]
    return [
        {"provider_id": provider or _provider_of(families, code), "event_code": code}
        for provider, _, code in named
    ]


def _provider_of(families: Families, code: str) -> str:
    family = families.by_code(code)
    return provider_id(family.provider.id if family else PLATFORM)


def platform_providers(families: Families) -> list[str]:
    """Return the metadata ids of providers that the Console calls platform notifications.

    Those with a family that has only one delivery format are left out.
    """
    label = KINDS[PLATFORM].label
    return [
        name
        for name, found in by_provider(families).items()
        if name == PLATFORM
        or (found[0].provider.label == label and all(len(each.formats) > 1 for each in found))
    ]


def family_of(families: Families, provider: Provider, code: str) -> Family | None:
    """Return the family of a provider of Adobe that has an event code, if there is one."""
    found = [] if provider.org else by_provider(families).get(provider.metadata, [])
    return next((family for family in found if code in family.codes), None)


def _kind(name: str, families: Sequence[Family]) -> ProviderMetadata:
    """Return the kind of a provider of families; without one, that of the platform."""
    if not families or name == PLATFORM:
        return KINDS[name]
    stated = families[0].provider
    return ProviderMetadata(
        name,
        stated.group or stated.label,
        stated.label,
        f"Events of {stated.label}.",
        has_multiple_providers=False,
        event_delivery_format=FORMATS[next(iter(families[0].formats))],
    )


def _provider(kind: ProviderMetadata, before: Provider | None) -> Provider:
    return Provider(
        id=provider_id(kind.id),
        org="",
        metadata=kind.id,
        instance_id="",
        label=kind.label,
        description=kind.description,
        docs_url="",
        publisher="Adobe",
        event_delivery_format=(before or kind).event_delivery_format,
        data_residency_region="VA6",
    )
