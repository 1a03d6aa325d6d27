"""What a user may ask of the webhook: a function, an address or a command that answers."""

from __future__ import annotations

import inspect
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from ..core.event import Event

Processed = Callable[[str], int | Awaitable[int]]
"""Return how often the event of that id was processed."""

State = Mapping[str, Any]
"""What is known of a run: ``status``, ``records``, ``failed``, ``started``, ``ended``.

What is left out is not judged.
"""

StateOf = Callable[[str], State | Awaitable[State | None] | None]
"""Return what is known of the run of that id; ``None`` if it is not known at all."""

Ignores = Sequence[str] | Callable[[Event], bool | Awaitable[bool]]
"""Which events the webhook leaves out on purpose: their event codes, or a function."""

Restart = Callable[[], object]
"""Restart the webhook, and return when that is done; what is returned is awaited if it can be."""


@dataclass(frozen=True, slots=True)
class Command:
    """A command that is run without a shell; a placeholder in a word is replaced by an id."""

    words: tuple[str, ...]


async def called(function: Callable[..., Any], *arguments: Any) -> Any:
    """Call a function of the user's, which may be async; return what it answers."""
    answer = function(*arguments)
    return await answer if inspect.isawaitable(answer) else answer
