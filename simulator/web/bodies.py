"""Which bodies of requests are read: of what kind, how much, and how many large ones at once.

Answers without a body have no content type.
"""

from __future__ import annotations

import threading

from flask import Flask, Response, g, request
from werkzeug.exceptions import RequestEntityTooLarge, ServiceUnavailable

from ..errors import ApiError

MOST_BYTES = 4 * 2**20
"""The largest request body that is taken, in bytes; a batch is 2 MB at most (1.6)."""

TOO_LARGE = f"the body is larger than {MOST_BYTES // 2**20} MB, which is the most that is taken"
"""What is answered to a larger one."""

LARGE = 128 * 1024
"""Bodies above so many bytes wait for each other; what is read from them takes many times that."""

AT_ONCE = 2 * MOST_BYTES
"""How many bytes large bodies may have together that are worked on at once."""

PATIENCE = 5.0
"""Seconds that a large body waits for others, at most."""

_RETRY_AFTER = 1


class Room:
    """Holds so many bytes at once; whatever has no room waits for it."""

    def __init__(self, most: int) -> None:
        self._left = most
        self._freed = threading.Condition()

    def take(self, size: int, seconds: float) -> bool:
        """Return whether there was room within so many seconds; it has to be given back."""
        with self._freed:
            has_room = self._freed.wait_for(lambda: size <= self._left, seconds)
            if has_room:
                self._left -= size
            return has_room

    def give_back(self, size: int) -> None:
        with self._freed:
            self._left += size
            self._freed.notify_all()


_ROOM = Room(AT_ONCE)
"""One for the whole process, whose memory it is about."""


def bound(app: Flask) -> None:
    """Refuse bodies that say they are too large, and cut others a byte behind the limit.

    Flask declares every answer as HTML; one that never has a body is declared as nothing.
    """
    app.config["MAX_CONTENT_LENGTH"] = MOST_BYTES + 1
    app.after_request(_declare_nothing)

    @app.teardown_request
    def leave(_: BaseException | None) -> None:
        give_room_back()


def _declare_nothing(response: Response) -> Response:
    if response.status_code == 204 or request.method == "OPTIONS":
        response.headers.pop("content-type", None)
    return response


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
    """Return the request's body; raises 413 if it goes on behind the limit.

    A large one is returned once there is room for it; raises 503 if others take it for too long.
    """
    try:
        body = request.get_data(cache=False)
    except RequestEntityTooLarge:
        raise RequestEntityTooLarge(TOO_LARGE) from None
    if len(body) > MOST_BYTES:
        raise RequestEntityTooLarge(TOO_LARGE)
    if len(body) > LARGE:
        make_room(len(body))
    return body


def make_room(size: int) -> None:
    """Wait until there is room for work on so many bytes, at most for ``PATIENCE``.

    It is given back at the end of the request, or when other work of it needs other room.
    Raises 503.
    """
    give_room_back()
    size = min(size, AT_ONCE)
    if not _ROOM.take(size, PATIENCE):
        text = "other large requests are being worked on; send this one again later"
        raise ServiceUnavailable(text, retry_after=_RETRY_AFTER)
    g.room = size


def give_room_back() -> None:
    """Let others have the room of this request, such as before it does nothing but wait."""
    _ROOM.give_back(g.pop("room", 0))
