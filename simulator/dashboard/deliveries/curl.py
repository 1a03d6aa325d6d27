"""A delivery as a command that sends it again, byte for byte."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from urllib.parse import urlsplit, urlunsplit

from ...captures.capture import Capture
from ...core.header_lines import HeaderLines
from ...core.masking import SECRET_HEADERS, masked
from ...core.printable import brief
from ...core.shell_words import NEXT_LINE, curl_command, curl_of_download

MOST_PRINTED = 64 * 1024
"""Larger bodies are downloaded by the command instead of being part of it, in bytes."""

_NAME = re.compile(r"[!#$%&'*+.^_`|~0-9A-Za-z-]+")

_CHUNKED = "the body came in chunks; curl sends it at once, and states its length"


@dataclass(frozen=True, slots=True)
class CurlText:
    """A command for a shell; ``notes`` say what of the delivery it does not send.

    The command is empty if there is none, and a note says why. ``not_repeated`` says what faults
    on the wire did beside that, and ``repeat`` is a command that does it again. ``is_same`` is
    false if they acted on the very request.
    """

    command: str
    notes: tuple[str, ...] = ()
    is_same: bool = True
    not_repeated: tuple[str, ...] = ()
    repeat: str = ""


def curl_of(
    url: str, headers: Iterable[tuple[str, str]], body: bytes, body_url: str = ""
) -> CurlText:
    """Return the command that sends a delivery again: same headers, exact bytes, no others.

    Each header has a line of its own, and each line is printable. A body of more than
    ``MOST_PRINTED`` bytes, or with the challenge of a validation URL, is downloaded from
    ``body_url`` first. Headers of the old connection are left out, headers with secrets, and user
    name and password of the URL. Never fails.
    """
    target = _target(url)
    if not target:
        return CurlText("", (f"no command: {brief(url)} is no http:// or https:// address",))
    capture = Capture("", None, HeaderLines(headers), body)
    sent = capture.sent_headers().items()
    lines = [line for line in sent if _is_sendable(*line)]
    notes = [_CHUNKED] if "transfer-encoding" in capture.headers else []
    notes += [
        f"left out: the header {brief(name)}" for name, value in sent if (name, value) not in lines
    ]
    if _is_printed(body):
        command = curl_command(target, HeaderLines(lines), body, between=NEXT_LINE)
        return CurlText(command, tuple(notes))
    if not _target(body_url):
        found = f"the body of {len(body):,} bytes is not printed here"
        notes.append(f"no command: {found}, and there is no address to get it from")
        return CurlText("", tuple(notes))
    command = curl_of_download(target, HeaderLines(lines), body_url, between=NEXT_LINE)
    return CurlText(command, tuple(notes))


def _is_printed(body: bytes) -> bool:
    if len(body) > MOST_PRINTED:
        return False
    text = body.decode("utf-8", "replace")
    return masked(text) == text


def _target(url: str) -> str:
    """Return an address without user name and password; empty for one that curl cannot use."""
    try:
        parts = urlsplit(url)
        host = parts.netloc.rpartition("@")[2]
        is_usable = parts.scheme in ("http", "https") and bool(parts.hostname)
    except ValueError:
        return ""
    if not is_usable or "\0" in url:
        return ""
    return urlunsplit((parts.scheme, host, parts.path, parts.query, ""))


def _is_sendable(name: str, value: str) -> bool:
    """Tell whether a header is shown, and can stand in a request: others could be options."""
    if name.lower() in SECRET_HEADERS:
        return False
    return _NAME.fullmatch(name) is not None and not {*"\r\n\0"} & {*value}
