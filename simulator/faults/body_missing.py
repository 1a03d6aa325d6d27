"""There is no body; its length is stated as 0, and the signatures fit it.

Mistakes 31 and 36 of io-events-protocol.md 10.
"""

from __future__ import annotations

from ..core.fault import Fault

PROVES = "a request without a body is refused for good, not asked for again for a day"
EXPECT = "rejected"


def on_body(_body: bytes, _: Fault) -> bytes:
    return b""
