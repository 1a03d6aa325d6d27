"""JSON as the standard has it."""

from __future__ import annotations

from decimal import Decimal

import pytest

from flowsim.core.strict_json import loads


def test_it_reads_what_is_json_with_the_hooks_it_is_given() -> None:
    assert loads('{"a": [1, 2.5, null]}') == {"a": [1, 2.5, None]}
    assert loads("[1, 2.50]", parse_float=Decimal) == [1, Decimal("2.50")]


@pytest.mark.parametrize(
    "text",
    ["", "{", "[1,]", "NaN", "[Infinity]", '{"a": -Infinity}', "'a'", "[" * 100_000],
    ids=lambda text: text[:12],
)
def test_it_refuses_what_is_no_json_with_one_kind_of_error(text: str) -> None:
    """Constants that Python would read are among it, and so is what is nested too deep."""
    with pytest.raises(ValueError, match=r"\w"):
        loads(text)
