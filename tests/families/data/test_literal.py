"""Any JSON value can be written as a template that yields exactly this value."""

from __future__ import annotations

import json
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from flowsim.families.data.placeholders import literal

from ...strategies import FINITE_JSON
from .examples import content, small

SIGNS = st.text("{}%#$'\"\\ a\n", max_size=12)
CAPTURED = st.recursive(
    FINITE_JSON | SIGNS,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(SIGNS, inner, max_size=3),
    max_leaves=8,
)


@settings(max_examples=50, deadline=None)
@given(CAPTURED)
def test_a_captured_value_stays_what_it_is(value: Any) -> None:
    """Braces, percent and number signs, and dollar signs before keys mean nothing in it."""
    made = content(small(bodies={"thing": {"a": literal(value)}}))["a"]
    assert json.dumps(made) == json.dumps(value)


def test_keys_and_texts_of_any_length_stay_what_they_are() -> None:
    """YAML finds the colon of a key only within 1,024 characters; longer keys need a mark."""
    long = {f"{sign * 700}{{{{": [sign * 700, {sign * 1_100: 1}] for sign in ("a", "é", "\u2028")}
    assert content(small(bodies={"thing": literal(long)})) == long


@settings(max_examples=40, deadline=None)
@given(SIGNS)
def test_text_without_two_braces_needs_no_escape(text: str) -> None:
    if "{{" not in text:
        assert literal(text) == text
        assert content(small(bodies={"thing": text})) == text
