"""How an attempt is written, and the bytes that follow from it."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from flowsim.core.delivery import attempt
from flowsim.core.http_request import raw_request
from flowsim.core.wire import Wire, of_attempt, pieces

from ..faults.life import Named, live, told

URL = "http://h:1/p?q=1"


def wires(fault: str | tuple[str, object], attempts: int = 3) -> list[Wire | None]:
    (delivery,) = live(told(), fault).deliveries
    return [of_attempt(attempt(delivery, number, Named())) for number in range(1, attempts + 1)]


@pytest.mark.parametrize("fault", ["duplicate", "header-case", "tampered-body"])
def test_other_faults_leave_the_wire_alone(fault: str) -> None:
    for delivery in live(told(), fault).deliveries:
        assert of_attempt(attempt(delivery, 1, Named())) is None


@pytest.mark.parametrize("fault", ["truncated-body", "hang-up"])
def test_a_connection_breaks_at_the_first_attempts_only(fault: str) -> None:
    assert [each is None for each in wires(fault)] == [False, True, True]
    assert [each is None for each in wires((fault, 2))] == [False, False, True]


@pytest.mark.parametrize("fault", ["slow-body", "chunked-body", "wrong-content-length"])
def test_what_is_odd_and_legal_or_hopeless_stays_so_at_each_attempt(fault: str) -> None:
    assert None not in wires(fault)


def test_faults_of_the_wire_add_up() -> None:
    (delivery,) = live(told(), "chunked-body", "slow-body", "truncated-body", "hang-up").deliveries
    wire = of_attempt(attempt(delivery, 1, Named()))
    assert wire is not None
    assert (wire.chunked, wire.seconds, wire.hangs_up) == (True, 2.0, True)
    assert 0.1 <= wire.kept < 0.9


@given(st.binary(max_size=100), st.floats(0, 1), st.booleans())
def test_pieces_make_the_kept_part_of_the_body(body: bytes, kept: float, slow: bool) -> None:
    wire = Wire(1, kept=kept, seconds=1.0 if slow else 0.0)
    parts = list(pieces(wire, body))
    assert b"".join(parts) == body[: int(len(body) * kept)]
    assert len(parts) <= (8 if slow else 1)


def test_a_raw_request_shows_what_is_written() -> None:
    headers = {"a": "b"}
    assert raw_request(URL, headers, b"body", Wire(1)) == raw_request(URL, headers, b"body")
    assert raw_request(URL, headers, b"body", Wire(1, length_error=-1)).endswith(
        b"content-length: 3\r\na: b\r\n\r\nbody"
    )
    assert raw_request(URL, headers, b"body", Wire(1, chunked=True)) == (
        b"POST /p?q=1 HTTP/1.1\r\nhost: h:1\r\ntransfer-encoding: chunked\r\na: b\r\n\r\n"
        b"1\r\nb\r\n1\r\no\r\n1\r\nd\r\n1\r\ny\r\n0\r\n\r\n"
    )
    assert raw_request(URL, headers, b"body", Wire(1, kept=0.5)).endswith(b"\r\n\r\nbo")
