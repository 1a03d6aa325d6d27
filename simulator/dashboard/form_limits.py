"""The form that a request sends: read whole and checked before any page looks at it.

Flask reads a form that it does not understand as an empty one. For some buttons an empty form is
all that they need, so what cannot be read is refused here.
"""

from __future__ import annotations

from flask import request

from ..errors import ApiError
from ..web import bodies

MOST_BYTES = 2**20
"""The largest form, in bytes; no page has larger ones."""

MOST_FIELDS = 20_000
"""The most fields of a form: as many events as a registration may be asked to choose from."""

_FORM = "application/x-www-form-urlencoded"


def check() -> None:
    """Raise ``ApiError`` for a request whose body is not a form of usual size, in UTF-8."""
    if not bodies.has_body():
        return
    bodies.expect(_FORM)
    if request.content_length is None:
        raise ApiError(411, "Length Required", "the form has no length; send Content-Length")
    if request.content_length > MOST_BYTES:
        raise _too_large(f"the form has {request.content_length:,} bytes", MOST_BYTES)
    _check_text(request.get_data())  # Flask keeps it, and reads the form from it


def _check_text(body: bytes) -> None:
    fields = body.count(b"&") + 1
    if fields > MOST_FIELDS:
        raise _too_large(f"the form has {fields:,} fields", MOST_FIELDS)
    try:
        body.decode()
    except UnicodeDecodeError:
        raise ApiError(400, "Bad Request", "the form is not UTF-8") from None


def _too_large(found: str, most: int) -> ApiError:
    return ApiError(413, "Payload Too Large", f"{found}; expected at most {most:,}")
