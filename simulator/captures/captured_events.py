"""The events that a captured request carries, as far as it says."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import datetime
from typing import Any

from ..core.event import Event, Notification
from ..core.fault import Fault
from ..core.json_reading import parse_text
from ..core.outcome import NETWORK
from ..core.printable import brief
from ..core.wire import Wire
from .capture import Capture, Flaw

UNKNOWN = "unknown"
"""What stands for an event id or an event code that a request does not name."""

_EVENT_ID_NAMES = ("eventid", "event_id")


def events_of(capture: Capture, time: datetime) -> tuple[Event, ...]:
    """Return the events of a request; there is at least one, whatever the body is.

    What it is to be delivered as is expected, since nothing is known about that: ``delivered``.
    A request that breaks off has no answer: 602 is expected. What was wrong with the request is
    a fault of its events.
    """
    ids = list(_ids(capture))
    code = brief(_code(capture))
    flaw = capture.flaw
    expect = NETWORK if flaw is not None and flaw.breaks_off else "delivered"
    faults = () if flaw is None else (_fault(flaw),)
    return tuple(
        Event(brief(id_), time, expect, Notification(code, "event", None), faults) for id_ in ids
    )


def _fault(flaw: Flaw) -> Fault:
    name = "broken-off" if flaw.breaks_off else "wrong-content-length"
    return Fault(name, "wire", flaw, _on_wire)


def _on_wire(wire: Wire, fault: Fault) -> Wire:
    flaw: Flaw = fault.argument
    return replace(
        wire,
        chunked=flaw.is_open,
        length_error=flaw.length_error,
        breaks_off=flaw.breaks_off,
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
        content = parse_text(body.decode("utf-8"))
    except ValueError:
        return [None]
    return content if isinstance(content, list) and content else [content]


def _id_of(element: Any) -> str:
    found = (_text(element, name) for name in _EVENT_ID_NAMES)
    return next(filter(None, found), "")


def _text(element: Any, name: str) -> str:
    value = element.get(name) if isinstance(element, Mapping) else None
    return value if isinstance(value, str) else ""
