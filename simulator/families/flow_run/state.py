"""The state of a run by its notification, as a correct consumer reads it.

Numbers may be text, and times may be in seconds, in milliseconds or text (flow-run-payloads.md 7.4,
traps 5, 6 and 7). The functions never fail: what cannot be read counts as unknown.
"""

from __future__ import annotations

import re
from typing import Any

from ...core.event import Notification
from ...core.instant import epoch_of, epoch_of_number
from ..entities import RunState
from .entities import at, runs_of

_NEAR = {"partialSuccess": "success"}
"""A status → the one that a run may be kept with as well: a part of its records was ingested."""

_NUMBER = re.compile(r"[0-9]{1,18}")

_COUNTS = {"records": "inputRecordCount", "failed": "failedRecordCount"}
"""Each count of a state, and its name in a run."""

_UNKNOWN = (-1, "-1")
"""What says that a count is unknown (flow-run-payloads.md 7.4, trap 7)."""


def state_of(notification: Notification) -> RunState | None:
    """Return what a notification says about its first run; ``None`` if it holds no run.

    A count of -1 is unknown. The end is the run's own: that of an activity does not count.
    """
    found = runs_of(notification)
    if not found:
        return None
    run, metrics = found[0], found[0].get("metrics")
    status = at(metrics, "statusSummary", "status")
    counts, times = at(metrics, "recordSummary"), at(metrics, "durationSummary")
    return RunState(
        run["id"],
        status if isinstance(status, str) else None,
        _number(at(counts, _COUNTS["records"])),
        _number(at(counts, _COUNTS["failed"])),
        _moment(at(times, "startedAtUTC")),
        _moment(at(times, "completedAtUTC")),
        _moment(run.get("updatedAt")),
        _NEAR.get(status) if isinstance(status, str) else None,
        tuple(name for name, member in _COUNTS.items() if at(counts, member) in _UNKNOWN),
    )


def _number(value: Any) -> int | None:
    if isinstance(value, str) and _NUMBER.fullmatch(value):
        return int(value)
    return value if type(value) is int and value >= 0 else None


def _moment(value: Any) -> float | None:
    """Return epoch seconds."""
    if (number := _number(value)) is not None:
        return epoch_of_number(number)
    try:
        return epoch_of(value) if isinstance(value, str) else None
    except ValueError:
        return None
