"""What a user may ask of the webhook's data: a function, an address or a command that answers."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from typing import Any

Processed = Callable[[str], int | Awaitable[int]]
"""Return how often the event of that id was processed."""

State = Mapping[str, Any]
"""What is known of a run: ``status``, ``records``, ``failed``, ``started``, ``ended``.

What is left out is not judged.
"""

StateOf = Callable[[str], State | Awaitable[State | None] | None]
"""Return what is known of the run of that id; ``None`` if it is not known at all."""


@dataclass(frozen=True, slots=True)
class Command:
    """A command that is run without a shell; a placeholder in a word is replaced by an id."""

    words: tuple[str, ...]
