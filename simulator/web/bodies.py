"""Which bodies of requests are read: of what kind, and how much of them."""

from __future__ import annotations

from flask import Flask, request
from werkzeug.exceptions import RequestEntityTooLarge

from ..errors import ApiError

MOST_BYTES = 4 * 2**20
"""The largest request body that is taken, in bytes; a batch is 2 MB at most (1.6)."""


def bound(app: Flask) -> None:
    """Refuse bodies that say they are too large, and cut others a byte behind the limit."""
    app.config["MAX_CONTENT_LENGTH"] = MOST_BYTES + 1


def expect(*kinds: str) -> None:
    """Raise ``ApiError`` 415 for a body of another content type, or of none.

    A page of another origin may send a body without a content type unasked, but none of ours.
    """
    has_body = bool(request.content_length) or "transfer-encoding" in request.headers
    if has_body and request.mimetype not in kinds:
        found = request.mimetype or "missing"
        text = f"the content type is {found}; send {' or '.join(kinds)}"
        raise ApiError(415, "Unsupported Media Type", text)


def body_bytes() -> bytes:
    """Return the request's body; raises 413 if it goes on behind the limit."""
    body = request.get_data(cache=False)
    if len(body) > MOST_BYTES:
        raise RequestEntityTooLarge
    return body
