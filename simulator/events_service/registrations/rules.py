"""What a registration must meet in a service: address, events, name and number (9.3)."""

from __future__ import annotations

from collections.abc import Iterable

from ...errors import ApiError, TargetError
from ..providers.model import header_name
from ..request_body import refusal
from ..service import Service
from .bodies import InterestBody, RegistrationBody
from .model import EventOfInterest, Registration

MOST_OF_CLIENT, MOST_OF_ORG = 30, 2_500
"""How many registrations a client id and an organisation may have (9.3)."""


def look_up_webhook(service: Service, body: RegistrationBody) -> None:
    """Refuse a webhook at a forbidden address. DNS takes time: call it outside transactions."""
    if body.webhook_url:
        try:
            service.targets.check(body.webhook_url)
        except TargetError as error:
            raise refusal([f"webhook_url: {error}"]) from None


def events_asked_for(
    service: Service, org: str, bodies: Iterable[InterestBody]
) -> tuple[EventOfInterest, ...]:
    """Return the events that a registration asks for, each once.

    Providers are named by their id, or by the name that ``x-adobe-provider`` shows. Raises
    ``ApiError`` 404 for one that is not the organisation's or Adobe's, and for an event code
    without metadata; in 2018 that was a 400.
    """
    visible = service.providers.of_org(org)
    known = {header_name(each): each for each in visible} | {each.id: each for each in visible}
    found: dict[EventOfInterest, None] = {}
    for number, body in enumerate(bodies):
        named = body.provider_id or body.provider or ""
        provider = known.get(named)
        if provider is None:
            raise _unknown(number, f"no provider {named!r}")
        if service.providers.find_metadata(provider.id, body.event_code) is None:
            text = f"no such event metadata: {body.event_code!r} of provider {named!r}"
            raise _unknown(number, text)
        found[EventOfInterest(provider.id, body.event_code)] = None
    return tuple(found)


def _unknown(number: int, what: str) -> ApiError:
    return ApiError(404, "Not Found", f"events_of_interest[{number}]: {what}")


def check_name(service: Service, wanted: Registration) -> None:
    """Raise ``ApiError`` 409 if another registration of the workspace has this name."""
    other = service.registrations.named(wanted.workspace, wanted.name)
    if other is not None and other.key != wanted.key:
        raise ApiError(
            409,
            "Conflict",
            f"this workspace has a registration named {wanted.name!r} already",
            {"x-conflicting-id": other.registration_id},
        )


def check_quotas(service: Service, wanted: Registration) -> None:
    """Raise ``ApiError`` 409 if the client id or the organisation has too many registrations."""
    client, org, table = wanted.client_id, wanted.workspace.org, service.registrations
    for owner, count, most in (
        (f"the client id {client}", table.count_client(client), MOST_OF_CLIENT),
        ("the organisation", table.count_org(org), MOST_OF_ORG),
    ):
        if count >= most:
            text = f"{owner} has {most:,} registrations, which is the limit; delete one"
            raise ApiError(409, "Conflict", text)
