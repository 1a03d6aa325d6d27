"""The state store of App Builder, which Adobe's Node SDK asks for public keys (2.5).

The SDK looks here first, and asks the key host only for keys that are not here. A key name without
a stored value is answered with that public key of this installation, so all of its keys are here.
"""

from __future__ import annotations

import hmac
import re
from base64 import b64encode
from datetime import timedelta

from flask import Blueprint, Response, request

from ...core.instant import to_ms
from ...errors import ApiError
from ...web.bodies import body_bytes, expect
from ..service import Service

LARGEST = 2**20
"""How long a value may be, in bytes."""

LIFETIME_S = 86_400
"""Seconds that a value is kept unless it says otherwise."""

LONGEST_S = 365 * 86_400

_KEY = re.compile(r"[a-zA-Z0-9\-_.]{1,1024}")


def blueprint(service: Service) -> Blueprint:
    """Return the routes, as far as the SDK needs them to verify deliveries."""
    routes = Blueprint("state_store", __name__, url_prefix="/containers/<namespace>/data")

    @routes.before_request
    def check() -> None:
        _check_key_of_api(service, request.headers.get("authorization"))

    @routes.get("/<key>")
    def get(namespace: str, key: str) -> Response:
        value, expires_ms = _get(service, namespace, key)
        headers = {"x-key-expires-ms": str(expires_ms)}
        return Response(value, headers=headers, content_type="application/octet-stream")

    @routes.put("/<key>")
    def put(namespace: str, key: str) -> Response:
        expect("application/octet-stream")
        _put(service, namespace, key, body_bytes(), request.args.get("ttl", "0"))
        return Response(key, mimetype="text/plain")

    return routes


def _check_key_of_api(service: Service, authorization: str | None) -> None:
    """Raise ``ApiError`` 401 if a strict service gets another api key than its token."""
    expected = b"Basic " + b64encode(service.installation.token.encode())
    given = (authorization or "").encode()
    if service.options.strict and not hmac.compare_digest(given, expected):
        raise ApiError(401, "Unauthorized", "the api key is not this installation's token")


def _get(service: Service, namespace: str, key: str) -> tuple[bytes, int]:
    """Return a value and when it expires, in epoch milliseconds.

    Raises ``ApiError`` 400 for an invalid key, 404 without a value.
    """
    now = service.clock.now()
    row = service.database.row(
        "SELECT value, expires_ms FROM state WHERE namespace = ? AND key = ? AND expires_ms > ?",
        *(namespace, _checked(key), to_ms(now)),
    )
    if row is not None:
        return row[0], row[1]
    try:
        pem = service.public_pem(f"/prod/keys/{key}")
    except LookupError:
        raise ApiError(404, "Not Found", f"no value for {key}") from None
    return pem, to_ms(now + timedelta(seconds=LIFETIME_S))


def _put(service: Service, namespace: str, key: str, value: bytes, ttl: str) -> None:
    """Keep a value for ``ttl`` seconds, 0 for a day, and drop all that have expired.

    Raises ``ApiError`` 400 for a bad key or ``ttl``, 413 for a value that is too large.
    """
    if len(value) > LARGEST:
        raise ApiError(413, "Payload Too Large", f"a value has at most {LARGEST:,} bytes")
    now = service.clock.now()
    expires_ms = to_ms(now + timedelta(seconds=_seconds(ttl)))
    with service.database.transaction() as connection:
        connection.execute("DELETE FROM state WHERE expires_ms <= ?", (to_ms(now),))
        connection.execute(
            "INSERT INTO state VALUES (?, ?, ?, ?) ON CONFLICT DO UPDATE "
            "SET value = excluded.value, expires_ms = excluded.expires_ms",
            (namespace, _checked(key), value, expires_ms),
        )


def _checked(key: str) -> str:
    if not _KEY.fullmatch(key):
        raise ApiError(400, "Bad Request", f"the key {key[:100]!r} does not match {_KEY.pattern}")
    return key


def _seconds(ttl: str) -> int:
    if not (ttl.isascii() and ttl.isdecimal() and len(ttl) < 12 and int(ttl) <= LONGEST_S):
        raise ApiError(400, "Bad Request", f"ttl is {ttl[:100]!r}; expected 0 to {LONGEST_S}")
    return int(ttl) or LIFETIME_S
