"""``flowsim schema --event``: the schema of what a webhook gets."""

from __future__ import annotations

import json
from collections.abc import Callable

import pytest
from click.testing import Result
from jsonschema import Draft202012Validator

Flowsim = Callable[..., Result]


@pytest.mark.parametrize("format_", ["adobe_io", "cloud_events"])
def test_the_schema_of_an_event_accepts_what_is_delivered(format_: str, flowsim: Flowsim) -> None:
    printed = flowsim("schema", "--event", "sources_flow_run_failed", "--format", format_)
    setting = f"registration.event_delivery_format={format_}"
    sent = flowsim("show", "failure-copy", "--set", setting, "--as", "body")
    assert (printed.exit_code, sent.exit_code) == (0, 0)
    schema = json.loads(printed.stdout)
    Draft202012Validator(schema).validate(json.loads(sent.stdout))
    assert schema["title"] == "SourcesFlowRunFailed"


def test_an_event_is_described_in_its_usual_format(flowsim: Flowsim) -> None:
    code = "sources_flow_run_success"
    plain, usual = (
        flowsim("schema", "--event", code, *more) for more in ((), ("--format", "adobe_io"))
    )
    assert plain.stdout == usual.stdout
    assert "event" in json.loads(plain.stdout)["required"]


def test_an_unknown_event_code_names_the_nearest_ones(flowsim: Flowsim) -> None:
    result = flowsim("schema", "--event", "source_flow_run_failed")
    assert result.exit_code == 2
    assert (
        "no event code 'source_flow_run_failed'; did you mean sources_flow_run_failed"
        in result.stderr
    )


@pytest.mark.parametrize("words", ["--checks --event x", "--format adobe_io"])
def test_options_that_do_not_fit_are_refused(words: str, flowsim: Flowsim) -> None:
    assert flowsim("schema", *words.split()).exit_code == 2
