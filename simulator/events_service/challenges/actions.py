"""Lets webhooks prove that they want events (io-events-protocol.md 3, 4.7).

A challenge has no retries, and the request that saves a registration waits for its outcome. So
it is sent in the thread of that request, and not by the dispatcher.
"""

from __future__ import annotations

import sqlite3
from dataclasses import dataclass
from datetime import timedelta
from typing import Literal

from ...core import challenge
from ...core.challenge import Result
from ...core.instant import spell, whole_ms
from ...core.outcome import Outcome
from ...delivery.http_transport import exchange
from ...errors import ApiError
from ..registrations import notes
from ..registrations.model import DISABLED, VERIFIED, Registration
from ..registrations.table import Validation
from ..service import Service
from ..tracing.debug_trace import of_probe

TIMEOUT = 10.0
"""Seconds for each of the two requests, as for a delivery (4.1)."""

UNDER_WAY = timedelta(days=1)
"""How long a proof is owed while the webhook is being asked: longer than that takes on any
clock. The five minutes begin when it has answered the POST."""


@dataclass(frozen=True, slots=True)
class ChallengeGlance:
    """How the last challenge of a registration went.

    ``outcome`` is none where nothing was challenged since the service started. ``reason`` says
    why it failed, or why an answer that has the challenge does not pass. While it waits,
    ``validation_url`` is to be opened before ``expires``, which is so many seconds away on the
    service's clock.
    """

    outcome: Literal["none", "under way", "passed", "waiting", "failed"]
    at: str | None = None
    reason: str | None = None
    validation_url: str | None = None
    expires: str | None = None
    seconds_left: float | None = None


def owe(service: Service, connection: sqlite3.Connection, registration: Registration) -> str:
    """Let a registration that is being saved owe a proof; return what its validation URL names.

    A save that comes later replaces it: what this one's webhook answers counts no more.
    """
    secret = service.new_id("validation")
    expires = service.clock.now() + UNDER_WAY
    service.proofs.owe(connection, Validation(registration.key, secret, expires))
    return secret


def challenge_webhook(service: Service, registration: Registration, secret: str, base: str) -> None:
    """Ask a webhook for its proof, which takes up to 20 seconds, and set the status.

    An echo makes it ACTIVE. Otherwise it is DISABLED; if it answers the POST of the validation
    URL with 200, that URL makes it ACTIVE within five minutes.
    """
    echo = service.new_id("challenge")
    outcome = _probe(service, registration, challenge.challenge_url(_url(registration), echo))
    if challenge.is_echoed(outcome, echo):
        _conclude(service, registration, secret, VERIFIED)
        return
    link = challenge.validation_url(base, registration.registration_id, secret)
    body = challenge.validation_body(link)
    answer = _probe(service, registration, _url(registration), body)
    if answer.status_code == 200:
        spoiled = challenge.SPOILED if challenge.is_buried(outcome, echo) else ""
        _await_opening(service, registration, secret, link, spoiled)
    else:
        reason = challenge.failure(outcome, answer)
        _conclude(service, registration, secret, DISABLED, reason)


def open_link(service: Service, registration_id: str, secret: str) -> Registration:
    """Take the proof of whoever opens a validation URL.

    Raises ``ApiError`` 404 for one that is unknown, used or late: which of these is not said.
    """
    registration = service.registrations.find(registration_id)
    if registration is None or not _conclude(service, registration, secret, VERIFIED):
        raise ApiError(
            404,
            "Not Found",
            "this validation URL is unknown, was used, or is older than five minutes; "
            "save the registration to get another",
        )
    opened = service.registrations.by_key(registration.key) or registration
    notes.note_status(service, registration.status, opened)
    return opened


def glance(service: Service, registration: Registration, base: str) -> ChallengeGlance:
    """Return how the last challenge of a registration went.

    ``base`` is where its validation URL is opened.
    """
    owed = service.registrations.validation_of(registration.key)
    result = service.proofs.result_of(registration.key)
    if owed is not None and (result is None or result.outcome == "waiting"):
        return _owed(service, registration, owed, base, result.reason if result else "")
    if result is None:
        return ChallengeGlance("none")
    return ChallengeGlance(result.outcome, spell(result.at), result.reason or None)


def _owed(
    service: Service, registration: Registration, owed: Validation, base: str, reason: str
) -> ChallengeGlance:
    """Return a challenge that has not ended: its webhook is asked, or its link waits."""
    left = owed.expires - service.clock.now()
    if left > challenge.LIFETIME:
        return ChallengeGlance("under way")
    link = challenge.validation_url(base, registration.registration_id, owed.challenge)
    seconds = max(0.0, left.total_seconds())
    return ChallengeGlance("waiting", None, reason or None, link, spell(owed.expires), seconds)


def _conclude(
    service: Service, registration: Registration, secret: str, status: str, reason: str = ""
) -> bool:
    """Set the status that a proof leads to; return false if that proof is not owed any more.

    ``reason`` says why the proof failed, if it did.
    """
    with service.database.transaction() as connection:
        if not service.proofs.is_owed(registration, secret, service.clock.now()):
            return False
        service.proofs.drop(connection, registration)
        service.registrations.put_status(connection, registration.key, status, None)
    service.directory.forget()
    outcome: Literal["passed", "failed"] = "failed" if reason else "passed"
    _tell(service, registration, Result(outcome, service.clock.now(), reason), reason)
    return True


def _tell(service: Service, registration: Registration, result: Result, more: str) -> None:
    """Remember how a challenge went, and note it."""
    service.proofs.conclude(registration.key, result)
    text = f"challenge {result.outcome}{f': {more}' if more else ''}"
    notes.note(service, "challenge", registration, text)


def _await_opening(
    service: Service, registration: Registration, secret: str, link: str, spoiled: str
) -> None:
    """Leave a registration DISABLED until its validation URL is opened, for five minutes.

    ``spoiled`` says what was wrong with an answer that has the challenge, if one was.
    """
    now = service.clock.now()
    with service.database.transaction() as connection:
        if not service.proofs.is_owed(registration, secret, now):
            return
        service.proofs.owe(
            connection, Validation(registration.key, secret, now + challenge.LIFETIME)
        )
        service.registrations.put_status(connection, registration.key, DISABLED, None)
    service.directory.forget()
    more = f"its validation URL is to be opened within 5 minutes: {link}"
    reason = f"{spoiled}; " if spoiled else ""
    _tell(service, registration, Result("waiting", now, spoiled), f"{reason}{more}")


def _probe(service: Service, registration: Registration, url: str, body: bytes = b"") -> Outcome:
    """Send one request and keep it as a debug trace (io-events-protocol.md 7)."""
    at = whole_ms(service.clock.now())
    headers = challenge.headers_of(registration.registration_id, at, body)
    method = "POST" if body else "GET"
    outcome = exchange(
        *(method, url, headers, body),
        timeout=TIMEOUT,
        resolve=service.targets.resolve,
        tls=service.tls,
    )
    owner = registration.client_id, registration.registration_id
    document = of_probe(method, url, headers, body, outcome, at, owner)
    succeeded = 200 <= outcome.status_code < 300
    with service.database.transaction() as connection:
        service.traces.add(connection, registration.key, succeeded, at, document)
    return outcome


def _url(registration: Registration) -> str:
    assert registration.webhook_url is not None, "only webhooks are challenged"
    return registration.webhook_url
