"""``flowsim schema``: what an editor checks a scenario against."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from click.testing import Result
from hypothesis import given, settings
from hypothesis import strategies as st
from jsonschema import Draft202012Validator
from jsonschema_rs import meta

from flowsim.core.spec_values import RegistrationSpec
from flowsim.errors import ScenarioError
from flowsim.families.flow_run.spec import FlowRunSpec
from flowsim.families.registry import FAULTS, shipped
from flowsim.files import yaml_documents
from flowsim.files.document import Document
from flowsim.scenario import files as scenario_files
from flowsim.scenario.model import EventSpec, Scenario, json_schema
from flowsim.scenario.parser import parse
from flowsim.story.opening import vocabulary

from ..fixtures import SCENARIOS

SHIPPED = sorted(SCENARIOS.glob("*.yaml"))


@pytest.fixture(scope="module")
def schema() -> Draft202012Validator:
    return Draft202012Validator(json_schema(vocabulary()))


def test_the_shipped_schema_is_what_the_command_prints(flowsim: Callable[..., Result]) -> None:
    result = flowsim("schema")
    assert result.exit_code == 0
    shipped = (SCENARIOS / "scenario.schema.json").read_text(encoding="utf-8")
    assert result.stdout == shipped, "flowsim schema > scenarios/scenario.schema.json"


def test_the_schema_is_valid_under_its_draft(schema: Draft202012Validator) -> None:
    assert schema.schema["$schema"] == Draft202012Validator.META_SCHEMA["$id"]
    meta.validate(schema.schema)


@pytest.mark.parametrize("path", SHIPPED, ids=lambda path: path.stem)
def test_every_shipped_file_is_valid_and_names_the_schema(
    path: Path, schema: Draft202012Validator
) -> None:
    first = path.read_text(encoding="utf-8").splitlines()[0]
    assert first == "# yaml-language-server: $schema=scenario.schema.json"
    schema.validate(scenario_files.read(str(path)).value)


@pytest.mark.parametrize(
    "text",
    [
        "null",
        "[]",
        "{}",
        "events: []",
        "events: {}",
        "events: [{}]",
        "events: [{flow_run: {}, payload: 1}]",
        "events: [{payload: 1, repeat: 0}]",
        "events: [{payload: 1, repeat: 1.5}]",
        "events: [{payload: 1, expect: maybe}]",
        "events: [{payload: 1, expect: 99}]",
        "events: [{payload: 1, after: []}]",
        "events: [{payload: 1, override: []}]",
        "events: [{payload: 1, unknown: 1}]",
        "events: [{payload: 1, event_code: 'a b'}]",
        "events: [{flow_run: null}]",
        "events: [{flow_run: 5}]",
        "events: [{flow_run: {recods: {}}}]",
        "events: [{flow_run: {records: {input: -1}}}]",
        "events: [{flow_run: {records: {input: 1.5}}}]",
        "events: [{flow_run: {partial_ingestion_percent: 0}}]",
        "events: [{flow_run: {status: inProgress}}]",
        "events: [{flow_run: {stage: ingest}}]",
        "events: [{flow_run: {errors: [[]]}}]",
        "events: [{flow_run: {errors: [{message: x}]}}]",
        "events: [{flow_run: {sandbox: 5}}]",
        "{seed: -1, events: [payload: 1]}",
        "{seed: x, events: [payload: 1]}",
        "{at: 5, events: [payload: 1]}",
        "{flow: {threshold: lax}, events: [payload: 1]}",
        "{registration: {client_id: 12345678}, events: [payload: 1]}",
        "{registration: {client_id: 'ab'}, events: [payload: 1]}",
        "{registration: {names: new}, events: [payload: 1]}",
        "{registraton: {}, events: [payload: 1]}",
    ],
)
def test_the_schema_refuses_mistakes(text: str, schema: Draft202012Validator) -> None:
    document = yaml_documents.parse_text(text, "s.yaml")
    with pytest.raises(ScenarioError):
        parse(document, vocabulary())
    assert not schema.is_valid(document.value)


def test_the_schema_accepts_keys_that_are_ignored(schema: Draft202012Validator) -> None:
    assert schema.is_valid({"x-a": [1], "events": [{"payload": 1}]})
    assert not schema.is_valid({"xa": [1], "events": [{"payload": 1}]})


def test_the_schema_describes_every_key(schema: Draft202012Validator) -> None:
    properties = schema.schema["properties"]
    kinds = schema.schema["$defs"]
    assert set(properties) == {*Scenario.model_fields, "flow"}
    assert set(kinds["EventSpec"]["properties"]) == {*EventSpec.model_fields, *shipped().known}
    assert set(kinds["FlowRunSpec"]["properties"]) == set(FlowRunSpec.model_fields)
    assert set(kinds["RegistrationSpec"]["properties"]) == set(RegistrationSpec.model_fields)
    faults = kinds.pop("Fault")["anyOf"]
    assert faults[0]["enum"] == list(faults[1]["properties"]) == list(FAULTS)
    assert all(kind.get("additionalProperties") is False for kind in [*kinds.values(), faults[1]])


WORDS = st.sampled_from(["a", "abc", "dev", "amazon-s3", "5s", "1h", "copy", "failed", "", "a b"])
VALUES = st.none() | st.booleans() | st.integers(-1, 200) | st.sampled_from([0.5, 1e3]) | WORDS
PARTS = VALUES | st.lists(VALUES, max_size=2) | st.dictionaries(WORDS, VALUES, max_size=2)


def some_of(model: Any, **parts: st.SearchStrategy[Any]) -> st.SearchStrategy[Any]:
    names = {name: parts.get(name, st.nothing()) | PARTS for name in model.model_fields}
    return st.dictionaries(st.sampled_from(sorted(names)), st.none(), max_size=4).flatmap(
        lambda chosen: st.fixed_dictionaries({name: names[name] for name in chosen})
    )


FLOW_RUN = some_of(
    FlowRunSpec,
    records=st.fixed_dictionaries({"input": st.integers(0, 9)}),
    errors=st.lists(st.sampled_from(["133", 2200, {"code": "A", "message": "b"}]), max_size=1),
)
EVENT = some_of(EventSpec, flow_run=FLOW_RUN) | st.fixed_dictionaries({"flow_run": FLOW_RUN})
SCENARIO = st.fixed_dictionaries(
    {"events": st.lists(EVENT, min_size=1, max_size=2)},
    optional={"flow": FLOW_RUN, "registration": some_of(RegistrationSpec), "seed": VALUES},
)


@settings(max_examples=50)
@given(SCENARIO)
def test_the_schema_accepts_every_scenario_that_flowsim_accepts(value: Any) -> None:
    try:
        parse(Document("s.yaml", value), vocabulary())
    except ScenarioError:
        return
    Draft202012Validator(json_schema(vocabulary())).validate(json.loads(json.dumps(value)))


def test_types_of_events_can_be_told_apart(flowsim: Callable[..., Result]) -> None:
    """A CloudEvent names its code; the same member has the type that it has in each content."""
    code = "segment_evaluation_job_error"
    printed = json.loads(flowsim("schema", "--event", code, "--format", "cloud_events").stdout)
    assert printed["properties"]["type"]["const"] == code
    found = {
        name: printed["$defs"][name]["properties"]["createdAt"]["type"]
        for name in ("SegmentJobDelay", "SegmentJobFailed")
    }
    assert found == {"SegmentJobDelay": "string", "SegmentJobFailed": "integer"}


def test_a_description_names_the_file_of_its_section(flowsim: Callable[..., Result]) -> None:
    """A number alone, as in a family's file, says nothing to who reads generated types."""
    printed = flowsim("schema", "--event", "segment_evaluation_job_info").stdout
    assert "Source: event-families.md 1.1 (grade A)." in printed
    assert "Source: 1." not in printed
