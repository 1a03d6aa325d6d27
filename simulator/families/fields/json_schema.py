"""The JSON Schema (2020-12) of what is delivered for an event code, for code generators.

Titles become names of classes. Further members are allowed everywhere, as a consumer must
tolerate them.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Protocol

from ..base import EventCode
from .envelope import envelope_of
from .table import Field, FieldTable
from .tree import FieldNode, tree_of
from .types import Json, schema_of_types

DRAFT = "https://json-schema.org/draft/2020-12/schema"


class DescribedFamily(Protocol):
    """The part of a family from which schemas follow."""

    name: str
    codes: Mapping[str, EventCode]

    def fields(self) -> FieldTable:
        """Return the fields of its events."""


def schema_of(
    family: DescribedFamily, code: str, format_: str = "adobe_io", *, in_journal: bool = False
) -> Json:
    """Return the schema of a whole body that delivers one event with this code.

    With ``in_journal`` it is that of an entry of a journal. ``format_`` is ``adobe_io`` or
    ``cloud_events``. Ids of the envelope that only some namings have are optional. Raises
    ``LookupError`` for a code that the family's fields do not have.
    """
    table, title = family.fields(), class_name(code)
    by_member: dict[str, list[str]] = {}
    for body in table.bodies[code]:
        by_member.setdefault(table.member_of(body), []).append(body)
    definitions = _Definitions(title, table)
    wholes = []
    for member, bodies in by_member.items():
        envelope, content = envelope_of(
            member, format_, code, table.envelope, in_journal=in_journal
        )
        content.choices = {
            class_name(family.name, body): tree_of(table.of_body(body)) for body in bodies
        }
        is_bare = content is envelope
        whole = (
            definitions.of(content, (title,))
            if is_bare
            else (definitions.object(envelope, (title,)))
        )
        if member == "messages" and format_ == "adobe_io":
            whole = _array_of_one(definitions.add((f"{title}Envelope",), whole))
        wholes.append(whole)
    said = family.codes.get(code)
    return {
        "$schema": DRAFT,
        "$id": f"urn:flowsim:{family.name}:{code}:{format_}",
        "title": title,
        **({"description": f"{said.label}. {said.summary}"} if said else {}),
        **(wholes[0] if len(wholes) == 1 else {"anyOf": wholes}),
        "$defs": definitions.schemas,
    }


def class_name(*texts: str) -> str:
    """Return texts as the name of a class: ``FlowRunSuccess`` for ``flow_run``, ``success``."""
    parts = [part for text in texts for part in re.split(r"[^0-9A-Za-z]+", text) if part]
    name = "".join(part[0].upper() + part[1:] for part in parts)
    return name if name[:1].isalpha() else f"Member{name}"


def _array_of_one(schema: Json) -> Json:
    return {"type": "array", "items": schema, "minItems": 1, "maxItems": 1}


class _Definitions:
    """The schemas of objects, each under the name of a class; equal ones are shared."""

    def __init__(self, title: str, table: FieldTable) -> None:
        self.schemas: dict[str, Json] = {}
        self._title = title
        self._table = table

    def add(self, names: tuple[str, ...], schema: Json) -> Json:
        """Add the schema of an object and return a reference to it.

        Its name is the last of the ``names``, which lead to it, or more of them if that is taken.
        """
        for length in range(1, len(names) + 1):
            name = "".join(names[-length:])
            known = self.schemas.get(name)
            if (known is None and name != self._title) or known == {"title": name, **schema}:
                break
        else:
            name = f"{''.join(names)}{len(self.schemas)}"
        self.schemas[name] = {"title": name, **schema}
        return {"$ref": f"#/$defs/{name}"}

    def object(self, node: FieldNode, names: tuple[str, ...]) -> Json:
        """Return the schema of an object with members."""
        properties = {
            name: self.of(inner, (*names, class_name(name))) for name, inner in node.members.items()
        }
        required = [name for name, inner in node.members.items() if inner.is_required]
        return {
            **self._described(node.said),
            "type": "object",
            "properties": properties,
            **({"required": required} if required else {}),
        }

    def of(self, node: FieldNode, names: tuple[str, ...]) -> Json:
        """Return the schema of a value; that of an object with members is a reference."""
        if node.choices:
            return _any_of([self.of(each, (name,)) for name, each in node.choices.items()])
        found = []
        types = [*node.types]
        if node.members and "object" in types:
            types.remove("object")
            found.append(self.add(names, self.object(node, names)))
        if node.element is not None and "array" in types:
            types.remove("array")
            items = self.of(node.element, (*names[:-1], _singular(names[-1])))
            found.append({"type": "array", "items": items})
        found += [schema_of_types(types)] if types else []
        return (
            found[0]
            if len(found) == 1 and "$ref" in found[0]
            else {**_any_of(found), **self._described(node.said)}
        )

    def _described(self, field: Field | None) -> Json:
        if field is None:
            return {}
        source = self._table.source_of(field)
        parts = [f"{field.means.rstrip('.')}."] if field.means else []
        parts += [f"Unit: {field.unit}."] if field.unit else []
        parts += [f"Source: {source} (grade {field.grade})."] if source else []
        return {
            **({"description": " ".join(parts)} if parts else {}),
            **_allowed(field.values),
            **({"examples": [field.example]} if field.example is not None else {}),
        }


def _any_of(schemas: list[Json]) -> Json:
    return schemas[0] if len(schemas) == 1 else {"anyOf": schemas}


def _singular(name: str) -> str:
    """Return the name of an element of a list: ``Activity`` for ``Activities``."""
    if name.endswith("ies"):
        return f"{name[:-3]}y"
    return name.removesuffix("s") if not name.endswith("ss") else name


def _allowed(values: tuple[str | int, ...]) -> Json:
    if len(values) == 1:
        return {"const": values[0]}
    return {"enum": [*values]} if values else {}
