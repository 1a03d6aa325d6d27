"""One letter of each signature has the other case, which is another value.

Mistake 12 of io-events-protocol.md 10.
"""

from __future__ import annotations

from dataclasses import replace

from ..core.fault import Fault
from ..core.signature import SignedPayload

PROVES = "base64 is compared with its case"
EXPECT = "rejected"


def on_signature(signed: SignedPayload, fault: Fault) -> SignedPayload:
    chosen = fault.draw(1)[0]
    first, second = (_flipped(signature, chosen) for signature in signed.signatures)
    return replace(signed, signatures=(first, second))


def _flipped(signature: str, chosen: int) -> str:
    """Return a signature with one of its letters flipped; the last ones may hold spare bits."""
    letters = [place for place, letter in enumerate(signature[:-4]) if letter.isalpha()]
    place = letters[chosen % len(letters)]
    return signature[:place] + signature[place].swapcase() + signature[place + 1 :]
