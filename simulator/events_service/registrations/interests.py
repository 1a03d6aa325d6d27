"""Which events a registration asks for, and what is known of them (io-events-protocol.md 6.3)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from ...errors import ApiError
from ..providers.model import EventMetadata, Provider, header_name
from ..service import Service
from .bodies import InterestBody
from .model import EventOfInterest, Registration

Kinds = Mapping[EventOfInterest, tuple[Provider | None, EventMetadata | None]]
"""The provider and the metadata of kinds of events, as far as they still exist."""


def resolve(
    service: Service, org: str, bodies: Iterable[InterestBody]
) -> tuple[EventOfInterest, ...]:
    """Return the events that somebody asks for, each once.

    Providers are named by their id, or by the name that ``x-adobe-provider`` shows. Raises
    ``ApiError`` 404 for one that is not the organisation's or Adobe's, and for an event code
    without metadata; in 2018 that was a 400.
    """
    known = _providers(service, org)
    found: dict[EventOfInterest, None] = {}
    for number, body in enumerate(bodies):
        named = body.provider_id or body.provider or ""
        provider = known.get(named)
        if provider is None:
            raise _missing(number, f"no provider {named!r}")
        if service.providers.find_metadata(provider.id, body.event_code) is None:
            raise _missing(
                number, f"no such event metadata: {body.event_code!r} of provider {named!r}"
            )
        found[EventOfInterest(provider.id, body.event_code)] = None
    return tuple(found)


def kinds_of(service: Service, registrations: Iterable[Registration]) -> Kinds:
    """Return what is known of the events that registrations ask for."""
    wanted = {each for one in registrations for each in one.events_of_interest}
    providers = {id_: service.providers.find(id_) for id_ in {each.provider_id for each in wanted}}
    return {
        each: (
            providers[each.provider_id],
            service.providers.find_metadata(each.provider_id, each.event_code),
        )
        for each in wanted
    }


def _providers(service: Service, org: str) -> Mapping[str, Provider]:
    """Return the providers that an organisation can see, by id and by name."""
    visible = service.providers.of_org(org)
    return {header_name(each): each for each in visible} | {each.id: each for each in visible}


def _missing(number: int, what: str) -> ApiError:
    return ApiError(404, "Not Found", f"events_of_interest[{number}]: {what}")
