"""Where the members of a body stand in its text."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from flowsim.captures.json_members import members

from ..strategies import FINITE_JSON

OBJECTS = st.dictionaries(st.text(), FINITE_JSON, max_size=4)
INDENTS = st.sampled_from([None, 0, 1, "\t"])


@given(OBJECTS | st.lists(OBJECTS | FINITE_JSON, max_size=3), INDENTS, st.booleans())
def test_each_member_of_the_outer_objects_is_found_where_it_stands(
    content: Any, indent: Any, ascii_only: bool
) -> None:
    text = json.dumps(content, indent=indent, ensure_ascii=ascii_only)
    found = list(members(text))
    outer = content if isinstance(content, list) else [content]
    expected = [item for each in outer if isinstance(each, dict) for item in each.items()]
    assert [(each.name, each.value) for each in found] == expected
    for each in found:
        assert json.loads(text[each.begin : each.end]) == each.value


@pytest.mark.parametrize("text", ["1", '"a"', "null", "[]", "{}", "[1, [2]]", ' \n"x"'])
def test_what_holds_no_object_has_no_members(text: str) -> None:
    assert list(members(text)) == []


@pytest.mark.parametrize("text", ["", "{", '{"a": 1} 2', "[1,]", "NaN", "[" * 100_000])
def test_what_is_no_json_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match=r"."):
        list(members(text))
