"""The field tables describe all that the events hold, and no more."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from flowsim.files import yaml_documents

from .conformity import differences
from .reading import NAMES, ROOT, family, tell

SAMPLES = sorted((Path(__file__).parent / "samples").glob("*.yaml"))

ENTRIES = {
    "source_run": [
        {},
        {"records": 100, "lasts": "3h"},
        {"outcome": "failed"},
        {"kind": "streaming"},
        {"kind": "streaming", "outcome": "failed"},
        {"kind": "error_rate", "resolved_after": "1h"},
    ],
    "identity_run": [{"lasts": "3h"}],
    "profile_run": [{"lasts": "3h"}, {"outcome": "failed"}],
    "segment_job": [{"lasts": "3h"}, {"outcome": "failed"}],
    "destination_run": [
        {"lasts": "6h"},
        {"outcome": "failed"},
        {"kind": "streaming"},
        {"kind": "streaming", "outcome": "failed"},
        {"kind": "skip_rate", "resolved_after": "1h"},
    ],
    "query_run": [{}, {"outcome": "failed"}],
    "audit_event": [{}],
}
"""For each family, entries that together have all of its bodies."""


@pytest.mark.parametrize("name", NAMES)
def test_events_hold_what_their_fields_say_and_nothing_else(name: str) -> None:
    for says in ENTRIES[name]:
        for each in tell(name, {**says, "alert_name": "present"}):
            notification = each.notification
            assert not differences(family(name), notification.event_code, notification.content)


@pytest.mark.parametrize("path", SAMPLES, ids=lambda path: path.stem)
def test_printed_events_fit_the_fields_too(path: Path) -> None:
    sample: Any = yaml_documents.parse_text(path.read_text("utf-8"), path.name).value
    printed = json.loads((ROOT / sample["sample"]).read_text("utf-8"))
    code = printed["header"]["_adobeio"]["eventCode"]
    found = differences(family(sample["family"]), code, printed)
    malformed = "asd727asd59" in printed["id"]
    assert len(found) == (1 if malformed else 0), found


@pytest.mark.parametrize("name", NAMES)
def test_each_field_stands_in_some_event(name: str) -> None:
    """A field that no event has would be a mistake in its path."""
    told = [
        each.notification.content
        for says in ENTRIES[name]
        for each in tell(name, {**says, "alert_name": "present"})
    ]
    found = {path for content in told for path in _paths(content)}
    written = {field.path.replace('"', "") for field in family(name).fields().fields}
    assert written <= found


def _paths(value: Any, path: str = "") -> set[str]:
    found = {path} - {""}
    if isinstance(value, dict):
        for key, each in value.items():
            found |= _paths(each, f"{path}.{key}" if path else key)
    if isinstance(value, list):
        for each in value:
            found |= _paths(each, f"{path}[]")
    return found
