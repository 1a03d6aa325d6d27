"""The run stands beside the ids, without anything around it.

As the alerts of 2023 print it (1.3). Trap 2 of flow-run-payloads.md 7.4.
"""

from __future__ import annotations

from ..core.fault import Fault
from ..core.payload import Payload
from ._content import EVENT_NAMES, RECIPIENT_NAMES, with_elements
from ._edit import Json, as_object

PROVES = "a run is found wherever the envelope keeps it, or without one"
EXPECT = "delivered"
ABOUT_RUNS = True


def on_payload(payload: Payload, _: Fault) -> Payload:
    return with_elements(payload, _flat)


def _flat(element: Json) -> Json:
    held = element.get("event", element.get("data", element))
    messages = as_object(held).get("messages")
    entity = as_object(messages[0]).get("value") if messages else held
    ids = {name: element[name] for name in (*EVENT_NAMES, *RECIPIENT_NAMES) if name in element}
    return {**ids, **as_object(entity)}
