"""Markdown of the pages about events: tables, and texts in which nothing is markup."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from ..core.printable import printable


def table(head: Sequence[str], rows: Iterable[Sequence[str]]) -> Iterator[str]:
    """Yield the lines of a table; cells are Markdown."""
    yield f"| {' | '.join(head)} |"
    yield f"|{'---|' * len(head)}"
    for row in rows:
        yield f"| {' | '.join(row)} |"


def code(text: str) -> str:
    """Return text as code in a cell; nothing for no text."""
    shown = printable(text).replace("|", "\\|").replace("`", "'")
    return f"`{shown}`" if shown else ""


def codes(texts: Iterable[str]) -> str:
    """Return texts as code, with commas between them."""
    return ", ".join(map(code, texts))


def cell(text: str) -> str:
    """Return text in which nothing is markup."""
    shown = printable(text)
    for mark in "\\|<*_`[]":
        shown = shown.replace(mark, f"\\{mark}")
    return shown
