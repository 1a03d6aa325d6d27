"""JSON that is printed."""

from __future__ import annotations

import json

from flowsim.core import printed_json

from ..hostile.text import HOSTILE


def test_a_line_is_readable_and_harmless_and_programs_read_the_same() -> None:
    content = {"é": HOSTILE, HOSTILE: ["日本", "\ud800"]}
    text = printed_json.line(content)
    assert text.isprintable()
    assert "日本" in text
    assert json.loads(text) == content


def test_indented_json_has_lines_of_its_own_only() -> None:
    text = printed_json.indented({"a": HOSTILE})
    assert text.count("\n") == 2
    assert json.loads(text) == {"a": HOSTILE}
