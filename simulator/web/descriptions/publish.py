"""Where producers publish events, as eventsingress.adobe.io does (6.5)."""

from __future__ import annotations

from .base import ANYTHING, JSON, PLAIN, TEXT, Answer, Operation, record

_CLOUD_EVENT = record(
    {"source": TEXT, "type": TEXT, "id": TEXT},
    {"specversion": {"const": "1.0"}, "time": TEXT, "data": ANYTHING},
)
_EXAMPLE = {
    "specversion": "1.0",
    "id": "1",
    "source": "urn:uuid:11111111-1111-4111-8111-111111111111",
    "type": "com.example.order.created",
    "data": {"total": 101},
}

OPERATIONS = (
    Operation(
        "post",
        ("/",),
        "Publish an event: a CloudEvent, or JSON that headers name.",
        {
            200: Answer("Somebody gets it.", TEXT, PLAIN),
            204: Answer(
                "Nobody asks for it: it is lost.", headers={"x-flowsim-reason": "Why nobody."}
            ),
        },
        {"application/cloudevents+json": _CLOUD_EVENT, JSON: ANYTHING},
        _EXAMPLE,
        headers={
            "x-adobe-event-provider-id": TEXT,
            "x-adobe-event-code": TEXT,
            "x-event-id": TEXT,
            "x-event-phidata": {"enum": ["true", "false"]},
        },
    ),
)
