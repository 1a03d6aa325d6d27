"""A trace as debug tracing shows it (io-events-protocol.md 7).

Units are not stated there: dates are ISO 8601, ``ts`` and ``deliveryTime`` epoch
milliseconds, ``responseTime`` milliseconds.
"""

from __future__ import annotations

import json
import re
import sqlite3
from collections.abc import Mapping
from datetime import datetime
from hashlib import shake_256
from typing import Any

from ...core import headers, instant
from ...core.identifiers import uuid4
from ...core.instant import to_ms
from ...core.masking import masked
from ...core.outcome import NETWORK, TIMEOUT, TLS, UNEXPECTED, Outcome
from ...core.trace import Trace
from ..database.database import Database

SHOWN_BYTES = 64 * 1024
"""How much of a body is shown, in bytes; the delivery itself is not cut."""

Json = dict[str, Any]

ERRORS = {
    UNEXPECTED: ("Unexpected", "IOException"),
    NETWORK: ("Network", "SocketException"),
    TIMEOUT: ("Timeout", "SocketTimeoutException"),
    TLS: ("SSLHandshake", "SSLHandshakeException"),
}
"""6xx code → its word and exception in the text of a trace; those of 611 are documented, the
others follow from the meaning of the code (4.4)."""

_CAUSE = re.compile(r"6\d\d : [^\n]*\n\| [\w.]*\((.*)\)", re.DOTALL)


def of_attempt(trace: Trace, client_id: str, registration_id: str) -> Json:
    """Return one attempt at a delivery.

    It has the member ``redelivered``, which Adobe's traces do not have, if the user asked for a
    further delivery of its event.
    """
    delivery = trace.attempt.delivery
    request = _request(
        delivery.url, headers.of_attempt(trace.attempt), delivery.signed.payload.body
    )
    insights: dict[str, list[str]] = {}
    for event in delivery.signed.payload.events:
        insights.setdefault(event.notification.event_code, []).append(event.id)
    again = {"redelivered": True} if delivery.is_again else {}
    return again | _trace(
        trace.attempt.delivery_id,
        request,
        trace.outcome,
        trace.sent_at,
        (client_id, registration_id),
        [
            {"providerName": delivery.provider, "eventCode": code, "eventIds": ids}
            for code, ids in insights.items()
        ],
    )


def of_probe(
    method: str,
    url: str,
    probe_headers: Mapping[str, str],
    body: bytes,
    outcome: Outcome,
    at: datetime,
    owner: tuple[str, str],
) -> Json:
    """Return one challenge request; ``owner`` is the client id and the registration id.

    It is shown as the event "challenge" of the provider ``adobe-io``. The challenge of a
    validation URL, which is in the body, is masked except for its last four characters; nothing
    else is masked.
    """
    shown = masked(body.decode("utf-8", "replace")).encode()
    request = _request(url, probe_headers, shown, method)
    probe_id = probe_headers.get("x-adobe-event-id", f"{owner[1]}-probe-{instant.to_ms(at)}")
    insights = [{"providerName": "adobe-io", "eventCode": "challenge", "eventIds": [probe_id]}]
    return _trace(probe_id, request, outcome, at, owner, insights)


def _trace(
    id_: str,
    request: Json,
    outcome: Outcome,
    at: datetime,
    owner: tuple[str, str],
    insights: list[Json],
) -> Json:
    moment_ms = instant.to_ms(at)
    return {
        "event": insights[0]["eventCode"],
        "id": id_,
        "date": instant.spell(at),
        "clientId": owner[0],
        "registrationId": owner[1],
        "trace": {
            "tracingRequest": request,
            "tracingResponse": _response(outcome, id_),
            "ts": moment_ms,
            "deliveryTime": moment_ms,
            "insightsInfo": insights,
        },
    }


def _request(url: str, own: Mapping[str, str], body: bytes, method: str = "POST") -> Json:
    return {
        "requestUrl": url,
        "requestMethod": method,
        "contentType": own.get("content-type", ""),
        "requestBody": _cut(body),
        "requestHeaders": {name: [value] for name, value in own.items()},
    }


def _response(outcome: Outcome, id_: str) -> Json:
    """Return the answer; where there was none, its body holds code, label and what happened.

    For a body that cannot be decoded, the reason is shown instead.
    """
    found: dict[str, list[str]] = {}
    for name, value in outcome.headers:
        found.setdefault(name.decode("latin-1").lower(), []).append(value.decode("latin-1"))
    shown = _error_text(outcome, id_) if outcome.problem else outcome.unread or _cut(outcome.body)
    return {
        "responseBody": shown,
        "responseCode": outcome.status_code,
        "responseTime": round(outcome.elapsed * 1000),
        "responseHeaders": found,
    }


def _error_text(outcome: Outcome, id_: str) -> str:
    """Return the documented lines: code, word and a uuid, then the exception.

    The uuid follows from the id of the trace, since the id of a probe is no uuid.
    """
    word, exception = ERRORS.get(outcome.status_code, ERRORS[UNEXPECTED])
    uuid = uuid4(shake_256(id_.encode()).digest(16))
    return f"{outcome.status_code} : {word} ERROR({uuid}) :\n| {exception}({outcome.problem})"


def cause_of(error_text: str) -> str:
    """Return the cause in the body of a trace without an answer, or a body of another form."""
    found = _CAUSE.fullmatch(error_text)
    return found[1] if found else error_text


def _cut(body: bytes) -> str:
    return body[:SHOWN_BYTES].decode("utf-8", "replace")


KEPT = 100
"""How many traces of each kind a registration has (io-events-protocol.md 7)."""


class Traces:
    """Requests and answers as debug tracing shows them."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def add(
        self,
        connection: sqlite3.Connection,
        registration: int,
        succeeded: bool,
        at: datetime,
        document: Any,
    ) -> None:
        """Write one trace, and delete the oldest of its kind if there are more than ``KEPT``."""
        text = json.dumps(document, ensure_ascii=False, separators=(",", ":"))
        connection.execute(
            "INSERT INTO trace (registration, succeeded, at_ms, document) VALUES (?, ?, ?, ?)",
            (registration, succeeded, to_ms(at), text),
        )
        connection.execute(
            "DELETE FROM trace WHERE registration = ? AND succeeded = ? AND number <= ("
            "SELECT number FROM trace WHERE registration = ? AND succeeded = ? "
            f"ORDER BY number DESC LIMIT 1 OFFSET {KEPT})",
            (registration, succeeded, registration, succeeded),
        )

    def of(self, registration: int, since: datetime, succeeded: bool | None = None) -> list[Any]:
        """Return the traces of a registration from a moment on, the newest first."""
        rows = self._database.rows(
            "SELECT document FROM trace WHERE registration = ? AND succeeded IN (?, ?) "
            "AND at_ms >= ? ORDER BY number DESC",
            *(registration, succeeded is True, succeeded is not False, to_ms(since)),
        )
        return [json.loads(row[0]) for row in rows]

    def delete_before(self, connection: sqlite3.Connection, moment: datetime) -> None:
        connection.execute("DELETE FROM trace WHERE at_ms < ?", (to_ms(moment),))
