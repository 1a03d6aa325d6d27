"""Settings that can be changed while the service runs; they outlive its end."""

from __future__ import annotations

from dataclasses import dataclass, replace

from ..database.database import Settings
from ..providers.model import PLATFORM, Provider
from ..service import Manner, Service
from .bodies import SettingsBody

_NAMES = "names"
_FORMATS = {"adobe_io": "adobe_io", "cloud_events": "cloud_events_v1"}


@dataclass(frozen=True, slots=True)
class RunningSettings:
    """How the service behaves now; ``strict`` and ``targets`` were said at its start."""

    names: str
    platform_delivery_format: str
    strict: bool
    targets: tuple[str, ...]


def restored(manner: Manner, settings: Settings) -> Manner:
    """Return a manner with what was changed in earlier runs."""
    return replace(manner, names=settings.get(_NAMES) or manner.names)


def read(service: Service) -> RunningSettings:
    """Return how the service behaves."""
    manner = service.manner
    form = "cloud_events" if platform(service).delivers_cloud_events else "adobe_io"
    return RunningSettings(manner.names, form, manner.strict, manner.targets)


def change(service: Service, body: SettingsBody) -> RunningSettings:
    """Change settings; payloads that are made from now on follow them.

    A delivery that was attempted before may keep its payload.
    """
    provider = platform(service)
    with service.database.transaction() as connection:
        if body.names is not None:
            service.settings.put(connection, _NAMES, body.names)
        if body.platform_delivery_format is not None:
            form = _FORMATS[body.platform_delivery_format]
            service.providers.put(connection, replace(provider, event_delivery_format=form))
    if body.names is not None:
        service.manner.names = body.names
    service.directory.forget()
    return read(service)


def platform(service: Service) -> Provider:
    """Return the provider of flow run notifications."""
    found = service.providers.of_instance("", PLATFORM, "")
    assert found is not None, "every start writes it"
    return found
