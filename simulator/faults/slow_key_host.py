"""The key host takes its time.

The time is real: the 10 s of an attempt run on. Mistake 16 of io-events-protocol.md 10.
"""

from __future__ import annotations

from dataclasses import replace

from ..core.fault import Fault
from ..core.key_answer import KeyAnswer
from ._argument import duration

PROVES = "keys are kept, so a slow key host costs one delivery its time and not all of them"
EXPECT = "delivered"
ARGUMENT = duration("2s")


def on_key(answer: KeyAnswer, fault: Fault) -> KeyAnswer:
    return replace(answer, delay=answer.delay + fault.argument)
