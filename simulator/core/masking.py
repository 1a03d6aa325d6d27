"""Secrets in what is shown: all but their last four characters are replaced."""

from __future__ import annotations

import re

_SECRET = re.compile(
    r"(?:(?<=[?&]challenge=)|(?<=\\u0026challenge=)|(?<=\\u003[Ff]challenge=))[0-9A-Za-z-]{4,}"
)
"""A challenge in a query; JSON may have an escape of the character before it."""

_USER = re.compile(r"(?<=://)[^/?#@\s]+(?=@)")

_SHOWN = 4

SECRET_HEADERS = frozenset(
    ("authorization", "proxy-authorization", "cookie", "set-cookie", "x-api-key")
)
"""Headers whose values let anyone act as the sender or as a user of the webhook."""


def masked(text: str) -> str:
    """Return text in which the challenge of a validation URL is masked, as in debug tracing."""
    return _SECRET.sub(lambda found: _hidden(found[0]), text)


def masked_header(name: str, value: str) -> str:
    """Return the value of a header: masked if it is secret, and challenges in it too."""
    return _hidden(value) if name.lower() in SECRET_HEADERS else masked(value)


def masked_url(url: str) -> str:
    """Return a URL without its user name and password, and with its challenge masked."""
    return masked(_USER.sub("XXXX", url))


def _hidden(value: str) -> str:
    """Return a secret with its last characters; a short one is hidden as a whole."""
    shown = value[-_SHOWN:] if len(value) > 2 * _SHOWN else ""
    return re.sub(r"\w", "X", value[: len(value) - len(shown)]) + shown
