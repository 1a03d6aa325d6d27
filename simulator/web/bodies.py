"""The bodies of requests: content types, size limits, and memory for large ones.

Responses without a body have no content type.
"""

from __future__ import annotations

import threading

from flask import Flask, Response, g, request
from werkzeug.exceptions import RequestEntityTooLarge, ServiceUnavailable

from ..errors import ApiError

MOST_BYTES = 4 * 2**20
"""The largest request body that is taken, in bytes; a batch is 2 MB at most (1.6)."""

TOO_LARGE = (
    f"the body is larger than {MOST_BYTES // 2**20} MB, which is the largest size that is accepted"
)
"""The message for a larger body."""

LARGE = 128 * 1024
"""Larger bodies, in bytes, wait for each other: their parsed values take many times the memory."""

AT_ONCE = 2 * MOST_BYTES
"""How many bytes of large bodies are worked on at once, at most."""

LONGEST_WAIT = 5.0
"""Seconds that a large body waits for others, at most."""

_RETRY_AFTER = 1


class ByteBudget:
    """Limits how many bytes are worked on at once; other work waits."""

    def __init__(self, most: int) -> None:
        self._left = most
        self._freed = threading.Condition()

    def reserve(self, size: int, seconds: float) -> bool:
        """Reserve ``size`` bytes, and wait until so many are free, for ``seconds`` at most.

        Return false if nothing was reserved in that time.
        """
        with self._freed:
            is_free = self._freed.wait_for(lambda: size <= self._left, seconds)
            if is_free:
                self._left -= size
            return is_free

    def release(self, size: int) -> None:
        with self._freed:
            self._left += size
            self._freed.notify_all()


_BUDGET = ByteBudget(AT_ONCE)
"""One for the whole process, since all its requests share its memory."""


def limit(app: Flask) -> None:
    """Limit the size of bodies: a larger Content-Length is refused, other bodies are cut.

    They are cut one byte after the limit, so that ``body_bytes`` finds out. Flask gives every
    response a content type; it is removed where there is no body.
    """
    app.config["MAX_CONTENT_LENGTH"] = MOST_BYTES + 1
    app.after_request(_drop_content_type)

    @app.teardown_request
    def release(_: BaseException | None) -> None:
        release_memory()


def _drop_content_type(response: Response) -> Response:
    if response.status_code == 204 or request.method == "OPTIONS":
        response.headers.pop("content-type", None)
    return response


def expect(*kinds: str) -> None:
    """Raise ``ApiError`` 415 for a body of another content type, or of none.

    Browsers let a page of another origin send a body without a content type. They do not let it
    send one of the content types ``kinds``.
    """
    if has_body() and request.mimetype not in kinds:
        found = request.mimetype or "missing"
        text = f"the content type is {found}; send {' or '.join(kinds)}"
        raise ApiError(415, "Unsupported Media Type", text)


def has_body() -> bool:
    """Tell whether the request has a body."""
    return bool(request.content_length) or "transfer-encoding" in request.headers


def body_bytes() -> bytes:
    """Return the request's body; raises 413 if it is longer than the limit.

    A large one waits for memory, as in ``reserve_memory``, which may raise 503.
    """
    try:
        body = request.get_data(cache=False)
    except RequestEntityTooLarge:
        raise RequestEntityTooLarge(TOO_LARGE) from None
    if len(body) > MOST_BYTES:
        raise RequestEntityTooLarge(TOO_LARGE)
    if len(body) > LARGE:
        reserve_memory(len(body))
    return body


def reserve_memory(size: int) -> None:
    """Wait until ``size`` bytes can be worked on, at most ``LONGEST_WAIT`` seconds.

    They are released at the end of the request, or when other work of it reserves others.
    Raises 503 if other requests hold them for too long.
    """
    release_memory()
    size = min(size, AT_ONCE)
    if not _BUDGET.reserve(size, LONGEST_WAIT):
        text = "other large requests are being worked on; send this one again later"
        raise ServiceUnavailable(text, retry_after=_RETRY_AFTER)
    g.reserved = size


def release_memory() -> None:
    """Release what this request has reserved. Call it before a long wait."""
    _BUDGET.release(g.pop("reserved", 0))
