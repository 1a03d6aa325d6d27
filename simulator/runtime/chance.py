"""All chance in flowsim: bytes that follow from a seed and a name.

There is no running state. What an event draws depends on the seed and on the event's own
number, never on what other events drew or on the order in which deliveries came back. So a
story is the same in any process, and editing one event leaves what happened in the others;
their ids are new, so that a consumer takes the events of an edited story for new ones.
"""

from __future__ import annotations

import secrets
from collections.abc import Callable
from dataclasses import dataclass
from hashlib import sha256, shake_256
from itertools import count


def draw_seed() -> int:
    """Return a seed for a story that has none: short enough to be typed again."""
    return secrets.randbelow(1_000_000)


def draw_token() -> str:
    """Return a secret that cannot be guessed: 64 hexadecimal digits, new at each call."""
    return secrets.token_hex(32)


def distinct_ids() -> Callable[[], str]:
    """Return a function that makes 32 hexadecimal digits at each call, never the same twice.

    It is cheap: half of the digits are drawn once, the other half is a count whose
    order is scrambled. Any thread may call it. The ids are not secret.
    """
    drawn, numbers = secrets.token_hex(8), count(secrets.randbits(63))
    return lambda: f"{drawn}{next(numbers) * _ODD % 2**64:016x}"


_ODD = 0x9E3779B97F4A7C15
"""Multiplied by an odd number, 2**64 different numbers stay different."""


@dataclass(frozen=True, slots=True)
class Chance:
    """The seeded generator of one story.

    ``story`` decides what happened; ``ids`` decides event ids and delivery ids. They differ,
    so that the events of a story that was edited, or is delivered with fresh ids, are new to a
    consumer that removes duplicates.
    """

    story: str
    ids: str

    @classmethod
    def of(cls, seed: int, content: str, fresh: bool = False) -> Chance:
        """Return the chance of a story with this seed and this content.

        ``fresh`` gives it event ids that no consumer has seen.
        """
        ids = (
            secrets.token_hex(16)
            if fresh
            else sha256(content.encode("utf-8", "surrogateescape")).hexdigest()
        )
        return cls(str(seed), f"{seed}/{ids}")

    def of_story(self, name: str, size: int) -> bytes:
        """Return ``size`` bytes for the part of the story called ``name``."""
        return shake_256(f"{self.story}/{name}".encode()).digest(size)

    def of_ids(self, name: str, size: int = 16) -> bytes:
        """Return ``size`` bytes for the identity called ``name``."""
        return shake_256(f"{self.ids}/{name}".encode()).digest(size)
