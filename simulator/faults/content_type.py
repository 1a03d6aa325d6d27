"""The body is declared as another type.

What a batch is declared as was never captured (1.3). Mistake 31 of io-events-protocol.md 10.
"""

from __future__ import annotations

from ..core.fault import Fault
from ._argument import text

PROVES = "the body is read as JSON whatever its declared type"
EXPECT = "delivered"
ARGUMENT = text("type", "application/cloudevents-batch+json")


def on_headers(headers: dict[str, str], fault: Fault) -> dict[str, str]:
    return {
        name: fault.argument if name.lower() == "content-type" else value
        for name, value in headers.items()
    }
