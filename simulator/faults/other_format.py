"""The event comes in the other delivery format than the registration's.

An adobe_io envelope becomes a CloudEvent and the reverse, with the content type that belongs to
it. Mistake 52 of io-events-protocol.md 10. Trap 2 of flow-run-payloads.md 7.4.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import replace

from ..core.event import Event
from ..core.fault import Fault
from ..core.identifiers import uuid4
from ..core.payload import Payload, cloud_event
from ._content import EVENT_NAMES, RECIPIENT_NAMES, elements_of, with_content
from ._edit import Json

PROVES = "both formats are understood, whichever comes"
EXPECT = "delivered"

CLOUD = "application/cloudevents+json; charset=UTF-8"
PLAIN = "application/json; charset=utf-8"

IDS = {*EVENT_NAMES, *RECIPIENT_NAMES}
ATTRIBUTES = {"specversion", "id", "source", "type", "datacontenttype", "dataschema", "time"}


def on_payload(payload: Payload, fault: Fault) -> Payload:
    is_cloud = "cloudevents" in payload.content_type
    source = f"urn:uuid:{uuid4(fault.draw(16))}"
    elements = [
        _enveloped(element) if is_cloud else _as_cloud_event(element, event, source)
        for element, event in zip(elements_of(payload), payload.events, strict=False)
    ]
    changed = with_content(payload, elements[0] if len(elements) == 1 else elements)
    return replace(changed, content_type=PLAIN if is_cloud else CLOUD)


def _as_cloud_event(element: Json, event: Event, source: str) -> Json:
    ids, rest = _parted(element, IDS)
    attributes, _ = _parted(cloud_event(event, source), ATTRIBUTES)
    if "event" in rest:
        data = rest.pop("event")
    elif "messages" in rest:
        data = {"messages": rest.pop("messages")}
    else:
        data, rest = rest, {}
    return {**attributes, **ids, **rest, "data": data}


def _enveloped(element: Json) -> Json:
    ids, rest = _parted(element, IDS)
    if "data" not in rest:
        return {**ids, "event": rest}
    _, rest = _parted(rest, ATTRIBUTES)
    data = rest.pop("data")
    is_failure = isinstance(data, dict) and set(data) == {"messages"}
    return {**ids, **rest, **(data if is_failure else {"event": data})}


def _parted(element: Json, names: Collection[str]) -> tuple[Json, Json]:
    """Return the members of these names, and the others."""
    named = {name: each for name, each in element.items() if name in names}
    return named, {name: each for name, each in element.items() if name not in names}
