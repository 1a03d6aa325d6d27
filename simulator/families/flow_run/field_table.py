"""The fields of flow run notifications, from ``fields.yaml``."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from functools import cache
from pathlib import Path

from ...errors import ScenarioError
from ...files import yaml_documents
from ...files.document import Document
from ..fields.reading import read_fields
from ..fields.table import Field, FieldTable

SUCCESS, FAILURE = "success", "failure"
"""The two bodies: the object in ``event``, and the array ``messages``."""

_BODIES = {
    "sources_flow_run_success": (SUCCESS,),
    "sources_flow_run_failed": (FAILURE,),
    "sources_flow_run_failure": (FAILURE,),
}
"""Event code → its bodies; the prose of the documents spells the failure differently (1.6)."""

_FILE = Path(__file__).with_name("fields.yaml")


@cache
def fields() -> FieldTable:
    """Return the fields of flow run notifications."""
    document = yaml_documents.parse_text(_FILE.read_text("utf-8"), str(_FILE), "fields")
    run = _section(document, "run")
    table = [
        *_of_body(run, SUCCESS),
        *_of_body(_section(document, "event"), SUCCESS),
        *_of_body(_section(document, "messages"), FAILURE),
        *_of_body(run, FAILURE, "[].value."),
    ]
    return FieldTable(table, _BODIES, {FAILURE: "messages"})


def _section(document: Document, name: str) -> Sequence[Field]:
    """Return the fields of one section."""
    found, problems = read_fields(document, (name,), (SUCCESS, FAILURE))
    if problems or document.problems:
        raise ScenarioError([*document.problems, *problems])
    return found


def _of_body(table: Sequence[Field], body: str, around: str = "") -> Iterator[Field]:
    """Yield the fields that a body has, in it alone, each below the path ``around``."""
    for each in FieldTable(table).of_body(body):
        yield replace(each, path=around + each.path, bodies=frozenset({body}))
