"""The parts of a scenario that is made from a delivery: its registration and its entries."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Any

from ...captures.carried_event import CarriedEvent
from ...core.envelope import EVENT_IDS
from ...core.identifiers import CLIENT_ID, is_event_code
from ...core.payload import RECIPIENT_NAMES
from ...families.base import Family
from ...families.fields.conformity import family_of
from ...families.registry import Families

_IDENTIFIER = re.compile(r"[A-Za-z0-9_:.@{}-]{1,255}")

_OWN = {"data", "type", *EVENT_IDS, *RECIPIENT_NAMES}
"""Members of a CloudEvent that an entry or a registration says in other words."""

Json = dict[str, Any]


def registration_of(
    headers: Mapping[str, str], carried: Sequence[CarriedEvent], *, is_list: bool
) -> Json:
    """Return the registration that gets such a delivery; what it cannot say is left out."""
    first = carried[0]
    is_failure = first.member == "messages" and first.format_ == "adobe_io"
    is_batch = is_list and not (is_failure and len(carried) == 1)
    provider = headers.get("x-adobe-provider", "")
    client = next((first.element[each] for each in RECIPIENT_NAMES if each in first.element), "")
    said = {
        "client_id": client if _fits(CLIENT_ID, client) else None,
        "delivery_type": "webhook_batch" if is_batch else None,
        "event_delivery_format": first.format_ or None,
        "names": _names(first),
        "provider": provider if _fits(_IDENTIFIER.pattern, provider) else None,
    }
    return {name: value for name, value in said.items() if value is not None}


def _names(first: CarriedEvent) -> str:
    """Return which ids an envelope has; without any, those that the samples print."""
    has_new, has_old = (name in first.element for name in ("eventid", "event_id"))
    has_recipient = any(name in first.element for name in RECIPIENT_NAMES)
    if has_new:
        return "both" if has_old else "new-only"
    return "old-only" if has_recipient else "as-documented"


def entry_of(carried: CarriedEvent, code: str) -> Json:
    """Return the entry of an event: its ids, and its content as a payload."""
    content = carried.content
    if carried.member == "messages" and carried.format_ == "cloud_events":
        content = {"messages": content}
    return {**_ids(carried, code or carried.code), "payload": content}


def with_attributes(whole: Mapping[str, Any], elements: list[Any], made: list[Any]) -> Json:
    """Return a scenario whose entries say how the attributes of CloudEvents differ from ``made``.

    The order of members, and members with null, cannot be said.
    """
    if len(elements) != len(made):
        return dict(whole)
    entries = []
    for entry, element, other in zip(whole["events"], elements, made, strict=True):
        patch = _patch(_attributes(other), _attributes(element))
        entries.append({**entry, "attributes": patch} if patch else entry)
    return {**whole, "events": entries}


def _attributes(element: Any) -> Json:
    """Return the attributes of a CloudEvent that an entry may say."""
    is_cloud = isinstance(element, dict) and "specversion" in element
    members = element.items() if is_cloud else ()
    return {name: value for name, value in members if name not in _OWN and value is not None}


def _ids(carried: CarriedEvent, code: str) -> Json:
    id_ = carried.element.get("eventid", carried.element.get("event_id"))
    code_said = {"event_code": code} if is_event_code(code) else {}
    return code_said | ({"event_id": id_} if _fits(_IDENTIFIER.pattern, id_) else {})


def family_entry(carried: CarriedEvent, made: CarriedEvent | None, families: Families) -> Json:
    """Return the entry of an event whose content stands in ``messages``: one of its family.

    It says what the example of its event code says. With an event that was ``made`` of that, it
    says how its entity differs. Raises ``LookupError`` if no family has such events.
    """
    family = family_of(carried.code, families)
    if family is None:
        raise LookupError(carried.code)
    message = _first(carried.content)
    organisation = message.get("imsOrgId")
    has_org = any(each.name == "org" for each in family.settings())
    org = {"org": organisation} if has_org and _fits(_IDENTIFIER.pattern, organisation) else {}
    entry = {**_ids(carried, carried.code), family.name: {**_example(family, carried.code), **org}}
    if made is None:
        return entry
    patch = _patch(_first(made.content).get("value"), message.get("value"))
    return {**entry, "override": patch} if patch else entry


def _example(family: Family, code: str) -> Json:
    """Return the example of an event code, or of one with the same bodies."""
    bodies = family.fields().bodies
    alike = (each for name, each in family.codes.items() if bodies.get(name) == bodies.get(code))
    found = family.codes.get(code) or next(alike, None)
    return dict(found.example) if found is not None and isinstance(found.example, dict) else {}


def _first(content: Any) -> Json:
    first = content[0] if isinstance(content, list) and content else None
    return first if isinstance(first, dict) else {}


def _patch(made: Any, wanted: Any) -> Json:
    """Return the merge patch (RFC 7396) between two objects; null values cannot be said."""
    if not isinstance(made, dict) or not isinstance(wanted, dict):
        return {}
    patch: Json = {name: None for name in made if name not in wanted}
    for name, value in wanted.items():
        if isinstance(value, dict) and isinstance(made.get(name), dict):
            inner = _patch(made[name], value)
            patch |= {name: inner} if inner else {}
        elif name not in made or made[name] != value:
            patch[name] = value
    return patch


def _fits(pattern: str, value: Any) -> bool:
    return isinstance(value, str) and re.fullmatch(pattern, value) is not None
