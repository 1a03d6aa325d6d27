"""Durations as people write them, and back."""

from __future__ import annotations

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from flowsim.core.duration import EXPECTED, LONGEST, exact, parse, spell

from ..cases import for_each

PIECES = st.sampled_from([*"0123456789.-+ smhdey_,:eE", "ms", "10", "inf", "nan", "²", "٣"])


@for_each(
    ("text", "seconds"),
    [
        ("90s", 90),
        ("5m", 300),
        ("1h30m", 5400),
        ("2d", 172_800),
        ("500ms", 0.5),
        ("1m30s500ms", 90.5),
        ("1.5h", 5400),
        ("0s", 0),
        ("0", 0),
        ("90", 90),
        ("1.25", 1.25),
        (" 3s ", 3),
        ("220626.408s", 220_626.408),
        (90, 90),
        (0, 0),
        (0.25, 0.25),
        (1e3, 1000),
        (1e-5, 0.00001),
        ("3660d", LONGEST),
        (LONGEST, LONGEST),
    ],
)
def test_a_duration_is_numbers_with_units_or_a_number_of_seconds(
    text: str | float, seconds: float
) -> None:
    assert parse(text) == pytest.approx(seconds, rel=1e-12)


@for_each(
    "text",
    [
        *("", " ", "s", "h30m", "1h30", "1 h", "1h 30m", "-1s", "-1", "+1", "1s.", ".5s", "1e3"),
        *("1e3s", "1,5s", "1_0s", "5 min", "1w", "1y", "1H", "soon", "inf", "nan", "PT5M", "1:30"),
        *("3661d", "316224001", "9" * 5000, "9" * 5000 + "d", -1, -0.5, float("inf"), float("nan")),
        *(LONGEST + 1, 10**400, 1 << 40_000),
    ],
)
def test_other_texts_are_refused_in_the_same_words(text: str | float) -> None:
    with pytest.raises(ValueError, match=r"^a duration such as 90s") as caught:
        parse(text)
    assert str(caught.value) == EXPECTED


@for_each(
    ("seconds", "text"),
    [
        (0, "0s"),
        (0.25, "250ms"),
        (0.001, "1ms"),
        (0.9996, "1s"),
        (1, "1s"),
        (1.5, "1.5s"),
        (59.96, "1m"),
        (3600.4, "1h"),
        (60, "1m"),
        (90, "1m30s"),
        (120, "2m"),
        (5400, "1h30m"),
        (86_400, "1d"),
        (90_061, "1d1h1m1s"),
        (LONGEST, "3660d"),
    ],
)
def test_the_spelling_is_the_shortest_usual_one(seconds: float, text: str) -> None:
    assert spell(seconds) == text


@given(st.integers(0, int(LONGEST)))
def test_whole_seconds_survive_the_round_trip(seconds: int) -> None:
    assert parse(spell(seconds)) == seconds


@given(st.floats(0, LONGEST))
@example(1e-9)
@example(1234567.25)
def test_every_number_survives_the_round_trip_of_the_exact_spelling(seconds: float) -> None:
    assert parse(exact(seconds)) == seconds
    assert exact(540.0) == "540s"


@given(st.floats(0, LONGEST))
@example(0.9999)
@example(59.999)
def test_fractions_survive_the_round_trip_to_the_spelled_precision(seconds: float) -> None:
    """Milliseconds below a second, tenths of a second below a minute, seconds above."""
    precision = 0.0005 if seconds < 1 else 0.05 if seconds < 60 else 0.5
    assert parse(spell(seconds)) == pytest.approx(seconds, rel=0, abs=precision * 1.001)


@given(st.integers(0, 99), st.integers(0, 99), st.integers(0, 99), st.integers(0, 99))
def test_the_parts_of_a_duration_add_up(
    hours: int, minutes: int, seconds: int, millis: int
) -> None:
    text = f"{hours}h{minutes}m{seconds}s{millis}ms"
    assert parse(text) == pytest.approx(hours * 3600 + minutes * 60 + seconds + millis / 1000)


@given(st.floats(0, LONGEST) | st.integers(0, int(LONGEST)))
@example(1e-7)
def test_every_number_of_seconds_up_to_ten_years_is_a_duration(seconds: float) -> None:
    assert parse(seconds) == seconds


@given(st.text() | st.lists(PIECES).map("".join) | st.integers() | st.floats())
def test_any_value_is_a_duration_in_range_or_refused(value: str | float) -> None:
    try:
        assert 0 <= parse(value) <= LONGEST
    except ValueError as error:
        refusal = str(error)
    else:
        refusal = EXPECTED
    assert refusal == EXPECTED
