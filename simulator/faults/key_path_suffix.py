"""The key paths lengthen the key host's name, and the keys there are foreign.

As in .evil.example/evil/keys/…. Mistake 19 of io-events-protocol.md 10.
"""

from __future__ import annotations

from ..core.fault import Fault
from ..core.signature import SignedPayload
from ._argument import text
from ._forgery import FOLDER, forged

PROVES = "keys are fetched from the key host only, whatever a path says"
EXPECT = "rejected"
ARGUMENT = text("host", "evil.example")


def on_signature(signed: SignedPayload, fault: Fault) -> SignedPayload:
    return forged(signed, f".{fault.argument}{FOLDER}")
