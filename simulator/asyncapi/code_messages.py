"""The messages of a family: of each event code and format, and of batches, with real payloads."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from ..core.payload import (
    MOST_EVENTS,
    Payload,
    build,
    journal_element,
    provider_of,
    single,
)
from ..core.spec_values import RegistrationSpec
from ..families.fields.envelope import BATCH
from ..families.fields.json_schema import DRAFT, class_name, schema_of
from ..reports.event_guide import EventGuide, Example
from .shared_schemas import Json, SharedSchemas

_ENDINGS = {"adobe_io": "AdobeIo", "cloud_events": "CloudEvent"}
"""Delivery format → how names of messages in it end."""

_MOST_IN_BATCH = 3
"""How many events the example of a batch is made of, at most."""

_DELIVERED = {
    "correlationId": {"$ref": "#/components/correlationIds/event"},
    "bindings": {"$ref": "#/components/messageBindings/delivery"},
}
"""What the messages to a webhook have; those of a journal are parts of a page."""


def name_of(text: str, format_: str, more: str = "") -> str:
    """Return the name of a message, as ``SegmentEvaluationJobErrorAdobeIo``."""
    return class_name(text) + more + _ENDINGS[format_]


def single_message(guide: EventGuide, format_: str, schemas: SharedSchemas) -> Json:
    """Return the message with one event of a code, in a format of its family."""
    code, family = guide.code, guide.family
    whole = schema_of(family, code.code, format_, in_journal=family.journal_only)
    reference = schemas.add_whole(name_of(code.code, format_), whole, family.name)
    make = _in_journal if family.journal_only else _single
    made = [(each, make(each, format_)) for each in guide.examples]
    return {
        "name": schemas.name_of(reference),
        "title": f"{code.label or code.code}, as {format_}",
        **({"summary": code.summary} if code.summary else {}),
        **_content_type([each for _, each in made]),
        "payload": reference,
        **({} if family.journal_only else {"headers": _headers_of(guide), **_DELIVERED}),
        "examples": [_example(each.named or code.code, carried) for each, carried in made],
        "x-flowsim-event-code": code.code,
        "x-flowsim-event-code-grade": code.grade,
        "x-flowsim-format": format_,
        "x-flowsim-format-grade": family.formats[format_],
    }


def batch_message(
    guides: Sequence[EventGuide], format_: str, singles: Sequence[Json], schemas: SharedSchemas
) -> Json:
    """Return the message with several events of a family; ``singles`` are those with one."""
    family = guides[0].family
    elements = [each for one in singles for each in schemas.elements_of(one["payload"])]
    carried = _batch([each for guide in guides for each in guide.examples], format_)
    reference = schemas.add([name_of(family.name, format_, "Batch")], _array_of(elements))
    return {
        "name": schemas.name_of(reference),
        "title": f"{family.label}, several events, as {format_}",
        "summary": BATCH.means,
        **_content_type(carried),
        "payload": reference,
        "headers": {"$ref": "#/components/schemas/DeliveryHeaders"},
        **_DELIVERED,
        "examples": [_example("one delivery", each) for each in carried],
        "x-flowsim-format": format_,
        "x-flowsim-format-grade": family.formats[format_],
    }


def _headers_of(guide: EventGuide) -> Json:
    """Return the schema of the headers with one event of a code."""
    usual = RegistrationSpec()
    providers = {provider_of(each.event, usual): None for each in guide.examples}
    own = {
        "x-adobe-event-code": {"type": "string", "const": guide.code.code},
        "x-adobe-provider": {"type": "string", "examples": [*providers]},
    }
    shared = {"$ref": "#/components/schemas/DeliveryHeaders"}
    return {"allOf": [shared, {"type": "object", "properties": own}]}


def _array_of(elements: list[Json]) -> Json:
    """Return the schema of a batch: an array of at least one event."""
    items = elements[0] if len(elements) == 1 else {"anyOf": elements}
    said = f"{BATCH.means} Source: {BATCH.source} (grade {BATCH.grade})."
    return {
        "$schema": DRAFT,
        "description": said,
        "type": "array",
        "items": items,
        "minItems": 1,
        "maxItems": MOST_EVENTS,
    }


def _single(example: Example, format_: str) -> Payload:
    return single(example.event, RegistrationSpec(event_delivery_format=format_))


def _in_journal(example: Example, format_: str) -> Payload:
    """Return one event as an entry of a journal holds it."""
    form = RegistrationSpec(event_delivery_format=format_)
    return replace(single(example.event, form), body=journal_element(example.event, form))


def _batch(examples: Sequence[Example], format_: str) -> list[Payload]:
    """Return the largest batch that a registration gets of the first examples, if there are any."""
    form = {"delivery_type": "webhook_batch", "event_delivery_format": format_}
    events = sorted((each.event for each in examples), key=lambda each: each.time)
    made = [*build(events[:_MOST_IN_BATCH], RegistrationSpec.model_validate(form))]
    return sorted(made, key=lambda each: -len(each.events))[:1]


def _content_type(carried: Sequence[Payload]) -> Json:
    return {"contentType": carried[0].content_type} if carried else {}


def _example(name: str, carried: Payload) -> Json:
    body: Any = json.loads(carried.body)
    return {"name": name, "payload": body}
