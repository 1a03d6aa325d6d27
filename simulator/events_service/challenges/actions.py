"""Challenges a webhook, which proves that it wants events (io-events-protocol.md 3, 4.7).

A challenge is no delivery: it has no retries and no signatures, and the request that saves the
registration waits for its outcome. So ``exchange`` sends it in the thread of that request, and
not the dispatcher.
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
from ..registrations.kept_notes import KeptNotes
from ..registrations.model import DISABLED, VERIFIED, Registration
from ..registrations.table import Validation
from ..service import Service
from ..tracing.debug_trace import of_probe

TIMEOUT = 10.0
"""Seconds for each of the two requests, as for a delivery (4.1)."""

UNDER_WAY = timedelta(days=1)
"""How long a proof is expected while the challenge is under way, since no challenge takes longer
on any clock. The five minutes begin when the webhook has answered the POST."""


_OUTCOMES: dict[str, Literal["passed", "failed"]] = {
    "challenge passed": "passed",
    "challenge failed": "failed",
    "challenge not made": "failed",
}
"""The first words of a note about a challenge that has ended → how it went."""


@dataclass(frozen=True, slots=True)
class ChallengeSummary:
    """How the last challenge of a registration went.

    ``outcome`` is ``none`` if no challenge is known: notes are kept for some days. ``reason`` says
    why it failed, or why an answer that has the challenge does not pass. While it waits,
    ``validation_url`` is to be opened before ``expires``: ``seconds_left`` on the service's clock.
    """

    outcome: Literal["none", "under way", "passed", "waiting", "failed"]
    at: str | None = None
    reason: str | None = None
    validation_url: str | None = None
    expires: str | None = None
    seconds_left: float | None = None


def expect_proof(
    service: Service, connection: sqlite3.Connection, registration: Registration
) -> str:
    """Expect a proof of a registration that is being saved; return the secret of its URL.

    A later save replaces it: what the webhook answers to this one does not count then.
    """
    secret = service.new_id("validation")
    expires = service.clock.now() + UNDER_WAY
    service.proofs.expect(connection, Validation(registration.key, secret, expires))
    return secret


def challenge_webhook(service: Service, registration: Registration, secret: str, base: str) -> None:
    """Challenge a webhook, which takes up to 20 seconds, and set the status.

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
        flaw = challenge.SPOILED if challenge.is_embedded(outcome, echo) else ""
        _wait_for_opening(service, registration, secret, link, flaw)
    else:
        reason = challenge.failure(outcome, answer)
        _conclude(service, registration, secret, DISABLED, reason)


def open_link(service: Service, registration_id: str, secret: str) -> Registration:
    """Accept the proof of a validation URL that was opened; return the registration.

    Raises ``ApiError`` 404 for a URL that is unknown, used or late, without saying which.
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


def summary_of(service: Service, registration: Registration, base: str) -> ChallengeSummary:
    """Return how the last challenge of a registration went.

    ``base`` is where its validation URL is opened.
    """
    proof = service.registrations.validation_of(registration.key)
    result = service.proofs.result_of(registration.key)
    if proof is not None and (result is None or result.outcome == "waiting"):
        return _unfinished(service, registration, proof, base, result.reason if result else "")
    result = result or _noted(service, registration)
    if result is None:
        return ChallengeSummary("none")
    return ChallengeSummary(result.outcome, spell(result.at), result.reason or None)


def _noted(service: Service, registration: Registration) -> Result | None:
    """Return how the last challenge before the start of the service went, by its note."""
    if not registration.is_challenged:
        return None
    note = KeptNotes(service.database).last(registration.registration_id, "challenge")
    if note is None:
        return None
    words, _, reason = note.text.partition(": ")
    outcome = _OUTCOMES.get(words)
    return Result(outcome, note.at, reason) if outcome else None


def _unfinished(
    service: Service, registration: Registration, proof: Validation, base: str, reason: str
) -> ChallengeSummary:
    """Return a challenge that has not ended: it is under way, or its validation URL waits."""
    left = proof.expires - service.clock.now()
    if left > challenge.LIFETIME:
        return ChallengeSummary("under way")
    link = challenge.validation_url(base, registration.registration_id, proof.challenge)
    seconds = max(0.0, left.total_seconds())
    return ChallengeSummary("waiting", None, reason or None, link, spell(proof.expires), seconds)


def _conclude(
    service: Service, registration: Registration, secret: str, status: str, reason: str = ""
) -> bool:
    """Set the status that a proof leads to; return false if the proof is not expected any more.

    ``reason`` says why the proof failed, if it did.
    """
    with service.database.transaction() as connection:
        if not service.proofs.is_expected(registration, secret, service.clock.now()):
            return False
        service.proofs.drop(connection, registration)
        service.registrations.put_status(connection, registration.key, status, None)
    service.directory.forget()
    outcome: Literal["passed", "failed"] = "failed" if reason else "passed"
    _keep_result(service, registration, Result(outcome, service.clock.now(), reason), reason)
    return True


def _keep_result(service: Service, registration: Registration, result: Result, more: str) -> None:
    """Keep how a challenge went, and note it."""
    service.proofs.conclude(registration.key, result)
    text = f"challenge {result.outcome}{f': {more}' if more else ''}"
    notes.note(service, "challenge", registration, text)


def _wait_for_opening(
    service: Service, registration: Registration, secret: str, link: str, flaw: str
) -> None:
    """Leave a registration DISABLED until its validation URL is opened, for five minutes.

    ``flaw`` says what was wrong with an answer that has the challenge, if one was.
    """
    now = service.clock.now()
    with service.database.transaction() as connection:
        if not service.proofs.is_expected(registration, secret, now):
            return
        service.proofs.expect(
            connection, Validation(registration.key, secret, now + challenge.LIFETIME)
        )
        service.registrations.put_status(connection, registration.key, DISABLED, None)
    service.directory.forget()
    more = f"its validation URL is to be opened within 5 minutes: {link}"
    reason = f"{flaw}; " if flaw else ""
    _keep_result(service, registration, Result("waiting", now, flaw), f"{reason}{more}")


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
