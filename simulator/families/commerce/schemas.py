"""The schemas of ``value``, from ``schemas.json``, and what an event without filter would hold.

A schema is a mapping: member → type. A type is a word of Commerce's (``int``, ``object{}[]``), an
inner schema, or a list of one schema. ``schemas`` in the file are those of the documentation.
``printed`` has the members that only prints have, and those whose type a print shows.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from functools import cache
from pathlib import Path
from typing import Any

from ..fields.paths import Steps, spell

Schema = Mapping[str, Any]

ORIGINAL = "_origData"
"""The member with old values; it is sent only if a subscription names it, even beside ``*``."""

EVERYTHING = "*"
"""A field that stands for all others."""

_FILE = Path(__file__).with_name("schemas.json")


@cache
def _file() -> Mapping[str, Mapping[str, Any]]:
    content: Mapping[str, Mapping[str, Any]] = json.loads(_FILE.read_text("utf-8"))
    return content


def documented(body: str) -> Any:
    """Return the schema of a body as it is documented: one body has an empty list."""
    return _file()["schemas"][body]


@cache
def schema_of(body: str) -> Schema:
    """Return the schema of a body with what prints add to it."""
    return _merged(documented(body) or {}, _file()["printed"].get(body, {}))


def _merged(schema: Schema, printed: Schema) -> Schema:
    """Return a schema with further members at its end, and with the types that prints show."""
    made = dict(schema)
    for name, type_ in printed.items():
        known = made.get(name)
        if isinstance(type_, list) and isinstance(known, list):
            made[name] = [_merged(known[0], type_[0])]
        else:
            made[name] = type_
    return made


def is_known(schema: Schema, steps: Steps) -> bool:
    """Tell whether a schema has the member to which the steps of a path lead."""
    found: Any = schema
    for step in steps:
        if step is None:
            found = found[0] if isinstance(found, list) and found else None
        else:
            found = found.get(step) if isinstance(found, dict) else None
        if found is None:
            return False
    return True


def paths_in(schema: Schema, steps: Steps = ()) -> Iterator[tuple[str, Any]]:
    """Yield the path of each member of a schema with its type, outer ones first."""
    for name, type_ in schema.items():
        path = (*steps, name)
        yield spell(path), type_
        if isinstance(type_, dict):
            yield from paths_in(type_, path)
        elif isinstance(type_, list) and type_:
            yield from paths_in(type_[0], (*path, None))
