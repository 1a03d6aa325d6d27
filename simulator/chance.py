"""All chance in flowsim: bytes that follow from a seed and a name.

There is no running state. What an event draws depends on the seed and on the event's own
number, never on what other events drew or on the order in which deliveries came back. So a
story is the same in any process, and editing one event leaves what happened in the others;
their ids are new, since a consumer should take an edited story for news.
"""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from hashlib import sha256, shake_256


def draw_seed() -> int:
    """Return a seed for a story that has none: short enough to be typed again."""
    return secrets.randbelow(1_000_000)


def draw_token() -> str:
    """Return a secret that cannot be guessed: 64 hexadecimal digits, the same for nobody."""
    return secrets.token_hex(32)


@dataclass(frozen=True, slots=True)
class Chance:
    """The seeded generator of one story.

    ``story`` decides what happened; ``ids`` decides event ids and delivery ids. They differ,
    so that a story that was edited, or is told afresh, is news to a consumer that removes
    duplicates.
    """

    story: str
    ids: str

    @classmethod
    def of(cls, seed: int, content: str, fresh: bool = False) -> Chance:
        """Return the chance of a story with this seed and this content.

        ``fresh`` gives it event ids that no consumer has seen.
        """
        ids = secrets.token_hex(16) if fresh else sha256(content.encode()).hexdigest()
        return cls(str(seed), f"{seed}/{ids}")

    def of_story(self, name: str, size: int) -> bytes:
        """Return ``size`` bytes for the part of the story called ``name``."""
        return shake_256(f"{self.story}/{name}".encode()).digest(size)

    def of_ids(self, name: str, size: int = 16) -> bytes:
        """Return ``size`` bytes for the identity called ``name``."""
        return shake_256(f"{self.ids}/{name}".encode()).digest(size)
