"""Sample events (6.3)."""

from __future__ import annotations

from .base import ANYTHING, HAL, JSON, TEXT, Answer, Operation, record
from .event_metadata import SAMPLE

_SAMPLE = "/events/providers/{provider_id}/eventmetadata/{code}/sample_event"

OPERATIONS = (
    Operation("get", (_SAMPLE,), "Read a sample event.", {200: Answer("The sample.", SAMPLE, HAL)}),
    Operation(
        "post",
        (f"{_SAMPLE}/{{registration_id}}",),
        "Post a sample event, or JSON of your own, to a registration.",
        {
            200: Answer("Posted.", record({"event_id": TEXT})),
            204: Answer("There is nothing to post."),
        },
        {JSON: ANYTHING},
        body_required=False,
    ),
)
