"""The key host ends lines with CR LF.

Mistake 25 of io-events-protocol.md 10.
"""

from __future__ import annotations

from dataclasses import replace

from ..core.fault import Fault
from ..core.key_answer import KeyAnswer
from ._argument import choice

PROVES = "a PEM is read with any line ends"
EXPECT = "delivered"
ARGUMENT = choice("both", 1, 2)


def on_key(answer: KeyAnswer, fault: Fault) -> KeyAnswer:
    if answer.pem is None or fault.argument not in ("both", answer.number):
        return answer
    return replace(answer, pem=answer.pem.replace(b"\n", b"\r\n"))
