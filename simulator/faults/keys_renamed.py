"""The keys have names that nobody has seen before, as after a rotation.

This alone is common to all faults of the key host: a key that was kept does not help. Mistake 17
of io-events-protocol.md 10.
"""

from __future__ import annotations

from ..core.fault import Fault
from ..core.key_answer import KeyAnswer

PROVES = "keys are looked up by their path, and asked for if it is new"
EXPECT = "delivered"


def on_key(answer: KeyAnswer, _: Fault) -> KeyAnswer:
    return answer
