"""Neither of the two signatures fits.

Mistake 11 of io-events-protocol.md 10.
"""

from __future__ import annotations

from dataclasses import replace

from ..core.fault import Fault
from ..core.signature import SignedPayload
from ._spoilt import spoilt

PROVES = "a body that its signatures do not fit is refused"
EXPECT = "rejected"


def on_signature(signed: SignedPayload, fault: Fault) -> SignedPayload:
    first, second = signed.signatures
    return replace(signed, signatures=(spoilt(first, fault), spoilt(second, fault)))
