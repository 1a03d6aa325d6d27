"""The kinds of providers that there are (6.2, 6.3)."""

from __future__ import annotations

from dataclasses import dataclass

from .model import CUSTOM

PLATFORM = "platform_notifications"
"""The kind of flow run notifications; it has one provider, Adobe's own (1.4)."""


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
"""Id → kind of provider."""
