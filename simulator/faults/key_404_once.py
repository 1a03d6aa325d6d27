"""The key host answers 404 when a key is asked for the first time.

Mistake 15 of io-events-protocol.md 10.
"""

from __future__ import annotations

from dataclasses import replace

from ..core.fault import Fault
from ..core.key_answer import KeyAnswer
from ._argument import choice

PROVES = "a key that could not be had is asked for again, and what came instead is not kept"
EXPECT = "delivered"
ARGUMENT = choice("both", 1, 2)


def on_key(answer: KeyAnswer, fault: Fault) -> KeyAnswer:
    is_hit = fault.argument in ("both", answer.number)
    return replace(answer, pem=None) if is_hit and answer.times == 1 else answer
