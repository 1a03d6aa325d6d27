"""Lists in messages: a few of many, and how many more there are."""

from __future__ import annotations

from collections.abc import Sequence

MOST = 5
"""How many things a message names unless it says otherwise."""


def listed(words: Sequence[str], most: int = MOST) -> str:
    """Return ``a, b, c``, or ``a, b and 2,498 more`` for more than ``most`` words."""
    shown, more = words[:most], len(words) - most
    return ", ".join(shown) + (f" and {more:,} more" if more > 0 else "")
