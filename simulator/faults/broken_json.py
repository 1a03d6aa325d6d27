"""The body ends in its middle, and is signed as it is.

Mistake 36 of io-events-protocol.md 10.
"""

from __future__ import annotations

from ..core.fault import Fault

PROVES = "a body that can never be read is refused for good, not asked for again for a day"
EXPECT = "rejected"


def on_body(body: bytes, _: Fault) -> bytes:
    return body[: len(body) // 2].decode(errors="ignore").encode()
