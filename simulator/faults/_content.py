"""Changes to the content of a request body."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace
from typing import Any

from ..core.json_texts import compact_json
from ..core.payload import Payload
from ._edit import Json

EVENT_NAMES = ("event_id", "eventid")
RECIPIENT_NAMES = ("recipient_client_id", "recipientclientid")


def content_of(payload: Payload) -> Any:
    """Return the JSON value that a body holds."""
    return json.loads(payload.body)


def elements_of(payload: Payload) -> list[Json]:
    """Return the objects of a body, one an event."""
    content = content_of(payload)
    return content if isinstance(content, list) else [content]


def with_content(payload: Payload, content: Any) -> Payload:
    """Return a payload whose body holds another JSON value."""
    return replace(payload, body=compact_json.encode(content))


def renamed(element: Json, old: str, new: str) -> Json:
    """Return an object whose member ``old`` is called ``new``, or is gone beside one."""
    if new in element:
        return {name: each for name, each in element.items() if name != old}
    return {new if name == old else name: each for name, each in element.items()}


def with_elements(payload: Payload, change: Callable[[Json], Json]) -> Payload:
    """Return a payload in which the object of each event is changed."""
    content = content_of(payload)
    changed = [*map(change, content)] if isinstance(content, list) else change(content)
    return with_content(payload, changed)
