"""Flow runs as a tolerant webhook reads them: each run becomes one row, in any of its shapes."""

from __future__ import annotations

from datetime import datetime
from typing import Any


def run_of(element: dict[str, Any]) -> dict[str, Any]:
    """Return the run entity that an event holds, wherever its envelope keeps it."""
    held = element.get("event", element.get("data", element))
    messages = as_object(held).get("messages")
    if isinstance(messages, list) and messages:
        held = as_object(messages[0]).get("value")
    return as_object(held)


def summary(run: dict[str, Any]) -> tuple[Any, ...]:
    """Return what is kept of a run: id, status, errors, counts and times."""
    metrics = as_object(run.get("metrics"))
    status = as_object(metrics.get("statusSummary"))
    records = as_object(metrics.get("recordSummary"))
    return (
        str(run.get("id", "")),
        str(status.get("status", "unknown")),
        [str(as_object(each).get("code", "")) for each in as_list(status.get("errors"))],
        [number(records.get(name)) for name in ("inputRecordCount", "outputRecordCount")],
        moment(run.get("updatedAt")),
        end(metrics, as_list(run.get("activities"))),
    )


def state(run: dict[str, Any]) -> dict[str, Any]:
    """Return what is told of a run: status, counts and times in epoch seconds."""
    metrics = as_object(run.get("metrics"))
    records = as_object(metrics.get("recordSummary"))
    return {
        "status": str(as_object(metrics.get("statusSummary")).get("status", "unknown")),
        "records": number(records.get("inputRecordCount")),
        "failed": number(records.get("failedRecordCount")),
        "started": moment(as_object(metrics.get("durationSummary")).get("startedAtUTC")),
        "ended": end(metrics, as_list(run.get("activities"))),
    }


def end(metrics: dict[str, Any], activities: list[Any]) -> float | None:
    """Return when the run ended, from its activities if it does not say so itself."""
    parts = [metrics, *map(as_object, reversed(activities))]
    ends = (as_object(part.get("durationSummary")).get("completedAtUTC") for part in parts)
    return next((moment(each) for each in ends if each), None)


def number(value: Any) -> int | None:
    """Return a count; none if it is unknown, which -1 is too."""
    try:
        found = int(value)
    except (TypeError, ValueError):
        return None
    return None if found < 0 else found


def moment(value: Any) -> float | None:
    """Return epoch seconds from seconds, milliseconds or text."""
    if isinstance(value, str) and not value.isdecimal():
        try:
            return datetime.fromisoformat(value).timestamp()
        except ValueError:
            return None
    found = number(value)
    return found / 1000 if found and found > 10**11 else found


def as_object(value: Any) -> dict[str, Any]:
    return value if isinstance(value, dict) else {}


def as_list(value: Any) -> list[Any]:
    return value if isinstance(value, list) else []
