"""Digests of what is sent for each event code: a line for each code and delivery format."""

from __future__ import annotations

import hashlib
import sys
from collections.abc import Iterable

from ..families.told import CODES, FORMATS, body, events, events_of_family


def digests(codes: Iterable[str] = CODES) -> str:
    """Tell the events of each code, and return the SHA-256 of their bodies."""
    events_of_family.cache_clear()
    events.cache_clear()
    lines = []
    for code in sorted(codes):
        for format_ in FORMATS:
            sent = b"\n".join(body(event, format_) for event in events(code))
            lines.append(f"{code} {format_} {hashlib.sha256(sent).hexdigest()}\n")
    return "".join(lines)


if __name__ == "__main__":
    print(digests(sys.argv[1:] or CODES), end="")
