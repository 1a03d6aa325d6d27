"""Lists in messages."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from flowsim.core.listing import MOST, listed


@pytest.mark.parametrize(
    ("number", "said"),
    [(0, ""), (1, "w0"), (5, "w0, w1, w2, w3, w4"), (2503, "w0, w1, w2, w3, w4 and 2,498 more")],
)
def test_a_few_words_are_named_and_the_others_are_counted(number: int, said: str) -> None:
    assert listed([f"w{each}" for each in range(number)]) == said


@given(st.lists(st.text("abc", min_size=1)), st.integers(1, 10))
def test_no_word_is_lost(words: list[str], most: int) -> None:
    shown, _, more = listed(words, most).partition(" and ")
    counted = int(more.removesuffix(" more").replace(",", "")) if more else 0
    assert len(list(filter(None, shown.split(", ")))) + counted == len(words)
    assert MOST == 5
