"""The payload is signed with a key that Adobe never published.

Its path has the right form, and nobody serves a key there. Mistake 11 of io-events-protocol.md
10.
"""

from __future__ import annotations

from dataclasses import replace

from ..core.fault import Fault
from ..core.signature import SignedPayload, key_path
from ._forgery import forged

PROVES = "only keys of the key host count"
EXPECT = "rejected"


def on_signature(signed: SignedPayload, fault: Fault) -> SignedPayload:
    paths = tuple(key_path(f"pub-key-{fault.draw(5, each).hex()}") for each in ("1", "2"))
    return replace(forged(signed, ""), key_paths=(paths[0], paths[1]))
