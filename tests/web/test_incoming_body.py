"""Bodies in chunks: any chunking is read, and what is none is refused with what is wrong."""

from __future__ import annotations

import contextlib
import io

import pytest
from hypothesis import given
from hypothesis import strategies as st
from werkzeug.exceptions import BadRequest, RequestEntityTooLarge

from flowsim.web.incoming_body import LONGEST_LINE, MOST_AROUND, ChunkedBody, ChunkedEnd

from ..cases import for_each

WORDS = st.text('abc="; \t', max_size=20)


@st.composite
def chunked(draw: st.DrawFn) -> tuple[bytes, bytes]:
    """Draw a body and one way to send it in chunks."""
    parts = draw(st.lists(st.binary(min_size=1, max_size=40), max_size=6))
    sent = b""
    for part in parts:
        size = draw(st.sampled_from([f"{len(part):x}", f"{len(part):X}", f"{len(part):05x}"]))
        extension = draw(st.just("") | WORDS.map(";{}".format))
        sent += f"{size}{extension}\r\n".encode() + part + b"\r\n"
    trailers = "".join(f"X-T: {each}\r\n" for each in draw(st.lists(WORDS, max_size=2)))
    return b"".join(parts), sent + f"0\r\n{trailers}\r\n".encode()


@given(chunked(), st.integers(1, 9), st.binary(max_size=5))
def test_a_body_is_read_whole_in_pieces_of_any_size(
    drawn: tuple[bytes, bytes], size: int, following: bytes
) -> None:
    """What follows it is left for the next request."""
    body, sent = drawn
    for read in (
        lambda each: each.read(),
        lambda each: b"".join(iter(lambda: each.read(size), b"")),
    ):
        source = io.BytesIO(sent + following)
        reader = ChunkedBody(source)
        assert read(reader) == body
        assert (reader.is_over, source.read()) == (True, following)


@given(chunked())
def test_the_end_of_a_body_is_found_when_its_last_byte_comes(drawn: tuple[bytes, bytes]) -> None:
    _, sent = drawn
    end, held = ChunkedEnd(3), bytearray(b"abc")
    for byte in sent[:-1]:
        held.append(byte)
        assert not end.has_come(held)
    held.append(sent[-1])
    assert end.has_come(held)


@for_each(
    ("sent", "reason"),
    [
        (b"xyz\r\n", "is not the size of a chunk"),
        (b"-5\r\nabcde\r\n", "is not the size of a chunk"),
        (b"+5\r\nabcde\r\n", "is not the size of a chunk"),
        (b"0x5\r\nabcde\r\n", "is not the size of a chunk"),
        (b"1_0\r\n", "is not the size of a chunk"),
        (b"\r\n", "is not the size of a chunk"),
        (b"00000000000000005\r\nabcde\r\n", "is not the size of a chunk"),
        (b"fffffffffffffffff\r\n", "is not the size of a chunk"),
        (b"5\nabcde\r\n", "is too long, or does not end"),
        (b"5;" + b"x" * LONGEST_LINE + b"\r\nabcde\r\n", "is too long, or does not end"),
        (b"5\r\nabcde", "is too long, or does not end"),
        (b"5\r\nabcdef\r\n", "longer than it says"),
        (b"5\r\nabc", "ends in the middle of a chunk"),
        (b"ffffffffffffffff\r\nabc", "ends in the middle of a chunk"),
        (b"0\r\nX-Trailer: " + b"x" * LONGEST_LINE, "is too long, or does not end"),
    ],
)
def test_a_malformed_chunk_is_a_bad_request_with_a_reason(sent: bytes, reason: str) -> None:
    with pytest.raises(BadRequest, match=reason):
        ChunkedBody(io.BytesIO(sent)).read()


@pytest.mark.parametrize(
    "sent",
    [
        (b"1;" + b"x" * 1000 + b"\r\na\r\n") * (MOST_AROUND // 1000),
        b"0\r\n" + b"X-T: 1\r\n" * (MOST_AROUND // 8),
    ],
    ids=["extensions", "trailers"],
)
def test_sizes_and_trailers_of_chunks_are_limited(sent: bytes) -> None:
    with pytest.raises(RequestEntityTooLarge):
        ChunkedBody(io.BytesIO(sent)).read()


@given(st.binary(max_size=200))
def test_any_bytes_are_a_body_or_a_mistake_of_the_client(sent: bytes) -> None:
    with contextlib.suppress(BadRequest):
        ChunkedBody(io.BytesIO(sent)).read()
        assert ChunkedEnd(0).has_come(bytearray(sent))
