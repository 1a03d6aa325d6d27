"""The events of a delivery: one or an array, CloudEvents or the old envelope."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any


class UnreadableError(Exception):
    """The body holds no event, and will not at the next try either."""


@dataclass(frozen=True)
class Event:
    """One event: its id at Adobe, the client ids it names, and the whole object."""

    id: str
    recipients: list[str]
    content: dict[str, Any]
    headers: Mapping[str, str] = field(default_factory=dict)


def parsed(body: bytes) -> Any:
    """Return the JSON of a body; raise UnreadableError if it is none."""
    try:
        return json.loads(body)
    except (ValueError, RecursionError) as error:
        raise UnreadableError(f"not JSON: {error}") from error


def events_in(body: bytes, headers: Mapping[str, str]) -> list[Event]:
    """Return all events of a body; elements of an array that are no objects are left out."""
    content = parsed(body)
    items = content if isinstance(content, list) else [content]
    objects = [item for item in items if isinstance(item, dict)]
    if items and not objects:
        raise UnreadableError("no JSON object")
    return [event(item, headers, alone=len(items) == 1) for item in objects]


def event(item: dict[str, Any], headers: Mapping[str, str], *, alone: bool) -> Event:
    """Return one event, with the new names of its id and recipient or with the old ones."""
    found = item.get("eventid") or item.get("event_id")
    if not found and alone:
        found = headers.get("x-adobe-event-id")
    names = ("recipientclientid", "recipient_client_id")
    recipients = [str(item[name]) for name in names if item.get(name) is not None]
    return Event(str(found or digest(item)), recipients, item, headers)


def digest(item: dict[str, Any]) -> str:
    """Return an id for an event that has none: equal events have equal ids."""
    return hashlib.sha256(json.dumps(item, sort_keys=True).encode()).hexdigest()
