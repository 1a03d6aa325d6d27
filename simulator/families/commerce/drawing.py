"""What is drawn for an entry: it follows from the seed and the name of the entry."""

from __future__ import annotations

from dataclasses import dataclass

from ...core.identifiers import uuid4
from ...runtime.chance import Chance


@dataclass(frozen=True, slots=True)
class Drawing:
    """Draws for one entry; all events of it, and entries with its label, get the same."""

    chance: Chance
    name: str

    def uuid(self, draw: str) -> str:
        """Return a UUID."""
        return uuid4(self.chance.of_story(f"{self.name}/commerce/{draw}", 16))

    def count(self, draw: str, low: int, high: int) -> int:
        """Return a whole number from ``low`` to ``high``."""
        raw = self.chance.of_story(f"{self.name}/commerce/{draw}", 8)
        return low + int.from_bytes(raw, "big") % (high - low + 1)

    def price(self, draw: str) -> float:
        """Return a price with two decimals."""
        return self.count(draw, 500, 20_000) / 100
