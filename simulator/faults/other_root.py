"""An event that stands alone comes in an array, one in an array comes alone.

Success and failure samples have different roots. Trap 1 of flow-run-payloads.md 7.4.
"""

from __future__ import annotations

from ..core.fault import Fault
from ..core.payload import Payload
from ._content import content_of, elements_of, with_content

PROVES = "a body is an object or an array"
EXPECT = "delivered"


def on_payload(payload: Payload, _: Fault) -> Payload:
    content = content_of(payload)
    is_one = isinstance(content, list) and len(content) == 1
    return with_content(payload, content[0] if is_one else elements_of(payload))
