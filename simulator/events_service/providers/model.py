"""Who emits events, and which kinds (io-events-protocol.md 1.4, 6.2, 6.3)."""

from __future__ import annotations

from dataclasses import dataclass

CUSTOM = "3rd_party_custom_events"
"""The provider metadata of custom providers, and the default on creation."""


@dataclass(frozen=True, slots=True)
class Provider:
    """An event provider.

    ``metadata`` is the kind of provider, ``instance_id`` tells those of one kind apart; it is
    empty for a kind that has one provider only. ``publisher`` is ``Adobe`` or an IMS
    organisation. ``event_delivery_format`` is ``adobe_io`` or ``cloud_events_v1``. ``org`` is
    empty for Adobe's own; ``project`` and ``workspace`` are where any other was created.
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
