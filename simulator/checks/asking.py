"""What a user may ask of the webhook: a function, an address or a command that answers."""

from __future__ import annotations

import inspect
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

from ..core import targets
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


EXAMPLES = {"processed": "processed", "state": "runs"}
"""What is asked → the first step of the path of an address that may answer."""


@dataclass(frozen=True, slots=True)
class Command:
    """A command that is run without a shell; a placeholder in a word is replaced by an id."""

    words: tuple[str, ...]


def question(text: str, place: str, example: str) -> str:
    """Return an address of a question, completed like a target, with the place of an id in it.

    ``place`` is the name of the placeholder, ``example`` the first step of a usual path. Raises
    ``ValueError`` without a placeholder or with one in the host, ``TargetError`` for no address.
    """
    if f"{{{place}}}" not in text:
        raise ValueError(
            f"it does not contain {{{place}}}, as in http://localhost:3000/{example}/{{{place}}}"
        )
    word = "event-id-goes-here"
    url = targets.parse_target(text.replace(f"{{{place}}}", word))
    if word in urlsplit(url).netloc:  # an id of unknown origin would choose who is asked
        raise ValueError(f"{{{place}}} stands in the host")
    return url.replace(word, f"{{{place}}}")


async def called(function: Callable[..., Any], *arguments: Any) -> Any:
    """Call a function of the user's, which may be async; return what it answers."""
    answer = function(*arguments)
    return await answer if inspect.isawaitable(answer) else answer
