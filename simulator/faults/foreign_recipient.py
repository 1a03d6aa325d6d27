"""The event is meant for somebody else, and signed properly.

Of a batch, all events are, or so many of the last. Mistake 1 of io-events-protocol.md 10. Mistake
27 of io-events-protocol.md 10.
"""

from __future__ import annotations

import itertools

from ..core.fault import Fault
from ..core.payload import MOST_EVENTS, Payload
from ._argument import number
from ._content import RECIPIENT_NAMES, elements_of, with_elements
from ._edit import Json

PROVES = "an event for another client id is refused, however well it is signed"
EXPECT = "rejected"
ARGUMENT = number("events", MOST_EVENTS, 1, MOST_EVENTS)


def on_payload(payload: Payload, fault: Fault) -> Payload:
    places = itertools.count(fault.argument - len(elements_of(payload)))

    def changed(element: Json) -> Json:
        return _for_other(element, fault.draw(16).hex()) if next(places) >= 0 else element

    return with_elements(payload, changed)


def _for_other(element: Json, client_id: str) -> Json:
    named = [name for name in RECIPIENT_NAMES if name in element] or RECIPIENT_NAMES
    return {**element, **dict.fromkeys(named, client_id)}
