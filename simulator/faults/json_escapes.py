"""Texts are written with escapes: slashes, and every character that is not ASCII.

So are some ordinary letters; all of it is legal. Signed as it is. Mistake 9 of
io-events-protocol.md 10.
"""

from __future__ import annotations

import json

from ..core.fault import Fault
from ._tokens import strings

PROVES = "signatures are verified over the raw bytes, not over JSON that was written again"
EXPECT = "delivered"


def on_body(body: bytes, _: Fault) -> bytes:
    return strings(body.decode(), _escaped).encode()


def _escaped(token: str) -> str:
    text = json.dumps(json.loads(token))
    if "\\" not in text:
        text = text.replace("e", r"\u0065")
    return text.replace("/", r"\/")
