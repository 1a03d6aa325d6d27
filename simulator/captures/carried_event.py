"""The event in an element of a body: its content, its event code, and the envelope around it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

Json = dict[str, Any]


@dataclass(frozen=True, slots=True)
class CarriedEvent:
    """An event as a body carries it: where its content is, and the event code that it says.

    ``format_`` is empty for content without an envelope.
    """

    element: Json
    format_: str
    member: str
    around: str
    content: Any
    code: str


def carried_in(element: Any) -> CarriedEvent | None:
    """Return the event in an element of a body, or None if there is none."""
    if not isinstance(element, dict):
        return None
    if "specversion" in element or ("type" in element and "data" in element):
        return _in_cloud_event(element)
    for member in ("event", "messages"):
        if member in element:
            content = element[member]
            return CarriedEvent(element, "adobe_io", member, member, content, _code_in(content))
    code = _code_in(element)
    return CarriedEvent(element, "", "event", "", element, code) if code else None


def _in_cloud_event(element: Json) -> CarriedEvent:
    data, code = element.get("data"), _text(element, "type")
    if isinstance(data, dict) and {*data} == {"messages"}:
        content = data["messages"]
        return CarriedEvent(element, "cloud_events", "messages", "data.messages", content, code)
    return CarriedEvent(element, "cloud_events", "event", "data", data, code)


def _code_in(content: Any) -> str:
    """Return the event code that content says: in its header, or in its first message."""
    if isinstance(content, list) and content:
        return _text(content[0], "_eventNotificationMeta", "type")
    return _text(content, "header", "_adobeio", "eventCode")


def _text(value: Any, *names: str) -> str:
    for name in names:
        value = value.get(name) if isinstance(value, Mapping) else None
    return value if isinstance(value, str) else ""
