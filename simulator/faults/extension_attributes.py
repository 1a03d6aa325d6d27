"""The event has attributes that its producer made up.

As real producers send them, an object among them (1.5). Mistake 51 of io-events-protocol.md 10.
"""

from __future__ import annotations

from ..core.fault import Fault
from ..core.payload import Payload
from ._content import with_elements

ATTRIBUTES = {
    "phidata": True,
    "xactionid": "2f2c4d5e",
    "dataschemaversion": "1.0",
    "recipient": {"userid": "0A1B2C3D4E5F60718293A4B5@AdobeID"},
}

PROVES = "attributes that are not known are left alone, of whatever type"
EXPECT = "delivered"


def on_payload(payload: Payload, _: Fault) -> Payload:
    return with_elements(payload, lambda element: {**element, **ATTRIBUTES})
