"""Functions that change JSON values and bodies; each returns a new value."""

from __future__ import annotations

import json
from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import replace
from types import NoneType
from typing import Any

from ..core import json_writing
from ..core.payload import Payload

Json = dict[str, Any]

EACH = "*"
"""Step of a path: every element of a list."""

EVENT_NAMES = ("event_id", "eventid")
RECIPIENT_NAMES = ("recipient_client_id", "recipientclientid")
ENVELOPE_IDS = {*EVENT_NAMES, *RECIPIENT_NAMES}

_PLAIN = (int, float, NoneType)


def edited(value: Any, path: tuple[str, ...], change: Callable[[Any], Any]) -> Any:
    """Return a value in which the value at a path is changed.

    Missing members on the path are added as empty objects, but not where a list is missing. If the
    path leads through another value than an object or a list, nothing is changed.
    """
    if not path:
        return change(value)
    step, rest = path[0], path[1:]
    if step == EACH:
        return [edited(each, rest, change) for each in value] if isinstance(value, list) else value
    if not isinstance(value, dict) or (rest[:1] == (EACH,) and step not in value):
        return value
    return {**value, step: edited(value.get(step, {}), rest, change)}


def with_value(value: Any, path: tuple[str, ...], new: Any) -> Any:
    """Return a value in which the value at a path is ``new``."""
    return edited(value, path, lambda _: new)


def with_part_of_list(value: Any, path: tuple[str, ...], part: slice) -> Any:
    """Return a value with a part of the list at a path; if no list is there, nothing is changed."""
    *before, name = path

    def shortened(holder: Any) -> Any:
        items = as_object(holder).get(name)
        return {**holder, name: items[part]} if isinstance(items, list) else holder

    return edited(value, tuple(before), shortened)


def with_members(value: Any, path: tuple[str, ...], **members: Any) -> Any:
    """Return a value in which members are added to the object at a path."""
    return edited(value, path, lambda old: {**as_object(old), **members})


def without(value: Any, path: tuple[str, ...], *names: str) -> Any:
    """Return a value in which members are removed from the object at a path."""
    return edited(
        value, path, lambda old: {key: old[key] for key in as_object(old) if key not in names}
    )


def as_object(value: Any) -> Json:
    """Return the value if it is an object, else an empty object."""
    return value if isinstance(value, dict) else {}


def replaced(value: Any, table: Mapping[str, str]) -> Any:
    """Return a value in which texts are replaced: each key of the table by its value."""
    return with_texts(value, lambda text: table.get(text, text))


def with_texts(value: Any, change: Callable[[str], str]) -> Any:
    """Return a value in which every text is changed; keys stay as they are."""
    if isinstance(value, str):
        return change(value)
    if isinstance(value, _PLAIN):  # most values are, and to ask for a Mapping takes long
        return value
    if isinstance(value, dict | Mapping):
        return {key: with_texts(each, change) for key, each in value.items()}
    if isinstance(value, list | tuple):
        return [with_texts(each, change) for each in value]
    return value


def parted(element: Json, names: Collection[str]) -> tuple[Json, Json]:
    """Return two objects: the members with these names, and the others."""
    named = {name: each for name, each in element.items() if name in names}
    return named, {name: each for name, each in element.items() if name not in names}


def renamed(element: Json, *names: Iterable[str]) -> Json:
    """Return an object with members renamed from old to new; a new member replaces the old one."""
    for old, new in names:
        if new in element:
            element = {name: each for name, each in element.items() if name != old}
        element = {new if name == old else name: each for name, each in element.items()}
    return element


def content_of(payload: Payload) -> Any:
    """Return the JSON value of a body; raises ``ValueError`` if it is no JSON."""
    return json.loads(payload.body)


def elements_of(payload: Payload) -> list[Json]:
    """Return the objects of a body, one for each event."""
    content = content_of(payload)
    return content if isinstance(content, list) else [content]


def with_content(payload: Payload, content: Any) -> Payload:
    """Return a payload with another JSON value as its body."""
    return replace(payload, body=json_writing.compact(content))


def with_elements(payload: Payload, change: Callable[[Json], Json]) -> Payload:
    """Return a payload in which the object of each event is changed."""
    content = content_of(payload)
    changed = [*map(change, content)] if isinstance(content, list) else change(content)
    return with_content(payload, changed)


def with_recipient(element: Json, client_id: str) -> Json:
    """Return an event for a client id, under the names that it has, or under both."""
    named = [name for name in RECIPIENT_NAMES if name in element] or RECIPIENT_NAMES
    return {**element, **dict.fromkeys(named, client_id)}
