"""Registrations: created, read, changed and deleted (io-events-protocol.md 4.7, 6.4, 9.3).

Each save of a registration with a webhook sends it a challenge, and returns after its answer.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Callable
from dataclasses import replace
from typing import Any

from ...core.instant import whole_ms
from ...errors import ApiError, ExhaustedError
from ..challenges import actions as challenging
from ..filters import actions as filtering
from ..request_body import apply_patch
from ..request_body import read as read_body
from ..service import Service
from . import notes, rules
from .bodies import NewRegistrationBody, RegistrationBody, content_of
from .document import RegistrationPage
from .model import DISABLED, PENDING, PUSHED, VERIFIED, Registration, Workspace
from .notes import changed_text, created_text

Json = dict[str, Any]


def find(service: Service, place: Workspace, registration_id: str) -> Registration:
    """Return a registration of a workspace; raises ``ApiError`` 404 if there is none."""
    found = service.registrations.find(registration_id)
    if found is None or found.workspace != place:
        raise ApiError(404, "Not Found", f"no registration {registration_id!r} in this workspace")
    return found


def page(
    service: Service, org: str, number: str | None, size: str | None
) -> tuple[RegistrationPage, list[Registration]]:
    """Return a page of an organisation's registrations; raises ``ApiError`` 400 for a bad query."""
    chosen = RegistrationPage.read(number, size, service.registrations.count_org(org))
    return chosen, service.registrations.of_org(org, chosen.size, chosen.offset)


def create(service: Service, place: Workspace, content: object, base: str) -> Registration:
    """Create a registration; ``base`` is where validation URLs are opened.

    Raises ``ApiError`` 400 for mistakes, 404 for unknown events, 409 for a name that is taken
    (with ``x-conflicting-id``) or one registration too many (without); ``ExhaustedError`` if the
    challenge cannot be sent, and then nothing is created.
    """
    body = read_body(NewRegistrationBody, content)
    rules.look_up_webhook(service, body)
    fields = _fields(service, place, body)
    draft = Registration(
        key=0,
        registration_id=service.new_id("registration"),
        workspace=place,
        client_id=body.client_id,
        created=fields["updated"],
        status=_first_status(fields),
        **fields,
    )
    with service.database.transaction() as connection:
        rules.check_name(service, draft)
        rules.check_quotas(service, draft)
        created = service.registrations.add(connection, draft)
        _save_filter(service, connection, created, body)
        secret = _require_proof(service, connection, created)
    notes.note(service, "created", created, created_text(created))
    try:
        return _prove(service, created, secret, base, created.status)
    except ExhaustedError:  # the webhook could not be asked: a second try needs the name
        delete(service, created)
        raise


def update(
    service: Service, registration: Registration, content: object, base: str
) -> Registration:
    """Replace a registration: what is absent gets its default. Raises ``ApiError`` as ``create``.

    The client id is not changed, even if the content has one.
    """
    body = read_body(RegistrationBody, content)
    return _save(service, registration, lambda _: body, base)


def patch(
    service: Service, registration: Registration, operations: object, base: str
) -> Registration:
    """Change a registration by a JSON Patch (RFC 6902), challenge it, and return it as saved.

    ``operations`` is the parsed body of the request: a list of objects such as ``{"op": "replace",
    "path": "/name", "value": "mine"}``. They are applied to what PUT would replace, which has no
    client id. ``base`` is the address of the service, where validation URLs are opened. Raises
    ``ApiError`` as ``create``, and 400 for operations that cannot be applied.
    """

    def patched(current: Registration) -> RegistrationBody:
        document = content_of(current, filtering.describe(service, current))
        return read_body(RegistrationBody, apply_patch(document, operations))

    return _save(service, registration, patched, base)


def delete(service: Service, registration: Registration) -> None:
    """Delete a registration; deliveries under way and their retries go on (4.7)."""
    with service.database.transaction() as connection:
        current = find(service, registration.workspace, registration.registration_id)
        service.proofs.drop(connection, current)
        service.registrations.delete_filter(connection, current.key)
        service.registrations.put(connection, replace(current, deleted=True))
    service.directory.forget()
    notes.note(service, "deleted", current, "deleted")


def _save(
    service: Service,
    registration: Registration,
    body_for: Callable[[Registration], RegistrationBody],
    base: str,
) -> Registration:
    """Save the body for a registration, and send the challenge that it then needs.

    The look-up of a webhook takes time, in which the registration may be changed. So
    ``body_for`` is called again inside the transaction.
    """
    rules.look_up_webhook(service, body_for(registration))
    with service.database.transaction() as connection:
        current = find(service, registration.workspace, registration.registration_id)
        changed, secret, text = _replace(service, connection, current, body_for(current))
    notes.note(service, "changed", changed, text)
    return _prove(service, changed, secret, base, current.status)


def _replace(
    service: Service, connection: sqlite3.Connection, current: Registration, body: RegistrationBody
) -> tuple[Registration, str | None, str]:
    """Write a registration as the body says; return it, its secret, and the text of its note."""
    fields = _fields(service, current.workspace, body)
    changed = replace(current, **fields)
    if not _keeps_status(current, changed):
        changed = replace(changed, status=_first_status(fields), unstable_since=None)
    rules.check_name(service, changed)
    service.registrations.put(connection, changed)
    before = service.registrations.filter_of(current.key)
    _save_filter(service, connection, changed, body)
    is_filter_new = service.registrations.filter_of(current.key) != before
    text = changed_text(current, changed, is_filter_new=is_filter_new)
    return changed, _require_proof(service, connection, changed), text


def _fields(service: Service, place: Workspace, body: RegistrationBody) -> Json:
    """Return the members that a body gives a registration; its events and filter are checked."""
    destination = body.destination_metadata
    asked = rules.events_asked_for(service, place.org, body.events_of_interest)
    if body.filter:
        filtering.check_formats(service, asked)
    return {
        "name": body.name,
        "description": body.description or "",
        "delivery_type": body.delivery_type,
        "webhook_url": body.webhook_url,
        "runtime_action": body.runtime_action,
        "enabled": body.enabled is not False,
        "events_of_interest": asked,
        "destination_metadata": destination and destination.model_dump(),
        "updated": whole_ms(service.clock.now()),
    }


def _first_status(fields: Json) -> str:
    """Return the status before any challenge is answered: a webhook has to answer one (3.5)."""
    if fields["webhook_url"] and fields["delivery_type"] in PUSHED:
        return DISABLED
    return PENDING if fields["delivery_type"] == "aws_eventbridge" else VERIFIED


def _keeps_status(before: Registration, after: Registration) -> bool:
    """Return whether the status stays during the new challenge: for the same webhook."""
    is_asked = before.is_challenged and after.is_challenged
    return is_asked and after.webhook_url == before.webhook_url


def _save_filter(
    service: Service, connection: sqlite3.Connection, saved: Registration, body: RegistrationBody
) -> None:
    """Write the filter of the body, or delete it: then all events are delivered."""
    if body.filter:
        filtering.save(service, connection, saved, body.filter)
    else:
        service.registrations.delete_filter(connection, saved.key)


def _require_proof(
    service: Service, connection: sqlite3.Connection, saved: Registration
) -> str | None:
    """Require a proof of a webhook, and return the secret of its validation URL; else nothing."""
    if saved.is_challenged:
        return challenging.expect_proof(service, connection, saved)
    service.proofs.drop(connection, saved)
    return None


def _prove(
    service: Service, saved: Registration, secret: str | None, base: str, before: str
) -> Registration:
    """Send the challenge that is required; ``before`` is the status before the save."""
    service.directory.forget()
    if secret is not None:
        try:
            challenging.challenge_webhook(service, saved, secret, base)
        except ExhaustedError as error:
            notes.note(service, "challenge", saved, f"challenge not made: {error}")
            notes.note_status(service, before, service.registrations.by_key(saved.key) or saved)
            text = "the webhook could not be challenged; save the registration again"
            raise ExhaustedError(f"{text}: {error}") from None
    proven = service.registrations.by_key(saved.key) or saved
    notes.note_status(service, before, proven)
    return proven
