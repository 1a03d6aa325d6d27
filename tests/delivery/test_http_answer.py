"""Answers, in pieces of any size."""

from __future__ import annotations

import contextlib
from itertools import pairwise

import pytest
from httptools import HttpParserError
from hypothesis import given
from hypothesis import strategies as st

from flowsim.delivery.http_answer import (
    KEPT_BODY,
    LONGEST_HEAD,
    READ_BODY,
    AnswerReader,
    HttpAnswer,
)

from ..cases import for_each

Said = tuple[int, bytes, bool]
"""Status code, body, and whether the connection may be used again."""

PLAIN = b"HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\nok"
CHUNKED = (
    b"HTTP/1.1 503 No\r\nTransfer-Encoding: gzip, Chunked\r\n\r\n"
    b"3\r\nwhy\r\n4;a=b\r\n not\r\n0\r\nx-trailer: a\r\n\r\n"
)
INTERIM = b"HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 103 Early Hints\r\nlink: a\r\n\r\n"
EMPTY = b"HTTP/1.1 204 No Content\r\n\r\n"
UNTIL_THE_END = b"HTTP/1.0 200 OK\r\nserver: old\r\n\r\nall of it"

WHOLE = {
    PLAIN: (200, b"ok", True),
    CHUNKED: (503, b"why not", True),
    INTERIM + PLAIN: (200, b"ok", True),
    EMPTY: (204, b"", True),
    b"HTTP/1.1 200 OK\ncontent-length: 2\n\nok": (200, b"ok", True),
    b"HTTP/1.1 200 OK\r\nconnection: close\r\ncontent-length: 2\r\n\r\nok": (200, b"ok", False),
    b"HTTP/1.0 200 OK\r\ncontent-length: 2\r\n\r\nok": (200, b"ok", False),
}


def said(answer: HttpAnswer | None) -> Said | None:
    return (answer.status_code, answer.body, answer.reusable) if answer else None


def read(*parts: bytes) -> Said | None:
    """Return what the last part leads to."""
    reader = AnswerReader()
    answer = None
    for part in parts:
        assert answer is None
        answer = reader.feed(part)
    reader.close()
    return said(answer)


@for_each("status", [0, 42, 600, 604, 611, 999])
def test_a_status_that_http_does_not_have_is_no_answer(
    status: int,
) -> None:
    with pytest.raises(HttpParserError, match=f"HTTP has no status {status}"):
        read(b"HTTP/1.1 %03d Mine\r\ncontent-length: 0\r\n\r\n" % status)


@for_each("text", WHOLE)
def test_an_answer_is_complete_only_with_its_last_byte(text: bytes) -> None:
    reader = AnswerReader()
    answers = [said(reader.feed(text[place : place + 1])) for place in range(len(text))]
    assert answers == [None] * (len(text) - 1) + [WHOLE[text]]
    reader.close()


@given(st.sampled_from([*WHOLE]), st.sets(st.integers(1, 200)))
def test_an_answer_is_the_same_in_pieces_of_any_size(text: bytes, cuts: set[int]) -> None:
    places = [0, *sorted(cut for cut in cuts if cut < len(text)), len(text)]
    parts = [text[begin:end] for begin, end in pairwise(places)]
    assert read(*parts) == WHOLE[text]


@given(st.lists(st.sampled_from([*WHOLE]).filter(lambda text: WHOLE[text][2]), max_size=5))
def test_one_answer_leaves_nothing_behind_for_the_next(texts: list[bytes]) -> None:
    reader = AnswerReader()
    for text in texts:
        reader.begin()
        assert said(reader.feed(text)) == WHOLE[text]
    reader.close()


def test_headers_are_kept_as_they_came_without_trailers_and_interim_answers() -> None:
    reader = AnswerReader()
    answer = reader.feed(INTERIM + CHUNKED.replace(b"\r\n\r\n3", b"\r\nX-A: b\r\nx-a:c \r\n\r\n3"))
    reader.close()
    assert answer is not None
    assert answer.headers == [
        (b"Transfer-Encoding", b"gzip, Chunked"),
        (b"X-A", b"b"),
        (b"x-a", b"c"),
    ]


def test_an_answer_without_a_length_ends_where_its_connection_does() -> None:
    reader = AnswerReader()
    assert reader.feed(UNTIL_THE_END) is None
    assert said(reader.end()) == (200, b"all of it", False)
    reader.close()


@for_each("text", [PLAIN[:-1], CHUNKED[:-5], PLAIN[:10], INTERIM, b""])
def test_an_answer_that_breaks_off_is_none(text: bytes) -> None:
    reader = AnswerReader()
    assert reader.feed(text) is None
    assert reader.end() is None
    reader.close()


@for_each("more", [b"x", PLAIN, b"HTTP/1.1 4", b"\x00"])
def test_bytes_after_an_answer_only_end_the_connection(more: bytes) -> None:
    assert read(PLAIN + more) == (200, b"ok", False)


def test_a_forbidden_body_only_closes_the_connection() -> None:
    assert read(b"HTTP/1.1 304 Same\r\ncontent-length: 4\r\n\r\nbody") == (304, b"", False)


def test_an_answer_101_is_the_last_one_of_its_connection() -> None:
    """No request asked for another protocol, so the bytes after it are ignored."""
    text = (
        b"HTTP/1.1 101 Switching\r\nupgrade: websocket\r\nconnection: upgrade\r\n\r\n\x81\x05hello"
    )
    assert read(text) == (101, b"", False)


def test_of_a_long_body_the_beginning_is_kept() -> None:
    body = bytes(range(256)) * 1024
    text = b"HTTP/1.1 200 OK\r\ncontent-length: %d\r\n\r\n" % len(body)
    assert read(text, body[:1000], body[1000:]) == (200, body[:KEPT_BODY], True)


def test_an_endless_body_is_read_to_a_bound() -> None:
    reader = AnswerReader()
    assert reader.feed(b"HTTP/1.1 200 OK\r\n\r\n") is None
    parts = 0
    while (answer := reader.feed(b"a" * 65_536)) is None:
        parts += 1
    assert parts * 65_536 == READ_BODY
    assert said(answer) == (200, b"a" * KEPT_BODY, False)
    reader.close()


@pytest.mark.parametrize("size", [1, 1000, 10 * LONGEST_HEAD])
def test_a_head_without_end_is_no_http(size: int) -> None:
    reader = AnswerReader()
    reader.feed(b"HTTP/1.1 200 OK\r\nx-long: ")
    with pytest.raises(HttpParserError, match="a head of more than 65536 bytes"):
        feed_for_ever(reader, b"a" * size)
    reader.close()


def feed_for_ever(reader: AnswerReader, part: bytes) -> None:
    while True:
        reader.feed(part)


def test_a_head_that_is_too_long_is_refused_also_in_one_piece() -> None:
    with pytest.raises(HttpParserError):
        read(b"HTTP/1.1 200 OK\r\nx-long: " + b"a" * LONGEST_HEAD + b"\r\n" + PLAIN[17:])


@given(st.binary(min_size=1))
def test_random_bytes_are_incomplete_or_not_http(data: bytes) -> None:
    reader = AnswerReader()
    with contextlib.suppress(HttpParserError):
        assert reader.feed(data) is None
    reader.close()
