"""Providers of events, and the kinds of their events (io-events-protocol.md 1.4, 6.2, 6.3)."""

from __future__ import annotations

import base64
from dataclasses import dataclass
from typing import Any

from ...core.event import USUAL_PROVIDER
from ...core.json_reading import parse_body

CUSTOM = "3rd_party_custom_events"
"""The provider metadata of custom providers, and the default on creation."""

PLATFORM = USUAL_PROVIDER
"""The kind of platform notifications; it has one provider, Adobe's own (1.4)."""


@dataclass(frozen=True, slots=True)
class Provider:
    """An event provider.

    ``metadata`` is the kind of provider. ``instance_id`` distinguishes providers of one kind; it
    is empty for a kind with only one provider. ``publisher`` is ``Adobe`` or an IMS
    organisation. ``event_delivery_format`` is ``adobe_io`` or ``cloud_events_v1``. ``org``,
    ``project`` and ``workspace`` say where it was created; ``org`` is empty for one of Adobe.
    """

    id: str
    org: str
    metadata: str
    instance_id: str
    label: str
    description: str
    docs_url: str
    publisher: str
    event_delivery_format: str
    data_residency_region: str
    project: str = ""
    workspace: str = ""

    @property
    def source(self) -> str:
        """The CloudEvents source of its events."""
        return f"urn:uuid:{self.id}"

    @property
    def delivers_cloud_events(self) -> bool:
        return self.event_delivery_format != "adobe_io"


@dataclass(frozen=True, slots=True)
class EventMetadata:
    """One kind of event of a provider; the sample is JSON in base64, if there is one."""

    provider_id: str
    event_code: str
    label: str
    description: str
    sample_event_template: str | None = None


def header_name(provider: Provider) -> str:
    """Return what ``x-adobe-provider`` names (1.4).

    Composed of metadata, publisher and instance for kinds with several providers, the metadata
    id alone for the others.
    """
    if not provider.instance_id:
        return provider.metadata
    return f"{provider.metadata}_{provider.publisher}_{provider.instance_id}"


def content_of(template: str) -> Any:
    """Return the JSON value of a sample in base64; raises ``ValueError`` if it has none."""
    try:
        return parse_body(base64.b64decode(template))
    except ValueError as error:
        raise ValueError(f"JSON in UTF-8, in base64: {error}") from None


@dataclass(frozen=True, slots=True)
class ProviderMetadata:
    """A kind of provider.

    Of a kind with ``has_multiple_providers`` an organisation may create its own. Which
    delivery format they get is documented for custom events only; the others follow it.
    """

    id: str
    group: str
    label: str
    description: str
    has_multiple_providers: bool = True
    event_delivery_format: str = "cloud_events_v1"


_KINDS = (
    ProviderMetadata(
        CUSTOM,
        "3rd party custom events",
        "Custom Events",
        "A custom events provider, registered by your organization.",
    ),
    ProviderMetadata(
        "acs",
        "Experience Cloud",
        "Campaign Standard",
        "An Adobe Campaign Standard instance, registered by your organization.",
    ),
    ProviderMetadata(
        "aem",
        "Experience Cloud",
        "Experience Manager",
        "An Adobe Experience Manager instance, registered by your organization.",
    ),
    ProviderMetadata(
        "asset_compute",
        "Experience Cloud",
        "Asset Compute",
        "An Asset Compute service, registered by your organization.",
    ),
    ProviderMetadata(
        "dx_commerce_events",
        "Experience Cloud",
        "Commerce",
        "An Adobe Commerce instance, registered by your organization.",
    ),
    ProviderMetadata(
        PLATFORM,
        "Experience Platform",
        "Platform notifications",
        "Notifications of Adobe Experience Platform.",
        has_multiple_providers=False,
        event_delivery_format="adobe_io",
    ),
)

KINDS = {each.id: each for each in _KINDS}
"""Id → kind of provider: those without which there is no service; families add others."""
