"""The random part of one flow run: drawn once, in one piece, whatever the story states."""

from __future__ import annotations

from dataclasses import dataclass

from ...core.identifiers import uuid4

SIZE = 112
"""How many random bytes one run needs."""


@dataclass(frozen=True, slots=True)
class Roll:
    """Random bytes of one run, with a name for each part.

    What a run draws does not depend on what its scenario states, so stating one value leaves
    the generated others as they were.
    """

    raw: bytes

    @property
    def run_id(self) -> str:
        return uuid4(self.raw[0:16])

    @property
    def pipeline_id(self) -> str:
        return uuid4(self.raw[16:32])

    @property
    def copy_run_id(self) -> str:
        return uuid4(self.raw[32:48])

    @property
    def request_id(self) -> str:
        return self.raw[48:64].hex()

    @property
    def batch(self) -> bytes:
        return self.raw[64:74]

    @property
    def etag(self) -> bytes:
        return self.raw[74:78]

    def between(self, place: int, low: float, high: float) -> float:
        """Return a number from ``low`` up to ``high``; ``place`` (0 to 15) says which one."""
        raw = self.raw[80 + 2 * place] << 8 | self.raw[81 + 2 * place]
        return low + (high - low) * raw / 65_536
