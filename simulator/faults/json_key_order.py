"""The keys of every object come in reverse order.

Signed as it is. Mistake 9 of io-events-protocol.md 10. Mistake 51 of io-events-protocol.md 10.
"""

from __future__ import annotations

from typing import Any

from ..core.fault import Fault
from ..core.payload import Payload
from ._content import content_of, with_content

PROVES = "signatures are verified over the raw bytes, and keys have no order"
EXPECT = "delivered"


def on_payload(payload: Payload, _: Fault) -> Payload:
    return with_content(payload, _reversed(content_of(payload)))


def _reversed(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: _reversed(value[key]) for key in reversed(value)}
    return [*map(_reversed, value)] if isinstance(value, list) else value
