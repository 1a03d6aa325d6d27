"""The JSON is full of white space.

Signed as it is. Mistake 9 of io-events-protocol.md 10.
"""

from __future__ import annotations

from itertools import count

from ..core.fault import Fault
from ._tokens import marks

SPACES = (" ", "\r\n", "\t", "", "  ", "\n")

PROVES = "signatures are verified over the raw bytes"
EXPECT = "delivered"


def on_body(body: bytes, _: Fault) -> bytes:
    number = count()
    return marks(body.decode(), lambda mark: mark + SPACES[next(number) % len(SPACES)]).encode()
