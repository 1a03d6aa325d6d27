"""The flow runs of an event, in whichever of the published shapes they come."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

FIRST_MILLISECONDS = 100_000_000_000
"""A smaller number is a time in seconds: as milliseconds it would be before 1974."""
UNFINISHED = {"inProgress", "scheduled", "pending", "queued", "unknown"}


@dataclass(frozen=True)
class Run:
    """The state of a flow run; times are milliseconds since 1970, None is unknown."""

    id: str
    status: str
    records: int | None
    failed: int | None
    started: int | None
    ended: int | None
    updated: int

    @property
    def final(self) -> bool:
        """Say whether the run is over."""
        return self.status not in UNFINISHED


def entities(content: Any) -> Iterator[dict[str, Any]]:
    """Yield the run entities under event, data, messages/value, or the object itself."""
    if isinstance(content, list):
        for item in content:
            yield from entities(item)
    elif isinstance(content, dict):
        if isinstance(content.get("metrics"), dict) and content.get("id"):
            yield content
        else:
            for name in ("event", "data", "messages", "value"):
                yield from entities(content.get(name))


def runs_in(content: Any) -> list[Run]:
    """Return the state of each run in an event."""
    return [run(entity) for entity in entities(content)]


def run(entity: dict[str, Any]) -> Run:
    """Read one run entity; what is missing or not readable is None."""
    records = part(entity, "metrics", "recordSummary")
    started, ended = duration(entity)
    return Run(
        id=str(entity["id"]),
        status=str(part(entity, "metrics", "statusSummary").get("status") or "unknown"),
        records=count(records.get("inputRecordCount")),
        failed=count(records.get("failedRecordCount")),
        started=started,
        ended=ended,
        updated=time(entity.get("updatedAt")) or time(entity.get("createdAt")) or 0,
    )


def duration(entity: dict[str, Any]) -> tuple[int | None, int | None]:
    """Return start and end of a run, from its activities if it does not say them itself."""
    whole = part(entity, "metrics", "durationSummary")
    activities = entity.get("activities")
    parts = [part(a, "durationSummary") for a in activities or () if isinstance(a, dict)]
    starts = [t for p in parts if (t := time(p.get("startedAtUTC")))]
    ends = [t for p in parts if (t := time(p.get("completedAtUTC")))]
    started = time(whole.get("startedAtUTC")) or min(starts, default=None)
    ended = time(whole.get("completedAtUTC")) or max(ends, default=None)
    status = part(entity, "metrics", "statusSummary").get("status")
    return started, None if status in UNFINISHED else ended


def part(content: Any, *names: str) -> dict[str, Any]:
    """Return an object inside others, or an empty one."""
    for name in names:
        content = content.get(name) if isinstance(content, dict) else None
    return content if isinstance(content, dict) else {}


def number(value: Any) -> float | None:
    """Return a number, also one written as text."""
    if isinstance(value, bool) or not isinstance(value, int | float | str):
        return None
    try:
        return float(value)
    except ValueError:
        return None


def count(value: Any) -> int | None:
    """Return a number of records; -1 stands for unknown."""
    found = number(value)
    return int(found) if found is not None and 0 <= found < 1e18 else None


def time(value: Any) -> int | None:
    """Return a time in seconds, milliseconds or ISO text as milliseconds since 1970."""
    found = number(value)
    if found is not None:
        if not 0 < found < 1e15:
            return None
        return int(found if found >= FIRST_MILLISECONDS else found * 1000)
    try:
        moment = datetime.fromisoformat(str(value))
    except ValueError:
        return None
    if moment.tzinfo is None:
        moment = moment.replace(tzinfo=UTC)
    return int(moment.timestamp() * 1000)
