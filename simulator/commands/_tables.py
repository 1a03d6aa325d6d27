"""Rows in columns, as a terminal shows them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from textwrap import wrap
from typing import Any

import click

from ._folding import cells
from ._output import terminal_width

GAP = "  "

WIDEST = 100
"""How long lines of prose are, at most."""

_LONGEST_NAME = 30
"""Longer names have what they are in the next line, in characters."""


def table(
    head: Sequence[str], rows: Sequence[Sequence[str]], width: int | None = None
) -> list[str]:
    """Return lines whose columns begin below each other; styles take no room.

    Where a terminal, or ``width``, has no room for all columns, a row goes on in further lines.
    """
    width = terminal_width() if width is None else width
    columns = zip(head, *rows, strict=True)
    widths = [max(map(cells, column)) for column in columns]
    parts = _parts(widths, width)
    styled = [[click.style(name, dim=True) for name in head], *rows]
    return [line for row in styled for line in _lines(row, widths, parts)]


def _parts(widths: Sequence[int], width: int | None) -> list[slice]:
    """Return which columns stand in each line of a row."""
    begins, used = [0], 0
    for column, each in enumerate(widths):
        indent = len(GAP) * (len(begins) > 1)
        if width is not None and column > begins[-1] and indent + used + each > width:
            begins.append(column)
            used = 0
        used += each + len(GAP)
    return [slice(begin, end) for begin, end in zip(begins, [*begins[1:], None], strict=True)]


def _lines(row: Sequence[str], widths: Sequence[int], parts: Sequence[slice]) -> Iterator[str]:
    for number, part in enumerate(parts):
        padded = [
            each + " " * (width - cells(each))
            for each, width in zip(row[part], widths[part], strict=True)
        ]
        yield (GAP * (number > 0) + GAP.join(padded)).rstrip()


def definitions(rows: Sequence[tuple[str, str]], width: int) -> Iterator[str]:
    """Yield names and beside them what they are, in lines of at most ``width``, unless a word of
    them is longer; below them where that takes too much room.
    """
    column = max(min(cells(name), _LONGEST_NAME) for name, _ in rows) + len(GAP)
    room = width - column - len(GAP)
    if max(cells(word) for _, text in rows for word in text.split()) > room:
        column, room = 2 * len(GAP), width - 2 * len(GAP)
    for name, text in rows:
        first, *others = wrap(text, room, break_long_words=False, break_on_hyphens=False) or [""]
        if cells(name) > column - len(GAP):
            yield name
            yield " " * column + first
        else:
            yield f"{name:{column}}{first}".rstrip()
        yield from (" " * column + other for other in others)


def moment(text: str) -> str:
    """Return a moment of the service's clock to the second: ``2026-01-15 09:30:00``."""
    return text[:19].replace("T", " ")


def under_way(status: Mapping[str, Any]) -> str:
    """Return how many deliveries a service has under way, those of deleted registrations too."""
    from ..reports.terminal import count

    deleted = status["pending_of_deleted"]
    of_deleted = f" ({deleted:,} of deleted registrations)" if deleted else ""
    return f"{count(status['pending'], 'delivery')} under way{of_deleted}"


STATUS_COLOURS = {"ACTIVE": "green", "UNSTABLE": "yellow", "DISABLED": "red"}


def styled_status(status: str) -> str:
    """Return a registration status in its colour."""
    return click.style(status, fg=STATUS_COLOURS.get(status))


def registration_table(registrations: Sequence[dict[str, Any]]) -> list[str]:
    """Return a table of registrations as the service's status lists them.

    Below it are those to which nothing is ever delivered, with the reason.
    """
    head = ("id", "name", "to", "status", "24 hours", "under way")
    rows = table(head, [_registration_row(each) for each in registrations])
    return [*rows, *_never_delivered(registrations)]


def _never_delivered(registrations: Sequence[dict[str, Any]]) -> Iterator[str]:
    from ..core.listing import listed

    names: dict[str, list[str]] = {}
    for each in registrations:
        is_bridge = each["delivery_type"] == "aws_eventbridge"
        if each["undelivered"] and (is_bridge or each["runtime_action"] is not None):
            names.setdefault(each["undelivered"], []).append(each["name"])
    for reason, named in names.items():
        yield f"{listed(named)}: {reason}; new events are in the journal only"


def _registration_row(each: dict[str, Any]) -> list[str]:
    next_due = f", next {moment(each['next_due'])[11:]}" if each["next_due"] else ""
    return [
        each["registration_id"][:8],
        each["name"],
        destination(each),
        styled_status(each["status"]) + ("" if each["enabled"] else " (switched off)"),
        f"{each['succeeded']:,} ok, {each['failed']:,} failed",
        f"{each['pending']:,}{next_due}",
    ]


def destination(each: dict[str, Any]) -> str:
    """Return where the events of a registration go, in a few words."""
    if each["delivery_type"] == "journal":
        return "journal"
    if each["delivery_type"] == "aws_eventbridge":
        return "Amazon EventBridge"
    if each["runtime_action"] is not None:
        return f"runtime action {each['runtime_action']}"
    return str(each["webhook_url"])
