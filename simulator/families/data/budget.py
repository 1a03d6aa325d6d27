"""What the telling of one entry may take, counted over all of its steps.

Each text, body and expression is bounded by itself. Many of them together would still fill the
memory or take minutes, so they draw on one budget.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass

from .values import ValueMistakeError

MOST_VALUES = 200_000
MOST_CHARACTERS = 10_000_000
MOST_OPERATIONS = 3_000_000


class SpentError(ValueMistakeError):
    """An entry that takes more than its budget; no more of it is computed."""


@dataclass(slots=True)
class Budget:
    """What is left: values in bodies, characters of text, and parts of expressions."""

    values: int = MOST_VALUES
    characters: int = MOST_CHARACTERS
    operations: int = MOST_OPERATIONS
    inner: int = 0

    @property
    def spent(self) -> int:
        """What was taken so far: values, parts of expressions, and hundreds of characters.

        What was taken from budgets that were opened inside, ``inner``, is part of it.
        """
        text = (MOST_CHARACTERS - self.characters) // 100
        own = MOST_VALUES - self.values + MOST_OPERATIONS - self.operations + text
        return own + self.inner


_OPEN: ContextVar[Budget | None] = ContextVar("open", default=None)


@contextmanager
def opened(budget: Budget | None = None) -> Iterator[Budget]:
    """Count what is spent from here on, by itself: from a budget, or from that of an entry."""
    made, outer = budget or Budget(), _OPEN.get()
    before = made.spent
    token = _OPEN.set(made)
    try:
        yield made
    finally:
        _OPEN.reset(token)
        if outer is not None:
            outer.inner += made.spent - before


def spend(*, values: int = 0, characters: int = 0, operations: int = 0) -> None:
    """Take from the budget that is open, if one is; raises ``SpentError`` beyond it."""
    left = _OPEN.get()
    if left is None:
        return
    left.values -= values
    left.characters -= characters
    left.operations -= operations
    if left.values < 0:
        raise SpentError(f"an entry of more than {MOST_VALUES:,} values", _FEWER)
    if left.characters < 0:
        raise SpentError(f"an entry of more than {MOST_CHARACTERS:,} characters", _FEWER)
    if left.operations < 0:
        found = f"an entry that computes more than {MOST_OPERATIONS:,} parts of expressions"
        raise SpentError(found, _FEWER)


def spend_text(text: str) -> None:
    """Take the characters of a text from the budget that is open, if one is; fast."""
    left = _OPEN.get()
    if left is not None:
        left.characters -= len(text)
        if left.characters < 0:
            spend()


_FEWER = "fewer steps, smaller bodies, or shorter text"
