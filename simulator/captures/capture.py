"""A captured request: its headers that can be sent again, and the events in its body."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from ..core.event import Event, Notification
from ..core.fault import Fault
from ..core.header_lines import HeaderLines
from ..core.json_reading import parse_text
from ..core.outcome import NETWORK
from ..core.printable import brief
from ..core.wire import Wire

_NOT_SENT = {"host", "content-length", "expect", "connection", "keep-alive", "proxy-connection"}
_NOT_SENT |= {"proxy-authenticate", "proxy-authorization", "te", "trailer", "transfer-encoding"}
_NOT_SENT |= {"upgrade", "http2-settings"}

_EVENT_ID_NAMES = ("eventid", "event_id")

UNKNOWN = "unknown"
"""Stands for an event id or an event code that a request does not name."""


@dataclass(frozen=True, slots=True)
class Flaw:
    """How the length of a body differs from what the head says.

    ``length_error`` is the stated length minus the real one, in bytes. ``is_open`` marks a chunked
    body without its last chunk.
    """

    length_error: int = 0
    is_open: bool = False

    @property
    def breaks_off(self) -> bool:
        """Whether the body is shorter than the head says."""
        return self.is_open or self.length_error > 0


@dataclass(frozen=True, slots=True)
class Capture:
    """A captured POST.

    ``place`` is its file, and its number in the file. ``at`` is when it was sent, if that is known.
    ``flaw`` is ``None`` if the body is as long as the head says.
    """

    place: str
    at: datetime | None
    headers: HeaderLines
    body: bytes
    flaw: Flaw | None = None

    def sent_headers(self) -> HeaderLines:
        """Return the headers that are sent again.

        Host and content length follow from the new connection. Headers about the old connection are
        left out, and the pseudo headers of HTTP/2.
        """
        named = self.headers.get("connection", "").lower().split(",")
        pseudo = (name for name in self.headers if name.startswith(":"))
        return self.headers.without({*_NOT_SENT, *map(str.strip, named), *pseudo})


def events_of(capture: Capture, time: datetime) -> tuple[Event, ...]:
    """Return the events of a request, at least one: a body without events counts as one.

    They are expected to be ``delivered``. A request that breaks off gets no answer, so outcome 602
    is expected. A flaw of the request becomes a fault of its events.
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
    """Yield the id of each event; for the first one, the header counts before the body."""
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
