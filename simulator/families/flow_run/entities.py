"""Reads run entities in notifications.

The functions never fail: a value that is missing or has another type counts as none.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from ...core.event import Notification
from ..entities import Entity

_ADAPTOR_MEMBERS = ("slaCreatedAt", "processStartTime", "transformedTime", "header")

Json = dict[str, Any]


def runs_of(notification: Notification) -> list[Json]:
    """Return the run entities in a notification, as Flow Service keeps them (2.2).

    Members that only notifications have are left out: the header and the adaptor's times.
    """
    if notification.member == "messages":
        found = [message.get("value") for message in notification.content]
    else:
        found = [notification.content]
    return [
        {name: each for name, each in run.items() if name not in _ADAPTOR_MEMBERS}
        for run in found
        if isinstance(run, dict) and isinstance(run.get("id"), str) and "flowId" in run
    ]


def entities_of(notification: Notification) -> list[Entity]:
    """Return the runs in a notification, each with the ids of its flow and of its batch."""
    return [Entity(run["id"], run, dict(_keys(run))) for run in runs_of(notification)]


def _keys(run: Json) -> Iterator[tuple[str, str]]:
    yield "flow", str(run["flowId"])
    batch = batch_of(run)
    if batch is not None:
        yield "batch", batch


_RESULTS = {"success": "success", "partialSuccess": "partial", "failed": "failed"}
"""Status of a run → the result that it means, without a look at its records."""


def result(content: Any) -> str:
    """Return ``success``, ``partial`` or ``failed``; empty for another status, or for no run.

    A success with failed records is ``partial``.
    """
    metrics = _metrics_in(content)
    status = at(metrics, "statusSummary", "status")
    found = _RESULTS.get(status, "") if isinstance(status, str) else ""
    has_failed = count(at(metrics, "recordSummary", "failedRecordCount"))
    return "partial" if found == "success" and has_failed else found


def _run_in(content: Any) -> Any:
    """Return the run in the content of an event, of either shape."""
    held = content[0] if isinstance(content, list) and content else content
    return at(held, "value") or held


def _metrics_in(content: Any) -> Any:
    return at(_run_in(content), "metrics")


def line(content: Any) -> str:
    """Return status and record counts of the run in the content of an event."""
    metrics = _metrics_in(content)
    status = at(metrics, "statusSummary", "status")
    counts = at(metrics, "recordSummary")
    read, failed = (count(at(counts, f"{each}RecordCount")) for each in ("input", "failed"))
    if not isinstance(status, str):
        return ""
    rejected = f", {failed:,} of {read:,} records failed" if failed else ""
    return f"{status}{rejected}"


def reason(content: Any) -> str:
    """Return why a run failed: rejected records with their cause, or else its first error code.

    The totals of a failed run have no record counts; the causes of its activities do.
    """
    summary = at(_metrics_in(content), "statusSummary")
    if at(summary, "status") != "failed":
        return ""
    rejected = [each for each in _causes_in(content) if count(each.get("recordCount"))]
    codes = (each.get("code") for each in rejected or objects(at(summary, "errors")))
    code = next((each for each in codes if isinstance(each, str)), "")
    failed = sum(count(each["recordCount"]) for each in rejected)
    return ", ".join(filter(None, (f"{failed:,} records failed" if failed else "", code)))


def _causes_in(content: Any) -> list[Json]:
    """Return the causes that the activities of the run in the content of an event name."""
    every = objects(at(_run_in(content), "activities"))
    extensions = (at(each, "statusSummary", "extensions", "errors") for each in every)
    return [cause for each in extensions for cause in objects(each)]


def at(value: Any, *path: str) -> Any:
    """Return the value at a path of member names, or ``None``."""
    for name in path:
        value = value.get(name) if isinstance(value, dict) else None
    return value


def objects(value: Any) -> list[Json]:
    """Return the objects in a list; nothing for any other value."""
    return [each for each in value if isinstance(each, dict)] if isinstance(value, list) else []


def activities(run: Json) -> list[Json]:
    """Return the activities of a run."""
    return objects(run.get("activities"))


def batch_of(run: Json) -> str | None:
    """Return the id of the batch that a run wrote: the first id in a ``targetInfo``."""
    for activity in activities(run):
        for target in objects(activity.get("targetInfo")):
            ids = at(target, "reference", "ids")
            if isinstance(ids, list) and ids and isinstance(ids[0], str):
                return ids[0]
    return None


def connections(run: Json, member: str) -> list[str]:
    """Return the connection ids in ``sourceInfo`` or ``targetInfo`` of all activities."""
    found = [info.get("id") for each in activities(run) for info in objects(each.get(member))]
    return [each for each in found if isinstance(each, str)]


def errors(run: Json) -> list[Json]:
    """Return the errors in the extensions of all activities."""
    return [
        error
        for each in activities(run)
        for error in objects(at(each, "statusSummary", "extensions", "errors"))
    ]


def count(value: Any) -> int:
    """Return a count; 0 if it is unknown, which is printed as -1."""
    return value if isinstance(value, int) and not isinstance(value, bool) and value > 0 else 0
