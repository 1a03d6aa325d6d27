"""What the family of flow runs says of itself: its event codes, and the runs in a notification."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ...core.event import Notification
from ...core.json_writing import merge_patch

EVENT_CODES = {
    "sources_flow_run_success": "Experience Platform Source's Flow Run Succeeded",
    "sources_flow_run_failed": "Experience Platform Source's Flow Run Failed",
}
"""Event code → label in the list of subscriptions."""

SAMPLES = {
    "sources_flow_run_success": "success",
    "sources_flow_run_failed": "failure-promotion",
}
"""Event code → the shipped scenario that begins with an event of its kind."""

_ADAPTOR_MEMBERS = ("slaCreatedAt", "processStartTime", "transformedTime", "header")

Json = dict[str, Any]


def patch(notification: Notification, override: Mapping[str, Any]) -> Notification:
    """Return the notification with a JSON merge patch (RFC 7396) applied to its run entity."""
    return notification.with_run(lambda entity: merge_patch(entity, override))


def runs_of(notification: Notification) -> list[Json]:
    """Return the run entities a notification tells about, as Flow Service keeps them (2.2).

    What only the notification has (the adaptor's stamps, its header) is left out.
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
