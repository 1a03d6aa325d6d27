"""Free-form input for hypothesis."""

from __future__ import annotations

from typing import Any

from hypothesis import strategies as st


def _json(floats: st.SearchStrategy[float]) -> st.SearchStrategy[Any]:
    return st.recursive(
        st.none() | st.booleans() | st.integers() | floats | st.text(),
        lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
        max_leaves=8,
    )


JSON = _json(st.floats(allow_nan=False))
"""Anything that a body may hold."""

FINITE_JSON = _json(st.floats(allow_nan=False, allow_infinity=False))
"""The same without numbers that only Python writes."""
