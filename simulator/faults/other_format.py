"""The event comes in the other delivery format than the registration's.

An adobe_io envelope becomes a CloudEvent and the reverse, with the content type that belongs to
it. Mistake 52 of io-events-protocol.md 10. Trap 2 of flow-run-payloads.md 7.4.
"""

from __future__ import annotations

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


def on_payload(payload: Payload, fault: Fault) -> Payload:
    is_cloud = "cloudevents" in payload.content_type
    source = f"urn:uuid:{uuid4(fault.draw(16))}"
    pairs = zip(elements_of(payload), payload.events, strict=True)
    elements = [
        _enveloped(element) if is_cloud else _as_cloud_event(element, event, source)
        for element, event in pairs
    ]
    changed = with_content(payload, elements[0] if len(elements) == 1 else elements)
    return replace(changed, content_type=PLAIN if is_cloud else CLOUD)


def _as_cloud_event(element: Json, event: Event, source: str) -> Json:
    attributes = cloud_event(event, source)
    data = attributes.pop("data", None)
    if "messages" in element:
        data = {"messages": element["messages"]}
    return {**attributes, **_ids(element), "data": element.get("event", data)}


def _enveloped(element: Json) -> Json:
    data = element.get("data")
    is_failure = isinstance(data, dict) and set(data) == {"messages"}
    return {**_ids(element), **(data if is_failure else {"event": data})}  # type: ignore[dict-item]


def _ids(element: Json) -> Json:
    return {name: element[name] for name in (*EVENT_NAMES, *RECIPIENT_NAMES) if name in element}
