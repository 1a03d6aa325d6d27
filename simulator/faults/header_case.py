"""Header names are written in capitals, as X-Adobe-Event-Id.

Mistake 21 of io-events-protocol.md 10.
"""

from __future__ import annotations

from ..core.fault import Fault

PROVES = "headers are found whatever the case of their names"
EXPECT = "delivered"


def on_headers(headers: dict[str, str], _: Fault) -> dict[str, str]:
    return {name.title(): value for name, value in headers.items()}
