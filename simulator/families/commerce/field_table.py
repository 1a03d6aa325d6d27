"""The fields of Commerce events, from their schemas."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from functools import cache
from typing import Any

from ..fields.paths import parse, spell
from ..fields.table import Field, FieldTable
from .codes import EVENTS, PREFIX, event_of
from .schemas import documented, paths_in, schema_of

_SOURCE, _GRADE = "event-families.md 9", "A"

_TYPES: Mapping[str, tuple[str, ...]] = {
    "float": ("numeric_text", "number", "null"),
    "int": ("numeric_text", "integer", "null"),
    "integer": ("numeric_text", "integer", "null"),
    "string": ("text", "null"),
    "bool": ("boolean", "integer", "numeric_text", "null"),
    "boolean": ("boolean", "integer", "numeric_text", "null"),
    "array": ("array", "object", "null"),
    "object{}": ("object", "null"),
    "mixed": ("any",),
    "\\ArrayIterator": ("object", "array", "null"),
}
"""Type in a schema → types on the wire. Prints show numbers as text and as numbers, flags as
``"1"``, ``1`` and ``true``, an array as an object, and null at many places."""

_LIST = ("array", "null")


def _field(
    path: str, type_: str, means: str, grade: str = _GRADE, *, optional: bool = False
) -> Field:
    return Field(path, (type_,), means, _SOURCE, grade, optional=optional)


_AROUND = (
    _field("key", "uuid", "Key of the message.", "C"),
    _field("source", "text", "Id of the merchant and of the environment, with a dot between."),
    _field("_metadata", "object", "What sent the event.", optional=True),
    _field("_metadata.commerceEdition", "text", "Edition of Commerce."),
    _field("_metadata.commerceVersion", "text", "Version of Commerce."),
    _field("_metadata.eventsClientVersion", "text", "Version of the module that sends events."),
    _field("_metadata.storeId", "numeric_text", "The store, if it is known.", optional=True),
    _field("_metadata.websiteId", "numeric_text", "The website, if it is known.", optional=True),
    _field(
        "_metadata.storeGroupId",
        "numeric_text",
        "The group of stores, if it is known.",
        optional=True,
    ),
)
"""Fields around ``value``, which all bodies have."""


class _BodiesOfCodes(Mapping[str, Sequence[str]]):
    """The body of each event code; codes of PaaS and of App Management are found too."""

    def __getitem__(self, code: str) -> Sequence[str]:
        event = event_of(code)
        if event is None:
            raise KeyError(code)
        return (event.body,)

    def __iter__(self) -> Iterator[str]:
        return (PREFIX + name for name in EVENTS)

    def __len__(self) -> int:
        return len(EVENTS)


@cache
def fields() -> FieldTable:
    """Return the fields of Commerce events: those around the value, then those of each body."""
    bodies = dict.fromkeys(each.body for each in EVENTS.values())
    found = [*_AROUND, *(each for body in bodies for each in _of_body(body))]
    return FieldTable(found, _BodiesOfCodes())


def _of_body(body: str) -> Iterator[Field]:
    """Yield the fields of a body: its value, and all that a subscription may ask for."""
    only = frozenset({body})
    types = ("object",) if documented(body) else ("object", "array")
    yield Field("value", types, "The fields that are subscribed to.", _SOURCE, _GRADE, bodies=only)
    for path, type_ in paths_in(schema_of(body)):
        whole = spell(("value", *parse(path)))
        means = f"In the schema: {_word(type_)}."
        yield Field(whole, _types(type_), means, _SOURCE, _GRADE, bodies=only, optional=True)


def _types(type_: Any) -> tuple[str, ...]:
    if isinstance(type_, list):
        return _LIST
    if isinstance(type_, dict):
        return ("object", "null")
    return _LIST if type_.endswith("[]") else _TYPES[type_]


def _word(type_: Any) -> str:
    if isinstance(type_, list):
        return "list of objects" if type_ else "empty list"
    return "object" if isinstance(type_, dict) else str(type_)
