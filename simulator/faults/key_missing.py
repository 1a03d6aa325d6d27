"""The key host has no such key.

Mistake 14 of io-events-protocol.md 10.
"""

from __future__ import annotations

from dataclasses import replace

from ..core.fault import Fault
from ..core.key_answer import KeyAnswer
from ._argument import choice

PROVES = "the other key is enough"
EXPECT = "delivered"
ARGUMENT = choice(1, 2)


def on_key(answer: KeyAnswer, fault: Fault) -> KeyAnswer:
    return replace(answer, pem=None) if answer.number == fault.argument else answer
