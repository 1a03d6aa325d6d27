"""Moments of story time: read with their zone, kept and written in UTC."""

from __future__ import annotations

import contextlib
from datetime import UTC, datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from flowsim.core.instant import (
    EARLIEST,
    EXPECTED,
    LATEST,
    epoch_of,
    epoch_of_number,
    parse,
    spell,
    to_ms,
)

from ..cases import for_each

MILLISECOND = timedelta(milliseconds=1)
OFFSETS = st.integers(-23 * 60, 23 * 60).map(lambda minutes: timezone(timedelta(minutes=minutes)))
MOMENTS = st.datetimes(
    EARLIEST.replace(tzinfo=None), LATEST.replace(tzinfo=None) - timedelta.resolution
).map(lambda moment: moment.replace(tzinfo=UTC))
PIECES = st.sampled_from([*"0123456789-:.TZ+W ", "2026-01-15", "09:30", "٣", "\ud800", "+24:00"])


@for_each(
    ("text", "moment"),
    [
        ("2026-01-15T09:30:00Z", datetime(2026, 1, 15, 9, 30, tzinfo=UTC)),
        ("2026-01-15T09:30Z", datetime(2026, 1, 15, 9, 30, tzinfo=UTC)),
        ("2026-01-15 09:30:00Z", datetime(2026, 1, 15, 9, 30, tzinfo=UTC)),
        (" 2026-01-15T09:30:00Z ", datetime(2026, 1, 15, 9, 30, tzinfo=UTC)),
        ("2020-08-12T06:25:31.214Z", datetime(2020, 8, 12, 6, 25, 31, 214_000, UTC)),
        ("2026-01-15T00:30:00+05:30", datetime(2026, 1, 14, 19, tzinfo=UTC)),
        ("2026-01-15T09:30:00-08:00", datetime(2026, 1, 15, 17, 30, tzinfo=UTC)),
        ("2020-08-12T06:25:31.214999Z", datetime(2020, 8, 12, 6, 25, 31, 214_000, UTC)),
        ("2000-01-01T00:00:00Z", EARLIEST),
        ("2099-12-31T23:59:59.999Z", LATEST - MILLISECOND),
        ("2100-01-01T00:30:00+01:00", datetime(2099, 12, 31, 23, 30, tzinfo=UTC)),
        ("2024-02-29T12:00:00Z", datetime(2024, 2, 29, 12, tzinfo=UTC)),
    ],
)
def test_a_moment_with_any_zone_is_read_as_utc_in_milliseconds(text: str, moment: datetime) -> None:
    assert parse(text) == moment
    assert parse(text).tzinfo is UTC


@for_each(
    "text",
    [
        *("", " ", "now", "yesterday", "0", "1768469400", "2026", "2026-01-15", "09:30:00Z"),
        *("2026-01-15T09:30:00", "2026-13-01T00:00:00Z", "2026-02-29T00:00:00Z"),
        *("2026-01-15T25:00:00Z", "2026-01-15T09:60:00Z", "2026-01-15T09:30:60Z"),
        *("2026-01-15T09:30:00+24:00", "15.01.2026 09:30 UTC", "2026-01-15T09:30:00 Europe/Paris"),
        *("1999-12-31T23:59:59.999999Z", "2000-01-01T00:30:00+01:00", "2100-01-01T00:00:00Z"),
        *("0001-01-01T00:00:00+23:59", "9999-12-31T23:59:59-23:59"),
    ],
)
def test_a_moment_without_date_time_and_zone_or_far_away_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match=r"^a moment such as") as caught:
        parse(text)
    assert str(caught.value) == EXPECTED


@pytest.mark.parametrize(
    ("moment", "text"),
    [
        (datetime(2026, 1, 15, 9, 30, tzinfo=UTC), "2026-01-15T09:30:00.000Z"),
        (datetime(2020, 8, 12, 6, 25, 31, 214_999, UTC), "2020-08-12T06:25:31.214Z"),
    ],
)
def test_a_moment_is_written_with_milliseconds_and_z(moment: datetime, text: str) -> None:
    assert spell(moment) == text


@given(MOMENTS)
def test_moments_survive_the_round_trip_to_the_millisecond(moment: datetime) -> None:
    assert timedelta(0) <= moment - parse(spell(moment)) < MILLISECOND
    assert spell(parse(spell(moment))) == spell(moment)


@given(MOMENTS, OFFSETS)
def test_the_zone_in_which_a_moment_is_written_makes_no_difference(
    moment: datetime, zone: timezone
) -> None:
    assert parse(moment.astimezone(zone).isoformat()) == parse(moment.isoformat())


@given(st.text(st.characters()) | st.lists(PIECES).map("".join))
def test_any_text_is_a_moment_in_range_or_refused(text: str) -> None:
    try:
        assert EARLIEST <= parse(text) < LATEST
    except ValueError as error:
        refusal = str(error)
    else:
        refusal = EXPECTED
    assert refusal == EXPECTED


@given(st.datetimes(EARLIEST.replace(tzinfo=None), LATEST.replace(tzinfo=None)))
def test_text_and_numbers_of_both_units_are_the_same_moment(naive: datetime) -> None:
    """Text without a zone is in UTC; a number is in seconds or milliseconds by its size."""
    moment = naive.replace(microsecond=0, tzinfo=UTC)
    seconds = to_ms(moment) // 1000
    there = moment.astimezone(timezone(timedelta(hours=-7)))
    texts = [epoch_of(each.isoformat()) for each in (moment, naive.replace(microsecond=0), there)]
    assert {*texts, epoch_of(moment)} == {float(seconds)}
    assert epoch_of_number(seconds) == epoch_of_number(seconds * 1000) == seconds


@given(st.text())
def test_any_text_is_a_time_of_the_epoch_or_refused(text: str) -> None:
    with contextlib.suppress(ValueError):
        assert isinstance(epoch_of(text), float)
