"""The body was changed after it was signed.

One digit, or a space where there is none. Mistake 2 of io-events-protocol.md 10.
"""

from __future__ import annotations

import re
from dataclasses import replace

from ..core.fault import Fault
from ..core.signature import SignedPayload

PROVES = "a body that its signatures do not fit is refused"
EXPECT = "rejected"


def on_signature(signed: SignedPayload, fault: Fault) -> SignedPayload:
    body = _tampered(signed.payload.body, int.from_bytes(fault.draw(4), "big"))
    return replace(signed, payload=replace(signed.payload, body=body))


def _tampered(body: bytes, chosen: int) -> bytes:
    """Return a body in which the last digit of one number is another one."""
    found = [*re.finditer(rb"(?<=[:,\[])\d+(?=[],}])", body)]
    if not found:
        return body + b" "
    place = found[chosen % len(found)].end() - 1
    digit = b"%d" % ((body[place] - ord("0") + 1) % 10)
    return body[:place] + digit + body[place + 1 :]
