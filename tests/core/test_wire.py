"""How an attempt is written, and the bytes that follow from it."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from flowsim.core.http_request import raw_request
from flowsim.core.wire import Wire, pieces

URL = "http://h:1/p?q=1"


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
