"""How many attempts of one registration may be under way, so that others get their turn.

A webhook that hangs keeps each attempt for ten seconds; without a limit of its own it would
soon keep all that may be under way, and several of them would together.
"""

from __future__ import annotations

from collections import Counter, defaultdict, deque
from typing import Generic, TypeVar

Waiting = TypeVar("Waiting")


class Shares(Generic[Waiting]):
    """Counts what is under way, and holds what waits until something of it ends.

    A registration may begin while it has less under way than its share and than is free
    ``together``: however many take all they can get, each leaves as much to the next one. One
    that has nothing under way always may. What is held of a registration is in the order in
    which it was.
    """

    def __init__(self, most: int, together: int) -> None:
        self._most = most
        self._free = together
        self._under_way: Counter[int] = Counter()
        self._held: defaultdict[int, deque[Waiting]] = defaultdict(deque)

    @property
    def size(self) -> int:
        """How much is held."""
        return sum(map(len, self._held.values()))

    def begin(self, registration: int) -> bool:
        """Count one more as under way; return false, and do not, if that is more than its share."""
        count = self._under_way[registration]
        if count >= max(1, min(self._most, self._free)):
            return False
        self._under_way[registration] += 1
        self._free -= 1
        return True

    def end(self, registration: int) -> Waiting | None:
        """Count one less; return what was held and begins now: of whoever has least under way."""
        self._under_way[registration] -= 1
        self._free += 1
        least = min(self._held, key=self._under_way.__getitem__, default=None)
        if least is None or not self.begin(least):
            return None
        held = self._held[least]
        first = held.popleft()
        if not held:
            del self._held[least]
        return first

    def is_busy(self, registration: int) -> bool:
        """Tell whether a registration has anything under way."""
        return self._under_way[registration] > 0

    def holds(self, registration: int) -> bool:
        """Tell whether anything of a registration is held."""
        return registration in self._held

    def hold(self, registration: int, waiting: Waiting) -> None:
        """Keep what may not begin yet."""
        self._held[registration].append(waiting)
