"""Durations as ISO 8601 writes them."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from flowsim.events_service.journal import iso_duration


@pytest.mark.parametrize(
    ("text", "seconds"),
    [
        ("-PT2H", -7_200),
        ("-P1D", -86_400),
        ("-P5DT2H", -439_200),
        ("P1W", 604_800),
        ("-P1DT1H1M1S", -90_061),
        ("-PT90M", -5_400),
        ("-PT0.5S", -0.5),
        ("-PT0,25S", -0.25),
        ("PT0S", 0),
        ("-P007D", -604_800),
    ],
)
def test_durations_are_read(text: str, seconds: float) -> None:
    assert iso_duration.parse(text) == seconds


@pytest.mark.parametrize(
    "text",
    [
        *("", "-", "P", "-P", "-PT", "-P1DT", "2h", "-PT2", "PT-2H", "-P1M", "-P1Y", "-P1.5D"),
        *("-PT1S2H", "+PT2H", "-pt2h", "-PT2H ", "-P\u0661D", "-P1111111111D", "-PT1H1H"),
        *("--P1D", "-P1DT1H\n"),
    ],
)
def test_everything_else_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="an ISO 8601 duration in weeks, days, hours"):
        iso_duration.parse(text)


@given(st.text(alphabet="-PTWDHMS0123456789.,"))
def test_whatever_comes_is_a_number_of_seconds_or_a_value_error(text: str) -> None:
    try:
        seconds = iso_duration.parse(text)
    except ValueError:
        return
    assert (seconds <= 0) == (text.startswith("-") or seconds == 0)
