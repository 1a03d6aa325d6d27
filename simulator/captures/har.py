"""HTTP archives (HAR 1.2), which browsers and proxies export."""

from __future__ import annotations

import base64
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from ..core import instant
from ..core.header_lines import HeaderLines
from ..core.json_reading import MOST_IN_FILE, TooManyValuesError, parse_text
from ..core.printable import brief
from ..files import texts
from .capture import Capture, Flaw

ADOBE = "x-adobe-"
"""Prefix of headers that only deliveries have."""


@dataclass(frozen=True, slots=True)
class Archive:
    """The POSTs of an archive in the order in which they were sent.

    ``others`` counts the requests that are left out. ``unread`` has a sentence for each POST that
    cannot be sent again, with the reason.
    """

    captures: tuple[Capture, ...]
    others: int
    unread: tuple[str, ...] = ()


def read(raw: bytes, everything: bool = False) -> Archive:
    """Return the POSTs with a header of Adobe's, or all POSTs if ``everything`` is set.

    Raises ``ValueError`` with the place of what is missing or wrong, if no POST can be read.
    """
    entries = _Node("", _content(raw)).get("log").get("entries").items()
    captures: list[Capture] = []
    unread: list[ValueError] = []
    for entry in entries:
        try:
            if _is_chosen(entry.get("request"), everything):
                captures.append(_capture(entry))
        except ValueError as error:
            unread.append(error)
    if unread and not captures:
        raise unread[0]
    captures.sort(key=lambda each: each.at or instant.EARLIEST)
    others = len(entries) - len(captures) - len(unread)
    return Archive(tuple(captures), others, tuple(map(str, unread)))


def _content(raw: bytes) -> Any:
    try:
        return parse_text(texts.decode(raw), most=MOST_IN_FILE)
    except (TooManyValuesError, texts.NoTextError):
        raise
    except ValueError as error:
        raise ValueError(f"no JSON ({error}); expected an HTTP archive") from None


def _is_chosen(request: _Node, everything: bool) -> bool:
    if request.text("method") != "POST":
        return False
    return everything or any(name.lower().startswith(ADOBE) for name, _ in _lines(request))


def _capture(entry: _Node) -> Capture:
    request = entry.get("request")
    headers = HeaderLines(_lines(request))
    return Capture(entry.path, _moment(entry), headers, *_body(request, headers))


def _moment(entry: _Node) -> datetime:
    text = entry.text("startedDateTime")
    try:
        return instant.parse(text)
    except ValueError as error:
        raise entry.at("startedDateTime").wrong(repr(text[:40]), str(error)) from None


def _lines(request: _Node) -> Iterator[tuple[str, str]]:
    for header in request.get("headers").items():
        yield header.text("name"), header.text("value")


def _body(request: _Node, headers: HeaderLines) -> tuple[bytes, Flaw | None]:
    """Return the exact body, and its flaw if it has one.

    A wrong content-length header is a flaw, if the size in the archive shows that the body is
    whole. Raises ``ValueError`` for other wrong lengths.
    """
    post_data = request.at("postData")
    body = _posted(post_data) if post_data.value is not None else b""
    length = _length(request, headers)
    if length is None and headers.get("content-encoding", "identity") != "identity":
        raise post_data.wrong("a compressed body", "a header that states its length")
    if length is not None and length != len(body):
        if body and request.at("bodySize").value == len(body):
            return body, Flaw(length - len(body))
        remedy = "if you changed the body, remove its content-length"
        raise post_data.wrong(f"{len(body)} bytes", f"{length} bytes, as were sent ({remedy})")
    return body, None


def _length(request: _Node, headers: HeaderLines) -> int | None:
    """Return how many bytes were sent, if that is known; tools fill ``bodySize`` differently."""
    stated = headers.get("content-length", "")
    if stated.isascii() and stated.isdecimal() and len(stated) < 16:
        return int(stated)
    size = request.at("bodySize").value
    return (
        size if isinstance(size, int) and size > 0 and not request.value.get("postData") else None
    )


def _posted(post_data: _Node) -> bytes:
    text, encoding = post_data.text("text"), post_data.at("encoding").value
    try:
        if encoding == "base64":
            return base64.b64decode(text, validate=True)
        return text.encode("utf-8")
    except ValueError:
        raise post_data.at("text").wrong(
            "text that cannot be", "text, or bytes in base64"
        ) from None


@dataclass(frozen=True, slots=True)
class _Node:
    """A value in the archive, and its path."""

    path: str
    value: Any

    def at(self, name: str) -> _Node:
        """Return a member of an object; its value is ``None`` if there is none of that name."""
        if not isinstance(self.value, dict):
            raise self.wrong("no object" if self.value is not None else "missing", "an object")
        return _Node(f"{self.path}.{name}".lstrip("."), self.value.get(name))

    def get(self, name: str) -> _Node:
        """Return a member; raises ``ValueError`` if it is missing."""
        member = self.at(name)
        if member.value is None:
            raise member.wrong("missing", "what HAR 1.2 has there")
        return member

    def text(self, name: str) -> str:
        member = self.get(name)
        if not isinstance(member.value, str):
            raise member.wrong("no text", "text")
        return member.value

    def items(self) -> list[_Node]:
        if not isinstance(self.value, list):
            raise self.wrong("no list", "a list")
        return [_Node(f"{self.path}[{index}]", each) for index, each in enumerate(self.value)]

    def wrong(self, found: str, expected: str) -> ValueError:
        return ValueError(f"{self.path or 'the file'}: {brief(found)}; expected {expected}")
