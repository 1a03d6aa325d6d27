"""Heads that two readers may understand differently: where a request ends, and whom it asks."""

from __future__ import annotations

from collections.abc import Iterable

_LENGTH, _CODING, _HOST = b"content-length", b"transfer-encoding", b"host"


def find(lines: Iterable[bytes]) -> str | None:
    """Return what is ambiguous about the lines of a head, if anything is (RFC 9112)."""
    found: dict[bytes, list[bytes]] = {_LENGTH: [], _CODING: [], _HOST: []}
    for line in lines:
        name, _, value = line.partition(b":")
        found.get(name.strip().lower(), []).append(value.strip())
    for name in (_LENGTH, _HOST):
        if len(found[name]) > 1:
            return f"More than one {name.decode().title()} header"
    if found[_LENGTH] and found[_CODING]:
        return "Content-Length beside Transfer-Encoding"
    if not all(map(bytes.isdigit, found[_LENGTH])):
        return "Content-Length is no number of bytes"
    return None
