"""Documents to look at: of the shipped families, and of own ones with other envelopes."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache
from typing import Any

from jsonschema import Draft7Validator, Draft202012Validator
from referencing import Registry
from referencing.jsonschema import DRAFT7, DRAFT202012

from flowsim.asyncapi.document import document
from flowsim.families.registry import Families, shipped, with_texts
from flowsim.reports.event_guide import EventGuide, guides

from ..families.own import DATA

BARE = """\
label: Bare
summary: A thing is done, and told without an envelope.
provider: {id: bare, label: Bare}
formats: {adobe_io: A}
codes: {bare-done: {label: Done, grade: A, summary: A thing was done.}}
draws: {thing: uuid()}
story: [{at: begin, code: bare-done, body: done}]
envelope: {journal: bare}
journal_only: true
bodies: {done: {"@id": "{{ thing }}", count: 1}}
fields:
  '"@id"': {type: uuid, means: The thing., grade: A}
  count: {type: integer, means: How often., grade: A}
"""

KEPT = """\
label: Kept
summary: A thing that only journals have.
provider: {id: kept, label: Kept}
formats: {cloud_events: A}
journal_only: true
codes: {kept.done: {label: Done, grade: A, summary: A thing was done.}}
story: [{at: begin, code: kept.done, body: done}]
bodies: {done: {count: 1}}
fields: {count: {type: integer, means: How often., grade: A}}
"""

UNDESCRIBED = """\
label: Undescribed
summary: A thing of which no fields are known.
provider: {id: undescribed, label: Undescribed}
formats: {cloud_events: A}
codes: {"undescribed": {label: Done, grade: A}}
story: [{at: begin, code: undescribed, body: done}]
bodies: {done: {count: 1}}
"""

SOME = ("flow_run", "privacy_job", "query_run", "parcel", "bare", "kept", "undescribed")
"""Families with each form of a document: arrays of one, jobs that codes share, each envelope."""


@cache
def families() -> Families:
    """Return the shipped families, and own ones: with envelopes, bare, kept, not described."""
    own = {"bare": BARE, "kept": KEPT, "undescribed": UNDESCRIBED}
    own |= {name: (DATA / f"{name}.yaml").read_text("utf-8") for name in ("parcel", "order")}
    return with_texts(shipped(), tuple((f"{name}.yaml", text) for name, text in own.items()))


@cache
def _guides() -> list[EventGuide]:
    """Return their event codes; the examples of each are told once for all documents."""
    return guides(families())


@cache
def whole() -> dict[str, Any]:
    """Return the document of all these families."""
    return document(_guides())


@cache
def of(*names: str) -> dict[str, Any]:
    """Return the document of some of these families."""
    return document([each for each in _guides() if each.family.name in names])


def messages(made: dict[str, Any]) -> Iterator[dict[str, Any]]:
    """Yield the messages with examples."""
    yield from (each for each in made["components"]["messages"].values() if "examples" in each)


def mistakes(made: dict[str, Any], schema: dict[str, Any], value: Any) -> list[str]:
    """Return what is wrong with a value, by the drafts 2020-12 and 7; formats are looked at."""
    found = []
    for validator, draft in ((Draft202012Validator, DRAFT202012), (Draft7Validator, DRAFT7)):
        registry: Any = Registry().with_resource("urn:made", draft.create_resource(made))
        checks = validator.FORMAT_CHECKER
        looked = validator(_absolute(schema), registry=registry, format_checker=checks)
        found += [f"{each.json_path}: {each.message}" for each in looked.iter_errors(value)]
    return found


def _absolute(schema: Any) -> Any:
    if isinstance(schema, list):
        return [_absolute(each) for each in schema]
    if not isinstance(schema, dict):
        return schema
    if "$ref" in schema:
        return {"$ref": f"urn:made{schema['$ref']}"}
    return {key: _absolute(each) for key, each in schema.items()}
