"""What the core is handed instead of drawing."""

from __future__ import annotations

from typing import Protocol


class RandomSource(Protocol):
    """A seeded generator: bytes that follow from a name."""

    def of_story(self, name: str, size: int) -> bytes:
        """Return bytes for the part of the story called ``name``."""
        ...

    def of_ids(self, name: str, size: int = 16) -> bytes:
        """Return bytes for the identity called ``name``."""
        ...
