"""There is an x-adobe-signature too, as until 2022, which fits nothing.

The current documentation still mentions it; captures do not have it (1.8). Mistake 10 of
io-events-protocol.md 10.
"""

from __future__ import annotations

from base64 import b64encode

from ..core.fault import Fault

PROVES = "the digital signatures decide, and the old header is ignored"
EXPECT = "delivered"


def on_headers(headers: dict[str, str], fault: Fault) -> dict[str, str]:
    return {**headers, "x-adobe-signature": b64encode(fault.draw(32)).decode("ascii")}
