"""The address of a webhook, as people type it."""

from __future__ import annotations

import re
from urllib.parse import urlsplit

from ..errors import TargetError
from .host_names import ascii_url

_EXPECTED = "expected an address such as 3000, :3000/hook, localhost:3000/hook or https://host/hook"

_PLAIN = re.compile(
    r"""https?://.*
    | :?\d{1,5}(?:[/?].*)?                                    # 3000, :3000/hook
    | (?:localhost|\d+(?:\.\d+){3}|\[[0-9a-f:]+\])(?::\d+)?(?:/.*)?
    | [a-z0-9.-]+:\d{1,5}(?:/.*)?                             # consumer:3000
    """,
    re.IGNORECASE | re.VERBOSE,
)


def parse(text: str) -> str:
    """Return the URL; what is given in full is kept letter for letter.

    ``3000`` and ``:3000/hook`` mean 127.0.0.1, a missing scheme means http. A host that is not
    ASCII comes out as DNS has it. Raises ``TargetError`` for anything that is not an http or
    https address.
    """
    try:
        url = ascii_url(_complete(text))
        parts = urlsplit(url)
        port = parts.port
    except (ValueError, TargetError) as error:
        raise TargetError(f"the target {text!r}: {error}; {_EXPECTED}") from None
    if parts.scheme not in ("http", "https"):
        raise TargetError(f"the target {text!r}: {other_scheme(parts.scheme)}; {_EXPECTED}")
    if not re.fullmatch(r"[\x21-\x7e]+", url):
        raise TargetError(f"the target {text!r} has characters to be percent-encoded; {_EXPECTED}")
    if not parts.hostname or port == 0:
        raise TargetError(f"the target {text!r} is no http address; {_EXPECTED}")
    if "@" in parts.netloc:
        raise TargetError(
            "the target holds a user name or password; Adobe sends none, leave it out"
        )
    return url if parts.path or parts.query else f"{parts.scheme}://{parts.netloc}/"


def other_scheme(scheme: str) -> str:
    """Return why an address with a scheme such as ``ftp`` is none of a webhook."""
    return f"its scheme is {scheme}, not http or https"


def is_plain(text: str) -> bool:
    """Tell whether a text can hardly be meant as anything else than an address."""
    return _PLAIN.fullmatch(text) is not None


def host_and_port(url: str) -> tuple[str, int]:
    """Return where a parsed target listens."""
    parts = urlsplit(url)
    return parts.hostname or "", parts.port or (443 if parts.scheme == "https" else 80)


def _complete(text: str) -> str:
    if re.match(r"[A-Za-z][A-Za-z0-9+.-]*://", text):
        return text
    if found := re.match(r"(https?):/*", text, re.IGNORECASE):
        raise TargetError(f"write {found[1].lower()}:// at its beginning")
    if re.match(r":?\d+(?:[/?]|$)", text):
        return f"http://127.0.0.1:{text.removeprefix(':')}"
    return f"http://{text}"
