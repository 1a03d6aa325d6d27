"""What the key host answers when it is asked for a public key."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class KeyAnswer:
    """An answer: the PEM, or none for 404, after ``delay`` seconds of real time.

    ``number`` says which of a delivery's two keys was asked for, ``times`` how often, this
    time included.
    """

    number: int
    times: int
    pem: bytes | None
    delay: float = 0.0
