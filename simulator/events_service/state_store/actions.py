"""The state store of App Builder, which Adobe's Node SDK asks for public keys (2.5).

The SDK looks here before it asks the key host, which it therefore never asks: a key name that
nobody put is answered with the key of this installation.
"""

from __future__ import annotations

import hmac
import re
from base64 import b64encode
from datetime import timedelta

from ...errors import ApiError
from ..service import Service
from .table import State, States

LARGEST = 2**20
"""How long a value may be, in bytes."""

LIFETIME_S = 86_400
"""Seconds that a value is kept unless it says otherwise."""

LONGEST_S = 365 * 86_400

_KEY = re.compile(r"[a-zA-Z0-9\-_.]{1,1024}")


def check(service: Service, authorization: str | None) -> None:
    """Raise ``ApiError`` 401 for another api key than the installation's token, when strict."""
    expected = b"Basic " + b64encode(service.installation.token.encode())
    given = (authorization or "").encode()
    if service.options.strict and not hmac.compare_digest(given, expected):
        raise ApiError(401, "Unauthorized", "the api key is not this installation's token")


def get(service: Service, namespace: str, key: str) -> State:
    """Return a value; raises ``ApiError`` 400 for no key, 404 for no value."""
    now = service.clock.now()
    kept = States(service.database).get(namespace, _checked(key), now)
    if kept is not None:
        return kept
    try:
        pem = service.public_pem(f"/prod/keys/{key}")
    except LookupError:
        raise ApiError(404, "Not Found", f"no value for {key}") from None
    return State(pem, now + timedelta(seconds=LIFETIME_S))


def put(service: Service, namespace: str, key: str, value: bytes, ttl: str) -> None:
    """Keep a value for ``ttl`` seconds, 0 for a day; raises ``ApiError`` 400 or 413."""
    if len(value) > LARGEST:
        raise ApiError(413, "Payload Too Large", f"a value has at most {LARGEST:,} bytes")
    now = service.clock.now()
    state = State(value, now + timedelta(seconds=_seconds(ttl)))
    States(service.database).put(namespace, _checked(key), state, now)


def _checked(key: str) -> str:
    if not _KEY.fullmatch(key):
        raise ApiError(400, "Bad Request", f"the key {key[:100]!r} does not match {_KEY.pattern}")
    return key


def _seconds(ttl: str) -> int:
    if not (ttl.isascii() and ttl.isdecimal() and len(ttl) < 12 and int(ttl) <= LONGEST_S):
        raise ApiError(400, "Bad Request", f"ttl is {ttl[:100]!r}; expected 0 to {LONGEST_S}")
    return int(ttl) or LIFETIME_S
