"""The key host answers with a page that is no key.

Mistake 14 of io-events-protocol.md 10.
"""

from __future__ import annotations

from dataclasses import replace

from ..core.fault import Fault
from ..core.key_answer import KeyAnswer
from ._argument import choice

PAGE = b"<!DOCTYPE html><html><body>Sign in to continue</body></html>\n"

PROVES = "what is no key is not kept as one, and the other key is enough"
EXPECT = "delivered"
ARGUMENT = choice(1, 2)


def on_key(answer: KeyAnswer, fault: Fault) -> KeyAnswer:
    return replace(answer, pem=PAGE) if answer.number == fault.argument else answer
