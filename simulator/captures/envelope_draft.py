"""The members around captured content, as the key ``envelope`` of a family's file says them.

A usual envelope needs no such key. In any other, members have the order of the capture. What
flowsim fills in is null there, and all else stays as it was captured, as in content.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from ..core.envelope import (
    EVENT_IDS,
    RECIPIENT_IDS,
    USUAL_CLOUD_EVENT,
    members_of,
    usual_envelope,
)
from ..core.payload import source_of
from ..core.printable import brief
from ..families.data.placeholders import literal
from .carried_event import CarriedEvent
from .content_fields import fields_of
from .content_template import ContentTemplate

_IDS = frozenset((*EVENT_IDS, *RECIPIENT_IDS))
_UUID = r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}"
_SOURCE = f"urn:uuid:{_UUID}"
_TIME = r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z"
_AS_WRITTEN = ("specversion", "source", "type", "datacontenttype", "dataschema")
"""Attributes that are the same in each event, unless an id of the content stands in them."""


@dataclass(frozen=True, slots=True)
class EnvelopeDraft:
    """The key ``envelope`` of a family's file; without members, the event has a usual envelope.

    ``notes`` say what of the captured envelope is not kept.
    """

    members: Mapping[str, Any]
    notes: tuple[str, ...]


def envelope_of(
    event: CarriedEvent, provider: str, code: str, content: ContentTemplate
) -> EnvelopeDraft:
    """Return the envelope of a captured event of ``provider``, with the draws of its content."""
    if not event.format_:
        return EnvelopeDraft({}, ())
    said = {
        name: _said(name, value, event, provider, code, content)
        for name, value in event.element.items()
        if _is_filled(name, event) or value is not None
    }
    notes = tuple(_notes(event.element, said, provider))
    if _is_usual(said, is_cloud=event.format_ == "cloud_events"):
        return EnvelopeDraft({}, notes)
    fields = fields_of(
        {
            name: event.element[name]
            for name, value in said.items()
            if value is not None and value != USUAL_CLOUD_EVENT.get(name)
        }
    )
    template = {next(iter(literal({name: None}))): value for name, value in said.items()}
    return EnvelopeDraft({event.format_: template} | ({"fields": fields} if fields else {}), notes)


def _said(
    name: str, value: Any, event: CarriedEvent, provider: str, code: str, content: ContentTemplate
) -> Any:
    """Return what stands in the template for a member: null for what flowsim fills in."""
    is_cloud = event.format_ == "cloud_events"
    if _is_filled(name, event) or (is_cloud and _is_made(name, value, provider, code, content)):
        return None
    is_same = is_cloud and name in _AS_WRITTEN and not content.has_id(str(value))
    return literal(value) if is_same else content.of_member(name, value)


def _is_filled(name: str, event: CarriedEvent) -> bool:
    """Tell whether a member always holds what flowsim fills in: the content, or an id."""
    return name in _IDS or name == ("data" if event.format_ == "cloud_events" else event.member)


def _is_made(name: str, value: Any, provider: str, code: str, content: ContentTemplate) -> bool:
    """Tell whether flowsim makes an attribute as it was captured."""
    if name == "id":
        return _fits(_UUID, value) and not content.has_id(value)
    if name == "source":
        return value == source_of(provider) or _fits(_SOURCE, value)
    return (name == "type" and value == code) or (name == "time" and _fits(_TIME, value))


def _is_usual(said: Mapping[str, Any], *, is_cloud: bool) -> bool:
    """Tell whether a template is the usual one, perhaps with fewer ids."""
    usual = USUAL_CLOUD_EVENT if is_cloud else usual_envelope("event")
    order = [name for name in members_of(tuple(usual), "both", is_cloud) if name in said]
    needed = {*usual} - _IDS
    return [*said] == order and needed <= {*said} and all(said[n] == usual.get(n) for n in said)


def _notes(element: Mapping[str, Any], said: Mapping[str, Any], provider: str) -> Iterator[str]:
    """Yield what is left out of an envelope, and what is not kept as it was captured."""
    if missing := [name for name in element if name not in said]:
        yield f"left out beside the content, since null: {brief(', '.join(missing))}"
    made = source_of(provider)
    if "source" in said and said["source"] is None and element["source"] != made:
        yield f"not kept as captured, but written in flowsim's form: source ({made})"
    same = [name for name in ("id", "time") if said.get(name) == element.get(name) is not None]
    if same:
        yield f"the same in each event, as it was captured: {', '.join(same)}"


def _fits(form: str, value: Any) -> bool:
    return isinstance(value, str) and re.fullmatch(form, value) is not None
