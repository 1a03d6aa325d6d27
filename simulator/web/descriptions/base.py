"""What an operation is described by, and the schemas that several share."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

Json = dict[str, Any]
Source = Json | type
"""A JSON Schema, or the model or dataclass it follows from."""

JSON = "application/json"
HAL = "application/hal+json"
PATCH = "application/json-patch+json"
PLAIN = "text/plain"
BINARY = "application/octet-stream"

TEXT: Json = {"type": "string"}
INTEGER: Json = {"type": "integer"}
BOOLEAN: Json = {"type": "boolean"}
MOMENT: Json = {"type": "string", "format": "date-time"}
ANYTHING: Json = {}


def record(required: Mapping[str, Json], optional: Mapping[str, Json] | None = None) -> Json:
    """Return the schema of an object; it may have members that are not described."""
    properties = {**required, **(optional or {})}
    return {"type": "object", "properties": properties, "required": [*required]}


def texts(*names: str) -> dict[str, Json]:
    """Return members that are text."""
    return dict.fromkeys(names, TEXT)


def array(of: Json) -> Json:
    """Return the schema of a list."""
    return {"type": "array", "items": of}


def mapping(of: Json) -> Json:
    """Return the schema of an object with any names and one kind of values."""
    return {"type": "object", "additionalProperties": of}


PROBLEM = record({"message": TEXT}, {"reason": TEXT, "error_code": TEXT})
"""How no is said: with a reason, or with a code where a token or api key is not right (6.1)."""

LINKS = mapping(record({"href": TEXT}))
"""The ``_links`` of HAL."""

PATCH_EXAMPLE = [{"op": "replace", "path": "/description", "value": "Orders"}]

PATCH_BODY = array(
    record(
        {"op": {"enum": ["add", "remove", "replace", "move", "copy", "test"]}, "path": TEXT},
        {"from": TEXT, "value": ANYTHING},
    )
)
"""A JSON Patch (RFC 6902)."""


def collection(name: str, of: Json) -> Json:
    """Return the schema of a HAL collection."""
    return record({"_embedded": record({name: array(of)}), "_links": LINKS})


@dataclass(frozen=True, slots=True)
class Answer:
    """One answer; without a schema it has no body.

    ``headers`` maps names to descriptions, ``or_else`` other content types to schemas.
    """

    description: str
    schema: Source | None = None
    content_type: str = JSON
    headers: Mapping[str, str] = field(default_factory=dict)
    or_else: Mapping[str, Source] = field(default_factory=dict)


NOTHING = Answer("Done.")


@dataclass(frozen=True, slots=True)
class Operation:
    """One method at one or several paths.

    ``body`` maps content types to schemas; ``example`` is a body of the first of them that is
    accepted. ``query`` and ``headers`` map names of parameters
    to schemas, those that a request must have are in ``required``. Whatever is not among
    ``answers`` has the schema ``problem``.
    """

    method: str
    paths: tuple[str, ...]
    summary: str
    answers: Mapping[int, Answer]
    body: Mapping[str, Source] = field(default_factory=dict)
    example: Any = None
    body_required: bool = True
    query: Mapping[str, Json] = field(default_factory=dict)
    headers: Mapping[str, Json] = field(default_factory=dict)
    required: frozenset[str] = frozenset()
    problem: Json = field(default_factory=lambda: PROBLEM)
    is_open: bool = False
    """Whether it is served without a token, even by a strict service."""


def query_of(model: Any) -> Mapping[str, Json]:
    """Return the query parameters that a flat model reads."""
    properties: Mapping[str, Json] = model.model_json_schema()["properties"]
    return properties
