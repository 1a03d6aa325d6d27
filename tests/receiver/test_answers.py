"""The list of answers of a receiving stub."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from flowsim.errors import SettingError
from flowsim.receiver.answers import SILENCES, nth, parse

from ..cases import for_each

PARTS = st.lists(st.tuples(st.integers(200, 599), st.integers(1, 50)), min_size=1, max_size=10)


def test_codes_come_in_order_and_a_count_repeats_one() -> None:
    assert parse("200") == (200,)
    assert parse("503*2,200") == (503, 503, 200)
    assert parse(" 429 , 500*1, 204*3 ") == (429, 500, 204, 204, 204)


def test_words_stand_for_silences() -> None:
    assert parse("timeout*2,close, reset ,200") == ("timeout", "timeout", "close", "reset", 200)


@given(PARTS, st.integers(1, 10**6))
def test_the_last_code_is_repeated(parts: list[tuple[int, int]], beyond: int) -> None:
    codes = parse(",".join(f"{code}*{count}" for code, count in parts))
    walked = [code for code, count in parts for _ in range(count)]
    assert [nth(codes, number) for number in range(1, len(walked) + 1)] == walked
    assert nth(codes, len(walked) + beyond) == parts[-1][0]


@for_each(
    "text",
    [
        *["", ",", "200,", "ok", "20 0", "2000", "-200", "100", "199", "600", "602"],
        *[
            "200*",
            "*2",
            "200*0",
            "200*-1",
            "200*1.5",
            "200x2",
            "200*1000000",
            "timeout*0",
            "timeout*00",
            "hang",
        ],
    ],
)
def test_anything_else_is_refused_with_an_example(text: str) -> None:
    with pytest.raises(SettingError, match=r"from 200 to 599, as in 503\*2,200"):
        parse(text)


@given(
    st.one_of(
        st.text(), st.lists(st.sampled_from([*"0123459*, x", "timeout", "close"])).map("".join)
    )
)
def test_any_text_is_a_list_of_codes_or_a_setting_error(text: str) -> None:
    try:
        codes = parse(text)
    except SettingError:
        return
    assert codes
    assert all(code in SILENCES or 200 <= int(code) <= 599 for code in codes)
