"""Functions of lists in expressions of families."""

from __future__ import annotations

from typing import Any

import pytest

from flowsim.errors import ScenarioError

from ...cases import for_each
from .examples import small, tell

TABLES = {"letters": ["a", "b", "c", "b"], "some": ["b", "c"], "nobody": []}


def _content(expression: str) -> Any:
    body = {"thing": {"value": f"{{{{ {expression} }}}}"}}
    (told,) = tell(small(tables=TABLES, bodies=body), {})
    return told.notification.content["value"]


@for_each(
    ("expression", "value"),
    [
        ("has(letters, some)", True),
        ("has(some, letters)", False),
        ("has(nobody, nobody)", True),
        ("first(letters, 2) | json", '["a","b"]'),
        ("until(letters, 'b') | json", '["a","b"]'),
        ("until(letters, 'x') | json", '["a","b","c","b"]'),
        ("common(letters, some) | json", '["b","c","b"]'),
    ],
)
def test_functions_of_lists_give_these_values(expression: str, value: Any) -> None:
    assert _content(expression) == value


@for_each(
    ("expression", "found"),
    [
        ("first(letters, size - 4) | json", "the first -1 items"),
        ("first('ab', 1) | json", "text"),
        ("until(1, 1) | json", "a number"),
        ("common(letters, 1) | json", "a number"),
    ],
)
def test_functions_of_lists_refuse_what_is_none(expression: str, found: str) -> None:
    with pytest.raises(ScenarioError) as caught:
        _content(expression)
    assert caught.value.problems[0].found.startswith(found)
