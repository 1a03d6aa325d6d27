"""``flowsim asyncapi``: the document on standard output, and which events it has."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from click.testing import Result

from flowsim.files.yaml_documents import parse_text

from ..asyncapi.documents import mistakes
from ..families.own import break_family, own_families

Flowsim = Callable[..., Result]


def printed(flowsim: Flowsim, *words: str) -> dict[str, Any]:
    result = flowsim("asyncapi", "--format", "json", *words)
    assert (result.exit_code, result.stderr) == (0, "")
    made: dict[str, Any] = json.loads(result.stdout)
    return made


def families_in(made: dict[str, Any]) -> list[str]:
    return [*made["components"]["tags"]]


def test_yaml_and_json_say_the_same(flowsim: Flowsim) -> None:
    text = flowsim("asyncapi", "--family", "audit_event").stdout
    made = printed(flowsim, "--family", "audit_event")
    assert text.startswith('asyncapi: "3.0.0"\n')
    assert parse_text(text, "asyncapi.yaml").value == made
    assert "$ref: " in text


def test_families_are_chosen_by_name_in_this_order_and_once(flowsim: Flowsim) -> None:
    words = ["--family", "segment_job", "--family", "audit_event", "--family", "segment_job"]
    assert families_in(printed(flowsim, *words)) == ["segment_job", "audit_event"]


def test_own_families_are_in_the_document(flowsim: Flowsim, tmp_path: Path) -> None:
    words = ("--families", str(own_families(tmp_path)), "--family", "order", "--family", "flow_run")
    assert families_in(printed(flowsim, *words)) == ["order", "flow_run"]


def test_an_own_family_with_mistakes_is_left_out_with_a_warning(
    flowsim: Flowsim, tmp_path: Path
) -> None:
    folder = own_families(tmp_path)
    file = break_family(folder)
    result = flowsim("asyncapi", "--families", str(folder), "--format", "json")
    assert result.exit_code == 0
    assert {"order", "job", "flow_run"} <= {*families_in(json.loads(result.stdout))}
    assert f"warning: {file}:2:1" in result.stderr
    asked = flowsim("asyncapi", "--families", str(folder), "--family", "broken")
    assert (asked.exit_code, asked.stdout) == (2, "")
    assert f"{file}:2:1" in asked.stderr


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("segment_jb", "no family with events 'segment_jb'; did you mean segment_job"),
        ("segment_evaluation_job_error", "it is an event code of segment_job"),
        ("payload", "no family with events 'payload'; expected one of admin_audit"),
        ("", "no family with events ''; expected one of admin_audit"),
    ],
)
def test_an_unknown_family_is_refused_with_near_names(
    name: str, said: str, flowsim: Flowsim
) -> None:
    result = flowsim("asyncapi", "--family", name)
    assert (result.exit_code, result.stdout) == (2, "")
    assert said in result.stderr


def test_the_headers_of_deliveries_are_those_of_the_document(flowsim: Flowsim) -> None:
    made = printed(flowsim, "--family", "identity_run")
    shown = flowsim("show", "identity_ingestion_error", "--as", "json").stdout
    every = [json.loads(line)["headers"] for line in shown.splitlines()]
    assert len(every) == 3
    for headers in every:
        code = headers["x-adobe-event-code"]
        [message] = [
            each
            for each in made["components"]["messages"].values()
            if each.get("x-flowsim-event-code") == code and each["x-flowsim-format"] == "adobe_io"
        ]
        assert mistakes(made, message["headers"], headers) == []
        assert mistakes(made, message["headers"], {**headers, "x-adobe-event-code": "x"})
