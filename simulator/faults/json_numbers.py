"""Whole numbers are written in other legal forms, such as 1e3 and 1.0.

Signed as it is. Mistake 9 of io-events-protocol.md 10.
"""

from __future__ import annotations

from ..core.fault import Fault
from ._tokens import numbers

PROVES = "signatures are verified over the raw bytes, and numbers are read in any form"
EXPECT = "delivered"


def on_body(body: bytes, _: Fault) -> bytes:
    return numbers(body.decode(), _other_form).encode()


def _other_form(token: str) -> str:
    if not token.lstrip("-").isdecimal():
        return token
    if token.endswith("000"):
        return f"{token[:-3]}e3"
    return f"{token}.0"
