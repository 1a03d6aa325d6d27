"""The address of a webhook, as people type it."""

from __future__ import annotations

import re
from urllib.parse import urlsplit

from ..errors import TargetError

_EXPECTED = "expected an address such as 3000, :3000/hook, localhost:3000/hook or https://host/hook"


def parse(text: str) -> str:
    """Return the URL; what is given in full is kept letter for letter.

    ``3000`` and ``:3000/hook`` mean 127.0.0.1, a missing scheme means http. Raises
    ``TargetError`` for anything that is not an http or https address.
    """
    url = _complete(text)
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError as error:
        raise TargetError(f"the target {text!r}: {error}; {_EXPECTED}") from None
    if not re.fullmatch(r"[\x21-\x7e]+", url):
        raise TargetError(f"the target {text!r} has characters to be percent-encoded; {_EXPECTED}")
    if parts.scheme not in ("http", "https") or not parts.hostname or port == 0:
        raise TargetError(f"the target {text!r} is no http address; {_EXPECTED}")
    if "@" in parts.netloc:
        raise TargetError(
            "the target holds a user name or password; Adobe sends none, leave it out"
        )
    return url if parts.path or parts.query else f"{parts.scheme}://{parts.netloc}/"


def host_and_port(url: str) -> tuple[str, int]:
    """Return where a parsed target listens."""
    parts = urlsplit(url)
    return parts.hostname or "", parts.port or (443 if parts.scheme == "https" else 80)


def _complete(text: str) -> str:
    if re.match(r"[A-Za-z][A-Za-z0-9+.-]*://", text):
        return text
    if re.match(r":?\d+(?:[/?]|$)", text):
        return f"http://127.0.0.1:{text.removeprefix(':')}"
    return f"http://{text}"
