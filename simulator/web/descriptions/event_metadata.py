"""Event metadata (6.3)."""

from __future__ import annotations

from ...core.management.event_metadata_body import EventMetadataBody
from .base import (
    HAL,
    JSON,
    LINKS,
    NOTHING,
    PATCH,
    PATCH_BODY,
    PATCH_EXAMPLE,
    TEXT,
    Answer,
    Operation,
    collection,
    record,
)

_READ = "/events/providers/{provider_id}/eventmetadata"
_OWN = "/events/{org}/{project}/{workspace}/providers/{provider_id}/eventmetadata"
_ONE = (f"{_OWN}/{{code}}",)

SAMPLE = record({"format": TEXT, "sample_payload": TEXT, "_links": LINKS})
EVENT_METADATA = record(
    {"description": TEXT, "label": TEXT, "event_code": TEXT, "_links": LINKS},
    {"_embedded": record({"sample_event": SAMPLE})},
)
_SHOWN = Answer("The event metadata.", EVENT_METADATA, HAL)
_EXAMPLE = {
    "event_code": "com.example.order.created",
    "label": "Order created",
    "description": "Somebody ordered something",
}

OPERATIONS = (
    Operation(
        "get",
        (_READ,),
        "List the kinds of events of a provider.",
        {200: Answer("The kinds.", collection("eventmetadata", EVENT_METADATA), HAL)},
    ),
    Operation("get", (f"{_READ}/{{code}}",), "Read a kind of event.", {200: _SHOWN}),
    Operation(
        "post",
        (_OWN,),
        "Create a kind of event.",
        {201: _SHOWN},
        {JSON: EventMetadataBody},
        _EXAMPLE,
    ),
    Operation("delete", (_OWN,), "Delete all kinds of events of a provider.", {204: NOTHING}),
    Operation(
        "put", _ONE, "Replace a kind of event.", {200: _SHOWN}, {JSON: EventMetadataBody}, _EXAMPLE
    ),
    Operation(
        "patch",
        _ONE,
        "Change a kind of event.",
        {200: _SHOWN, 204: Answer("Nothing changes.")},
        {PATCH: PATCH_BODY},
        PATCH_EXAMPLE,
    ),
    Operation("delete", _ONE, "Delete a kind of event.", {204: NOTHING}),
)
