"""Rows in columns, as a terminal shows them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
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
