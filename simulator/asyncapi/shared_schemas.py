"""The schemas of a document: those of many event codes in one place, equal ones once."""

from __future__ import annotations

import json
from collections.abc import Sequence
from itertools import chain, count
from typing import Any

from ..families.fields.json_schema import class_name

Json = dict[str, Any]

_PLACE = "#/components/schemas/"
_OUTSIDE = ("$id", "$defs", "$ref")
"""What the schema of a message has only as a document of its own."""


class SharedSchemas:
    """The schemas of objects, each under the name of a class; names begin with their family's.

    So the names of a family are the same in a document of it alone.
    """

    def __init__(self, schemas: Json) -> None:
        self.schemas: Json = {**schemas}
        self._of_family: dict[tuple[str, str], Json] = {}

    def add_whole(self, name: str, schema: Json, family: str) -> Json:
        """Add a schema with definitions in it, and return a reference to it."""
        of_family, title = class_name(family), str(schema["title"])
        moved: dict[str, str] = {}
        for local, definition in schema["$defs"].items():
            names = of_family + local, title + local
            wanted = [local] if local.startswith((of_family, title)) else names
            added = self._add_once(wanted, _moved(definition, moved), family)
            moved[f"#/$defs/{local}"] = added["$ref"]
        inside = {key: each for key, each in schema.items() if key not in _OUTSIDE}
        if "$ref" in schema:  # content without an envelope: generators look at nothing beside $ref
            inside = {**self.schemas[self.name_of(_moved(schema, moved))], **inside}
        return self.add([name], _moved(inside, moved))

    def add(self, wanted: Sequence[str], schema: Json) -> Json:
        """Add a schema under the first name that is free, and return a reference to it.

        If all are taken, a number is added to the last one. An equal schema is not added again.
        """
        numbered = (f"{wanted[-1]}{number}" for number in count(2))
        for name in chain(wanted, numbered):
            made = {**schema, "title": name}
            if self.schemas.setdefault(name, made) == made:
                break
        return {"$ref": f"{_PLACE}{name}"}

    def _add_once(self, wanted: Sequence[str], schema: Json, family: str) -> Json:
        """Add a schema that may have no equal one in its family, under whatever name."""
        text = json.dumps({**schema, "title": ""}, sort_keys=True)
        known = self._of_family.get((family, text))
        return known or self._of_family.setdefault((family, text), self.add(wanted, schema))

    def name_of(self, reference: Json) -> str:
        """Return the name under which the schema of a reference is."""
        return str(reference["$ref"]).removeprefix(_PLACE)

    def elements_of(self, reference: Json) -> list[Json]:
        """Return what stands in a batch for a whole body: for an array of one, its element."""
        schema = self.schemas[self.name_of(reference)]
        choices = schema.get("anyOf", [schema])
        if not any(map(_is_array_of_one, choices)):
            return [reference]
        return [each["items"] if _is_array_of_one(each) else each for each in choices]


def _is_array_of_one(schema: Json) -> bool:
    return schema.get("type") == "array" and schema.get("maxItems") == 1


def _moved(value: Any, moved: dict[str, str]) -> Any:
    """Return a schema in which references lead to where definitions are now."""
    if isinstance(value, list):
        return [_moved(each, moved) for each in value]
    if not isinstance(value, dict):
        return value
    if isinstance(value.get("$ref"), str):
        return {"$ref": moved[value["$ref"]]}
    return {key: _moved(each, moved) for key, each in value.items()}
