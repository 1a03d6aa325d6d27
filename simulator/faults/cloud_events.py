"""Faults of the attributes of an event: those of CloudEvents, and others of its producer."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import datetime
from typing import NamedTuple

from ..core.fault import Fault
from ..core.payload import Payload
from .edits import Json, with_elements
from .fault_point import FaultPoint, choice

at_payload = FaultPoint[Payload]("payload")


@at_payload(
    proves="events are identified by their event id, not by the id that their producer chose"
)
def cloud_id_repeated(payload: Payload, _: Fault) -> Payload:
    """The CloudEvents id is the same as that of other events.

    Producers choose this id freely, for instance as a counter. It need not be unique beyond its
    source (1.5). Only events in the format cloud_events have one. Mistake 47 of
    io-events-protocol.md 10.
    """
    return with_elements(
        payload, lambda each: {**each, "id": "1"} if "specversion" in each else each
    )


_EXTENSIONS = {
    "phidata": True,
    "xactionid": "2f2c4d5e",
    "dataschemaversion": "1.0",
    "recipient": {"userid": "0A1B2C3D4E5F60718293A4B5@AdobeID"},
}


@at_payload(proves="unknown attributes of any type are ignored")
def extension_attributes(payload: Payload, _: Fault) -> Payload:
    """The event has additional attributes of its producer.

    Real producers send such attributes. One of them is an object (1.5). Mistake 51 of
    io-events-protocol.md 10.
    """
    return with_elements(payload, lambda element: {**element, **_EXTENSIONS})


@at_payload(
    proves="the CloudEvents id is kept as text, of any form",
    argument=choice("number", "word", "urn"),
)
def cloud_id_form(payload: Payload, fault: Fault) -> Payload:
    """The CloudEvents id is no UUID.

    Producers choose this id freely, for instance as a counter (6.5). Only events in the format
    cloud_events have one. Mistake 47 of io-events-protocol.md 10.
    """
    return _with_attribute(payload, "id", lambda before: _other_id(fault, before))


def _other_id(fault: Fault, before: str) -> str:
    drawn = fault.draw(6, before)
    if fault.argument == "number":
        return str(int.from_bytes(drawn, "big"))
    return f"evt_{drawn.hex()}" if fault.argument == "word" else f"urn:flow/run#{drawn.hex()}"


_AFTER_MILLISECONDS = {"nanoseconds": "109827", "microseconds": "109", "milliseconds": ""}
_PRECISIONS = (*_AFTER_MILLISECONDS, "seconds")
_TIME = re.compile(r"(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d)(\.\d+)?(Z|[+-]\d\d:\d\d)")


class _Time(NamedTuple):
    """A time in its parts, such as ``2026-01-15T09:30:00``, ``.123`` and ``Z``."""

    whole: str
    fraction: str
    zone: str


@at_payload(
    proves="the time of a CloudEvent is read with any number of digits",
    argument=choice(*_PRECISIONS),
)
def cloud_time_precision(payload: Payload, fault: Fault) -> Payload:
    """The time of the CloudEvent has 9 digits after the point, or 6, 3 or none.

    The precision varies by producer (1.5). Only events in the format cloud_events have a time.
    Mistake 51 of io-events-protocol.md 10.
    """
    return _with_time(payload, lambda time: _precise(time, str(fault.argument)))


def _precise(time: _Time, precision: str) -> _Time:
    if precision == "seconds":
        return time._replace(fraction="")
    fraction = (time.fraction or ".")[:4].ljust(4, "0")
    return time._replace(fraction=fraction + _AFTER_MILLISECONDS[precision])


@at_payload(
    proves="the time of a CloudEvent is read with any offset, not only with Z",
    argument=choice("+02:00", "+00:00", "-05:30"),
)
def cloud_time_offset(payload: Payload, fault: Fault) -> Payload:
    """The time of the CloudEvent is the same moment with another offset.

    CloudEvents allow every time of RFC 3339 (1.5). Only events in the format cloud_events have a
    time. Mistake 51 of io-events-protocol.md 10.
    """
    return _with_time(payload, lambda time: _moved(time, str(fault.argument)))


def _moved(time: _Time, offset: str) -> _Time:
    zone = datetime.fromisoformat(f"2000-01-01T00:00:00{offset}").tzinfo
    try:
        there = datetime.fromisoformat(time.whole + time.zone).astimezone(zone)
    except (ValueError, OverflowError):  # a scenario may say anything
        return time
    return time._replace(whole=there.replace(tzinfo=None).isoformat(), zone=offset)


def _with_time(payload: Payload, change: Callable[[_Time], _Time]) -> Payload:
    def changed(before: str) -> str:
        found = _TIME.fullmatch(before)
        return "".join(change(_Time(found[1], found[2] or "", found[3]))) if found else before

    return _with_attribute(payload, "time", changed)


def _with_attribute(payload: Payload, name: str, change: Callable[[str], str]) -> Payload:
    """Return a payload in which a text among the attributes of CloudEvents is changed."""

    def changed(element: Json) -> Json:
        value = element.get(name)
        if "specversion" not in element or not isinstance(value, str):
            return element
        return {**element, name: change(value)}

    return with_elements(payload, changed)
