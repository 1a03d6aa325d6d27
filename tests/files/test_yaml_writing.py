"""YAML that is written reads back as the same value."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import example, given

from flowsim.files import yaml_writing
from flowsim.files.yaml_documents import parse_text

from ..strategies import FINITE_JSON


def read(text: str) -> Any:
    document = parse_text(text, "written.yaml")
    assert document.problems == ()
    return document.value


@given(FINITE_JSON)
@example({"<<": {"a": 1}, "": [], "-": {}, "? ": "# no comment", "k" * 2000: [[[{}]]]})
@example(["true", "No", "~", "1", "1e3", "0x1f", "2026-01-15", "&a", "*a", "!t", " a ", "a: b"])
@example({"text": "\x00\x85\u2028\ufeff\U0001f44d\ue000\x7f\t\r\n\\\"'"})
@example([1e22, -0.0, 5e-324, 10**18, -1, 1.5, None, True])
def test_any_json_reads_back_as_it_was(value: Any) -> None:
    assert repr(read("\n".join(yaml_writing.block({"value": value})))["value"]) == repr(value)
    assert repr(read(yaml_writing.flow({"value": value}))["value"]) == repr(value)


@pytest.mark.parametrize("text", ["\u2028", "\x1b[2J", "\u202e"])
def test_what_is_written_can_be_printed(text: str) -> None:
    assert yaml_writing.scalar(text).isprintable()


def test_plain_words_have_no_quotes() -> None:
    value = {"events": [{"segment_job": {"outcome": "success", "lasts": "6m"}}], "none": None}
    assert [*yaml_writing.block(value)] == [
        "events:",
        "  - segment_job:",
        "      outcome: success",
        '      lasts: "6m"',
        "none: null",
    ]
