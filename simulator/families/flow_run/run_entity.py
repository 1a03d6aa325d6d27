"""Reading run entities of any shape: what is not there, or is something else, is nothing."""

from __future__ import annotations

from typing import Any

Json = dict[str, Any]


def at(value: Any, *path: str) -> Any:
    """Return what stands at a path of objects, or nothing."""
    for name in path:
        value = value.get(name) if isinstance(value, dict) else None
    return value


def objects(value: Any) -> list[Json]:
    """Return the objects of a list."""
    return [each for each in value if isinstance(each, dict)] if isinstance(value, list) else []


def activities(run: Json) -> list[Json]:
    """Return the stages of a run that its notification lists."""
    return objects(run.get("activities"))


def batch_of(run: Json) -> str | None:
    """Return the batch that a run wrote, as its promotion names it."""
    for activity in activities(run):
        for target in objects(activity.get("targetInfo")):
            ids = at(target, "reference", "ids")
            if isinstance(ids, list) and ids and isinstance(ids[0], str):
                return ids[0]
    return None


def connections(run: Json, member: str) -> list[str]:
    """Return the ids of ``sourceInfo`` or ``targetInfo``."""
    found = [info.get("id") for each in activities(run) for info in objects(each.get(member))]
    return [each for each in found if isinstance(each, str)]


def errors(run: Json) -> list[Json]:
    """Return the errors in the extensions of all activities: causes, and counts of rows."""
    return [
        error
        for each in activities(run)
        for error in objects(at(each, "statusSummary", "extensions", "errors"))
    ]


def count(value: Any) -> int:
    """Return a count; unknown ones, printed as -1, are none."""
    return value if isinstance(value, int) and not isinstance(value, bool) and value > 0 else 0
