"""The events that a captured request carries, as far as it says."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import Any

from ...printable import brief
from ..event import Event
from ..json_texts.strict_json import loads
from ..notification import Notification
from .capture import Capture

UNKNOWN = "unknown"
"""What stands for an event id or an event code that a request does not name."""

_EVENT_ID_NAMES = ("eventid", "event_id")


def events_of(capture: Capture, time: datetime) -> tuple[Event, ...]:
    """Return the events of a request; there is at least one, whatever the body is.

    What it is to be delivered as is expected, since nothing is known about that: ``delivered``.
    """
    ids = list(_ids(capture))
    code = brief(_code(capture))
    return tuple(
        Event(brief(id_), time, "delivered", Notification(code, "event", None)) for id_ in ids
    )


def _ids(capture: Capture) -> Iterator[str]:
    """Yield the id of each event: the first one is that of the headers, if they have one."""
    elements = _elements(capture.body)
    first = capture.headers.get("x-adobe-event-id") or _id_of(elements[0])
    yield first or UNKNOWN
    for element in elements[1:]:
        yield _id_of(element) or UNKNOWN


def _code(capture: Capture) -> str:
    element = _elements(capture.body)[0]
    stated = capture.headers.get("x-adobe-event-code") or _text(element, "type")
    return stated or UNKNOWN


def _elements(body: bytes) -> list[Any]:
    try:
        content = loads(body.decode("utf-8"))
    except ValueError:
        return [None]
    return content if isinstance(content, list) and content else [content]


def _id_of(element: Any) -> str:
    found = (_text(element, name) for name in _EVENT_ID_NAMES)
    return next(filter(None, found), "")


def _text(element: Any, name: str) -> str:
    value = element.get(name) if isinstance(element, Mapping) else None
    return value if isinstance(value, str) else ""
