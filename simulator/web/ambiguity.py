"""Heads that two readers may understand differently: where a request ends, and whom it asks."""

from __future__ import annotations

from collections.abc import Iterable

FOLDED = "A header that goes on in another line"

_LENGTH, _CODING, _HOST = b"content-length", b"transfer-encoding", b"host"


def find(lines: Iterable[bytes]) -> str | None:
    """Return what is ambiguous about the lines of a head, if anything is (RFC 9112)."""
    found: dict[bytes, list[bytes]] = {_LENGTH: [], _CODING: [], _HOST: []}
    for line in lines:
        name, colon, value = line.partition(b":")
        if line[:1] in (b" ", b"\t"):
            return FOLDED
        if colon and name != name.rstrip():
            return "A space before the colon of a header"
        found.get(name.lower(), []).append(value.strip())
    for name, values in found.items():
        if len(values) > 1:
            return f"More than one {name.decode().title()} header"
    if found[_LENGTH] and found[_CODING]:
        return "Content-Length beside Transfer-Encoding"
    if not all(map(bytes.isdigit, found[_LENGTH])):
        return "Content-Length is no number of bytes"
    return None
