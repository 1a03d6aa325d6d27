"""Each signature stands where the other belongs.

Signature 1 goes with key 1, signature 2 with key 2 (2.3). Mistake 11 of io-events-protocol.md 10.
"""

from __future__ import annotations

from dataclasses import replace

from ..core.fault import Fault
from ..core.signature import SignedPayload

PROVES = "a signature is verified with its own key"
EXPECT = "rejected"


def on_signature(signed: SignedPayload, _: Fault) -> SignedPayload:
    first, second = signed.signatures
    return replace(signed, signatures=(second, first))
