"""A recorded run: the attempts and request bodies of each event."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from ..core.json_reading import parse_spelled

Json = dict[str, Any]

TYPES = ("attempt", "received", "answered", "ready", "summary")
"""The types of the lines that ``--json`` prints."""

_OF_ATTEMPT = ("attempt", "faults", "status_code", "outcome", "retry_in_s", "reason", "verified")
"""Members of an attempt that are compared; ids and durations differ from run to run."""

_OF_SUMMARY = (
    "events",
    "deliveries",
    "attempts",
    "delivered",
    "dropped",
    "withheld",
    "verified",
    "ok",
)


@dataclass(slots=True)
class EventRecord:
    """The record of one event, or of the batch whose first event it is.

    ``attempts`` have the members that are compared. ``bodies`` are the different request bodies in
    the order in which they came.
    """

    attempts: list[Json] = field(default_factory=list)
    bodies: dict[bytes, None] = field(default_factory=dict)

    def add(self, body: bytes) -> None:
        """Add a request body, if it is not there yet."""
        self.bodies.setdefault(body)

    def value(self, *, attempts: bool, bodies: bool) -> Json:
        """Return the event as JSON to compare."""
        value: Json = {"attempts": self.attempts} if attempts else {}
        if bodies and self.bodies:
            body, *others = map(_content, self.bodies)
            value |= {"body": body} | ({"other_bodies": others} if others else {})
        return value


@dataclass(frozen=True, slots=True)
class RunRecord:
    """The events of a run by id, in order, and its summary if that is known.

    ``unread`` has a sentence for each captured request that could not be read.
    """

    events: Mapping[str, EventRecord]
    summary: Json | None = None
    unread: tuple[str, ...] = ()

    @property
    def has_attempts(self) -> bool:
        return any(event.attempts for event in self.events.values())

    @property
    def has_bodies(self) -> bool:
        return any(event.bodies for event in self.events.values())

    @property
    def only_body(self) -> bytes | None:
        """The body of the run, if it has exactly one."""
        bodies = [body for event in self.events.values() for body in event.bodies]
        return bodies[0] if len(bodies) == 1 else None

    def value(self, *, by_id: bool, attempts: bool, bodies: bool, summary: bool) -> Json:
        """Return the run as JSON to compare; its events ``by_id``, or in their order."""
        events = {
            id_: event.value(attempts=attempts, bodies=bodies) for id_, event in self.events.items()
        }
        whole = {"summary": self.summary} if summary else {}
        return {"events": events if by_id else [*events.values()], **whole}


def line(raw: bytes) -> Json:
    """Return a line that ``--json`` prints; raises ``ValueError`` for another line."""
    content = parse_spelled(raw.decode("utf-8"))
    if not isinstance(content, dict) or content.get("type") not in TYPES:
        raise ValueError(f"expected an object whose type is {', '.join(TYPES)}")
    return content


def of(lines: Iterable[Json], sent: Iterable[tuple[str, bytes]] = ()) -> RunRecord:
    """Return the record of a run.

    ``lines`` are lines that ``--json`` prints, as ``line`` returns them. ``sent`` are requests,
    each with its event id and its body.
    """
    events: dict[str, EventRecord] = {}
    summary = None
    for each in lines:
        if each["type"] == "summary":
            summary = _compared(each, _OF_SUMMARY)
        if each["type"] == "attempt":
            attempt = _compared(each, _OF_ATTEMPT)
            _event(events, str(each.get("event_id"))).attempts.append(attempt)
        elif each["type"] == "received":
            body = str(each.get("body")).encode("utf-8", "surrogatepass")
            _event(events, str(each.get("event_id"))).add(body)
    for event_id, body in sent:
        _event(events, event_id).add(body)
    return RunRecord(events, summary)


def _event(events: dict[str, EventRecord], event_id: str) -> EventRecord:
    return events.setdefault(event_id, EventRecord())


def _compared(line: Json, names: Iterable[str]) -> Json:
    return {name: line[name] for name in names if name in line}


def _content(body: bytes) -> Any:
    """Return a body as JSON, or as text if it is not JSON."""
    text = body.decode("utf-8", "surrogateescape")
    try:
        return parse_spelled(text)
    except ValueError:
        return text
