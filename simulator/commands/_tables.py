"""Rows in columns, as a terminal shows them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import click

GAP = "  "


def table(head: Sequence[str], rows: Sequence[Sequence[str]]) -> list[str]:
    """Return lines whose columns begin below each other; styles take no room."""
    columns = zip(head, *rows, strict=True)
    widths = [max(len(click.unstyle(each)) for each in column) for column in columns]
    return [_line([click.style(name, dim=True) for name in head], widths)] + [
        _line(row, widths) for row in rows
    ]


def _line(row: Sequence[str], widths: Sequence[int]) -> str:
    padded = [
        each + " " * (width - len(click.unstyle(each)))
        for each, width in zip(row, widths, strict=True)
    ]
    return GAP.join(padded).rstrip()


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
