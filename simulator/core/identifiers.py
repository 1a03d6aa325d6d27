"""Identifiers in the forms that Adobe's services print (flow-run-payloads.md 7.2, 7.3)."""

from __future__ import annotations

import re
from typing import Protocol

CLIENT_ID = r"^[A-Za-z0-9_.-]{3,128}$"
CLIENT_ID_WORDS = "3 to 128 letters, digits, dots, dashes or underscores"

EVENT_CODE = r"^[A-Za-z0-9_][A-Za-z0-9_.-]{0,254}$"
"""An event code that is no option of a command, and no folder as ``..`` is."""

EVENT_CODE_WORDS = "1 to 255 letters, digits, dots, dashes or underscores, no dot or dash first"

_CROCKFORD = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
_PAIRS = [first + second for first in _CROCKFORD for second in _CROCKFORD]


class RandomSource(Protocol):
    """A seeded generator, which the core gets instead of drawing: bytes follow from a name."""

    def of_story(self, name: str, size: int) -> bytes:
        """Return bytes for the part of the story called ``name``."""
        ...

    def of_ids(self, name: str, size: int = 16) -> bytes:
        """Return bytes for the identity called ``name``."""
        ...


def is_event_code(text: str) -> bool:
    """Tell whether a text is an event code as a whole."""
    return re.fullmatch(EVENT_CODE, text) is not None


def uuid4(raw: bytes) -> str:
    """Return 16 random bytes as a version 4 UUID."""
    text = raw.hex()
    variant = "89ab"[raw[8] >> 4 & 3]
    return f"{text[:8]}-{text[8:12]}-4{text[13:16]}-{variant}{text[17:20]}-{text[20:32]}"


def echo_uuid4(raw: bytes) -> str:
    """Return a version 4 UUID whose second half repeats the first, as sandbox ids do (7.3).

    Takes 9 random bytes: bytes 1 to 7 are written twice, with version and variant adjusted.
    """
    return uuid4(raw[:8] + raw[1:8] + raw[8:9])


def ulid(epoch_ms: int, raw: bytes) -> str:
    """Return a batch id: 48 bits of milliseconds and 10 random bytes, in Crockford's base 32."""
    value = epoch_ms << 80 | int.from_bytes(raw[:10], "big")
    return "".join([_PAIRS[value >> shift & 1023] for shift in range(120, -1, -10)])


def etag(raw: bytes, updated_s: int) -> str:
    """Return an etag with its own quotes; the last group is the write time in seconds (7.2)."""
    return f'"{raw[:4].hex()}-0000-0200-0000-{updated_s:08x}0000"'


def org_id(raw: bytes) -> str:
    """Return an IMS organisation: 24 upper-case hexadecimal digits (12 bytes) and a realm."""
    return f"{raw[:12].hex().upper()}@AdobeOrg"
