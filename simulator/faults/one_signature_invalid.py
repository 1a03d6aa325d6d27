"""One of the two signatures does not fit.

As while keys are rotated (2.1). Mistake 13 of io-events-protocol.md 10.
"""

from __future__ import annotations

from dataclasses import replace

from ..core.fault import Fault
from ..core.signature import SignedPayload
from ._argument import choice
from ._spoilt import spoilt

PROVES = "one good signature is enough, whichever it is"
EXPECT = "delivered"
ARGUMENT = choice(1, 2)


def on_signature(signed: SignedPayload, fault: Fault) -> SignedPayload:
    signatures = list(signed.signatures)
    signatures[fault.argument - 1] = spoilt(signatures[fault.argument - 1], fault)
    return replace(signed, signatures=(signatures[0], signatures[1]))
