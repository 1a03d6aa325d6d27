"""How much of a request is read."""

from __future__ import annotations

from flask import Flask, request
from werkzeug.exceptions import RequestEntityTooLarge

MOST_BYTES = 4 * 2**20
"""The largest request body that is taken, in bytes; a batch is 2 MB at most (1.6)."""


def bound(app: Flask) -> None:
    """Refuse bodies that say they are too large, and cut others a byte behind the limit."""
    app.config["MAX_CONTENT_LENGTH"] = MOST_BYTES + 1


def body_bytes() -> bytes:
    """Return the request's body; raises 413 if it goes on behind the limit."""
    body = request.get_data(cache=False)
    if len(body) > MOST_BYTES:
        raise RequestEntityTooLarge
    return body
