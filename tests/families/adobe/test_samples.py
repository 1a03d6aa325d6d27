"""Each printed event is reproduced value for value, and in its structure by default.

``sample_files`` says what stands in a file of ``samples/``. What the facts describe in words only
stands as JSON in ``described/``. Where a print contradicts itself, the entry has an ``override``
for that member, with the reason under ``override_because``.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from flowsim.families import registry
from flowsim.families.fields.conformity import compare

from ...cases import for_each
from ...checkout import CHECKOUT
from .sample_files import SAMPLES, SampleFile

PRINTED = CHECKOUT / "docs" / "adobe" / "samples" / "families"
DESCRIBED = Path(__file__).parent / "described"

NO_EVENTS = {"09-commerce-schemas.json": "names of events with their fields, not an event"}
"""Files that hold no event, each with what is in it."""

UNFIT = {"aep-destinations-streaming-all-records-failed": ["id"]}
"""Sample → fields that do not fit their type in it, since a print has stand-ins there."""


@for_each("sample", SAMPLES)
def test_an_entry_reproduces_a_printed_event_value_for_value(sample: SampleFile) -> None:
    assert _exactly(sample.shown(sample.event)) == _exactly(sample.printed)


@for_each("sample", SAMPLES)
def test_a_printed_event_has_its_members_in_the_order_of_the_print(sample: SampleFile) -> None:
    """At every level; an override puts members that are new to the content behind the others."""
    assert _order(sample.shown(sample.without_override)) == _order(sample.printed)


@for_each("sample", SAMPLES)
def test_an_event_by_default_has_the_structure_of_the_print(sample: SampleFile) -> None:
    made = sample.shown(sample.by_default)
    assert _structure(made) == _structure(sample.printed)
    assert _order(made) == _order(sample.printed)


@for_each("sample", SAMPLES)
def test_each_override_of_a_sample_has_a_reason(sample: SampleFile) -> None:
    reasons = sample.said.get("override_because", {})
    assert sample.override.keys() == reasons.keys()
    assert all(isinstance(each, str) and len(each) > 10 for each in reasons.values())


@for_each("sample", SAMPLES)
def test_a_printed_event_fits_the_fields_of_its_family(sample: SampleFile) -> None:
    code, content = sample.event.event_code, sample.event.content
    found = compare(sample.family.fields(), code, content).differences
    assert [each.path for each in found] == UNFIT.get(sample.path.stem, [])


def test_every_printed_event_is_reproduced_by_a_sample() -> None:
    wanted = {path.name for path in PRINTED.glob("*.json")} - NO_EVENTS.keys()
    wanted |= {path.name for path in DESCRIBED.glob("*.json")}
    assert wanted == {Path(each.said["sample"]).name for each in SAMPLES}


def test_a_family_names_the_prints_that_its_samples_reproduce() -> None:
    found: dict[str, set[str]] = {}
    for sample in SAMPLES:
        file = CHECKOUT / sample.said["sample"]
        if file.parent == PRINTED:
            found.setdefault(sample.family.name, set()).add(file.name)
    named = {each.name: {*each.prints()} for each in registry.shipped().readable()[0]}
    del named["flow_run"]  # its two are of another document; tests/families/flow_run has them
    assert {name: files for name, files in named.items() if files} == found


def test_each_element_of_a_printed_list_has_a_sample() -> None:
    found: dict[str, set[int]] = {}
    for sample in SAMPLES:
        found.setdefault(sample.said["sample"], set()).add(sample.said.get("element", 0))
    for name, numbers in found.items():
        printed = json.loads((CHECKOUT / name).read_text("utf-8"))
        assert numbers == ({*range(len(printed))} if isinstance(printed, list) else {0}), name


def _exactly(value: Any) -> str:
    """Return a value as text in which ``1``, ``1.0`` and ``true`` differ, and order does not."""
    return json.dumps(value, sort_keys=True)


def _order(value: Any) -> Any:
    """Return the names of members at every level, in their order."""
    if isinstance(value, dict):
        return [(key, _order(each)) for key, each in value.items()]
    return [_order(each) for each in value] if isinstance(value, list) else None


def _structure(value: Any) -> Any:
    """Return the keys and JSON types of a value: each member, each element of a list."""
    if isinstance(value, dict):
        return {key: _structure(each) for key, each in value.items()}
    if isinstance(value, list):
        return [_structure(each) for each in value]
    return {bool: "boolean", int: "number", float: "number", str: "text"}.get(type(value), "null")
