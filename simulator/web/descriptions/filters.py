"""Subscriber-defined filters (8.3)."""

from __future__ import annotations

from ...core.management.filter_body import FilterBody, TrialBody
from ...core.management.filter_validation import FilterVerdict
from .base import HAL, JSON, NOTHING, TEXT, Answer, Operation, array, record

_REGISTRATION = "/events/{org}/{project}/{workspace}/registrations/{registration_id}"
_ALL = (f"{_REGISTRATION}/filters",)
_ONE = (f"{_REGISTRATION}/filters/{{filter_id}}",)

FILTER = record(
    {"id": TEXT, "name": TEXT, "description": TEXT, "subscriber_filter": TEXT},
)
_SHOWN = Answer("The filter.", FILTER)
_REPLACED = Answer("The filter.", FILTER, HAL, or_else={JSON: FILTER})

_EXAMPLE = {
    "name": "large orders",
    "subscriber_filter": '{"data": {"total": [{"numeric": [">", 100]}]}}',
}

OPERATIONS = (
    Operation(
        "get",
        _ALL,
        "List the filter of a registration, if it has one.",
        {200: Answer("The filter, or nothing.", array(FILTER))},
    ),
    Operation(
        "post", _ALL, "Give a registration its filter.", {201: _SHOWN}, {JSON: FilterBody}, _EXAMPLE
    ),
    Operation("get", _ONE, "Read a filter.", {200: _SHOWN}),
    Operation("put", _ONE, "Replace a filter.", {200: _REPLACED}, {JSON: FilterBody}, _EXAMPLE),
    Operation("delete", _ONE, "Delete a filter: all events pass then.", {204: NOTHING}),
    Operation(
        "post",
        (f"{_REGISTRATION}/filter/validate",),
        "Try a filter on sample events.",
        {
            200: Answer(
                "What it would let through.", FilterVerdict, HAL, or_else={JSON: FilterVerdict}
            )
        },
        {JSON: TrialBody},
        {
            "subscriber_filter": _EXAMPLE,
            "custom_sample_events": [{"name": "mine", "sample_payload": {"data": {"total": 101}}}],
        },
    ),
)
