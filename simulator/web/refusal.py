"""What a server answers by itself: of such requests its application hears nothing."""

from __future__ import annotations

from dataclasses import dataclass

_SHOWN = 200
"""So much of a request line is kept."""


@dataclass(frozen=True, slots=True)
class Refusal:
    """A request that got no further; ``line`` is its first line, as far as it was read."""

    status_code: int
    reason: str
    line: str = ""


def first_line(head: bytes) -> str:
    """Return the beginning of a request's first line; nothing if it did not come whole."""
    line, end, _ = head.lstrip(b"\r\n").partition(b"\n")
    return line.decode("latin-1").rstrip("\r")[:_SHOWN] if end else ""
