"""The key paths climb out of the folder of keys, to keys that are foreign.

As in /prod/keys/../../evil/keys/…. Mistake 19 of io-events-protocol.md 10.
"""

from __future__ import annotations

from ..core.fault import Fault
from ..core.signature import SignedPayload
from ._forgery import FOLDER, forged

PROVES = "keys are fetched from the key host only, whatever a path says"
EXPECT = "rejected"


def on_signature(signed: SignedPayload, _: Fault) -> SignedPayload:
    return forged(signed, f"/prod/keys/../..{FOLDER}")
