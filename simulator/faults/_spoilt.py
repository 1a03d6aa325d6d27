"""Signatures that fit nothing."""

from __future__ import annotations

import base64

from ..core.fault import Fault


def spoilt(signature: str, fault: Fault) -> str:
    """Return a signature of the same form in which some bits are others."""
    raw = bytearray(base64.b64decode(signature))
    place, bits = fault.draw(2)
    raw[place % len(raw)] ^= bits or 1
    return base64.b64encode(raw).decode("ascii")
