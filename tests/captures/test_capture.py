"""What of a captured request is sent again, and how its file is called."""

from __future__ import annotations

import re
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from flowsim.captures.capture import Capture, file_name, number_and_moment
from flowsim.core.header_lines import HeaderLines
from flowsim.core.instant import whole_ms

MOMENTS = st.datetimes(datetime(2000, 1, 1), datetime(2099, 1, 1), timezones=st.just(UTC))


def sent(*lines: tuple[str, str]) -> list[tuple[str, str]]:
    return list(Capture("x", None, HeaderLines(lines), b"").sent_headers().items())


def test_headers_are_sent_in_their_order_and_case_however_often_they_stand_there() -> None:
    lines = [("User-Agent", "Adobe/1.0"), ("x-a", "1"), ("X-A", "2"), ("Cookie", "c")]
    assert sent(*lines) == lines


@pytest.mark.parametrize(
    "name",
    [
        *("Host", "content-length", "Connection", "Keep-Alive", "Proxy-Connection", "TE"),
        *("Proxy-Authorization", "Trailer", "Transfer-Encoding", "Upgrade", "Expect"),
        *(":authority", ":method", "HTTP2-Settings"),
    ],
)
def test_what_belonged_to_the_old_connection_is_left_out(name: str) -> None:
    assert sent((name, "1"), ("x", "2")) == [("x", "2")]


def test_what_connection_names_is_left_out_too() -> None:
    assert sent(("Connection", "close, X-Hop"), ("x-hop", "1"), ("x", "2")) == [("x", "2")]


@given(st.integers(1, 10**7), MOMENTS, st.text())
def test_a_file_is_called_by_number_moment_and_event(number: int, at: datetime, id_: str) -> None:
    name = file_name(number, at, id_)
    assert re.fullmatch(r"[0-9A-Za-z._-]{28,160}", name)
    assert number_and_moment(name) == (number, whole_ms(at))


def test_names_sort_by_arrival_and_no_event_id_leads_out_of_the_folder() -> None:
    at = datetime(2026, 1, 15, 9, 30, tzinfo=UTC)
    names = [file_name(number, at, "../../é") for number in (9, 10, 11)]
    assert names == sorted(names)
    assert names[0] == "000009-20260115T093000.000Z-.._..__"
    assert file_name(1, at, "") == "000001-20260115T093000.000Z-no-event-id"


@pytest.mark.parametrize(
    "name", ["", "a", "000001-e4d8", "000001-20261315T093000.000Z-a", "1-20260115T093000.000Z-a"]
)
def test_other_names_say_nothing(name: str) -> None:
    assert number_and_moment(name) is None
