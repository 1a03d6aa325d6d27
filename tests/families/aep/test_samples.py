"""Each printed alert and audit event is reproduced value for value, and in structure by default.

A file in ``samples/`` names a printed event and what an entry says to get it. What the document
describes in words only stands as JSON in ``described/``. Where a print contradicts itself, the
entry has an ``override`` for that member, with the reason under ``override_because``.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from flowsim.core import instant
from flowsim.files import yaml_documents

from ...cases import for_each
from .reading import ROOT, contents, tell

HERE = Path(__file__).parent
SAMPLES = {path.stem: path for path in sorted((HERE / "samples").glob("*.yaml"))}
PRINTED = ROOT / "docs" / "adobe" / "samples" / "families"


def _read(path: Path) -> Any:
    return yaml_documents.parse_text(path.read_text("utf-8"), path.name).value


def _printed(sample: dict[str, Any]) -> Any:
    return json.loads((ROOT / sample["sample"]).read_text("utf-8"))


@for_each("name", SAMPLES)
def test_an_entry_reproduces_a_printed_event_value_for_value(name: str) -> None:
    sample = _read(SAMPLES[name])
    told = tell(
        sample["family"],
        sample["says"],
        begin=instant.parse(sample["at"]),
        override=sample.get("override"),
    )
    assert contents(told)[sample["event"]] == _printed(sample)


@for_each("name", SAMPLES)
def test_a_printed_event_has_its_members_in_the_order_of_the_print(name: str) -> None:
    sample = _read(SAMPLES[name])
    told = tell(sample["family"], sample["says"], begin=instant.parse(sample["at"]))
    assert list(contents(told)[sample["event"]]) == list(_printed(sample))


@for_each("name", SAMPLES)
def test_an_event_by_default_has_the_structure_of_the_print(name: str) -> None:
    sample = _read(SAMPLES[name])
    told = contents(tell(sample["family"], sample["by_default"]))
    event = told[sample.get("default_event", sample["event"])]
    assert _structure(event) == _structure(_printed(sample))


@for_each("name", SAMPLES)
def test_each_override_of_a_sample_has_a_reason(name: str) -> None:
    sample = _read(SAMPLES[name])
    assert sample.get("override", {}).keys() == sample.get("override_because", {}).keys()


def test_every_printed_event_of_the_two_sections_has_a_sample() -> None:
    wanted = {path.name for path in PRINTED.glob("0[12]-*.json")}
    wanted |= {path.name for path in (HERE / "described").glob("*.json")}
    assert wanted == {Path(_read(path)["sample"]).name for path in SAMPLES.values()}


def _structure(value: Any) -> Any:
    """Return the keys and JSON types of a value: each member, each element of a list."""
    if isinstance(value, dict):
        return {key: _structure(each) for key, each in value.items()}
    if isinstance(value, list):
        return [_structure(each) for each in value]
    return {bool: "boolean", int: "number", float: "number", str: "text"}.get(type(value), "null")
