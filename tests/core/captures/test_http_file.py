"""Requests as files hold them."""

from __future__ import annotations

import contextlib
import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from flowsim.core.captures.http_file import StoredRequest, parse, store

HEAD = b"POST /hook?a=%2F HTTP/1.1\r\nHost: h\r\nX-One: 1\r\n"


def only(raw: bytes) -> StoredRequest:
    (request,) = parse(raw)
    return request


@given(st.binary(max_size=40))
def test_any_body_is_read_exactly_as_it_is_stored(body: bytes) -> None:
    stated = HEAD + b"Content-Length: %d\r\n\r\n" % len(body)
    chunked = HEAD + b"Transfer-Encoding: Chunked\r\n\r\n"
    for head in (stated, chunked, HEAD + b"\r\n"):
        assert only(store(head, body)).body == body


def test_the_head_is_read_in_its_order_and_case() -> None:
    request = only(HEAD + b"x-one:2 \r\nX-Empty:\r\n\r\n{}")
    assert (request.method, request.target, request.body) == ("POST", "/hook?a=%2F", b"{}")
    assert request.headers.lines == (("Host", "h"), ("X-One", "1"), ("x-one", "2"), ("X-Empty", ""))


def test_bytes_that_are_no_text_survive() -> None:
    ((_, value),) = only(b"POST / HTTP/1.1\r\nx: \xff\xc3\xa9\r\n\r\n").headers.lines
    assert value.encode("utf-8", "surrogateescape") == b"\xff\xc3\xa9"


def test_lines_may_end_as_editors_end_them() -> None:
    request = only(b"\nPOST / HTTP/1.1\nContent-Length: 2\n\n{}\n")
    assert (request.target, request.headers["content-length"], request.body) == ("/", "2", b"{}")


def test_several_requests_may_follow_one_another() -> None:
    one = b"POST /%d HTTP/1.1\r\ncontent-length: 2\r\n\r\n{}"
    last = b"POST /3 HTTP/2\r\n\r\nto the\r\nend\n"
    found = list(parse(one % 1 + one % 2 + b"\n" + last))
    assert [(each.target, each.body) for each in found] == [
        ("/1", b"{}"),
        ("/2", b"{}"),
        ("/3", b"to the\r\nend\n"),
    ]


def test_a_chunked_body_is_put_together() -> None:
    chunks = b"3;name=value\r\nabc\r\n1\r\nd\r\n0\r\n\r\n"
    first, second = parse(HEAD + b"transfer-encoding: chunked\r\n\r\n" + chunks + HEAD + b"\r\n")
    assert (first.body, second.body) == (b"abcd", b"")


@pytest.mark.parametrize(
    ("raw", "message"),
    [
        (b"hello", "line 1: 'hello'; expected a request line such as POST /hook HTTP/1.1"),
        (b"POST http://host/", "line 1: 'POST http://host/'; expected a request line"),
        (b"\n\npost / HTTP/1.1\n", "line 3: 'post / HTTP/1.1'; expected"),
        (HEAD + b"no header\r\n\r\n", "line 4: 'no header'; expected a header such as"),
        (HEAD + b" folded\r\n\r\n", "line 4: ' folded'; expected a header"),
        (HEAD + b"content-length: 3\r\n\r\nab", "2 bytes; expected 3 bytes, as the head says"),
        (HEAD + b"content-length: x\r\n\r\n", "content-length: 'x'; expected a number of bytes"),
        (HEAD + b"content-length: 1\r\n\r\nab", "line 6: 'b'; expected a request line"),
        (HEAD + b"transfer-encoding: chunked\r\n\r\nxyz\r\n", "'xyz'; expected the length of"),
        (HEAD + b"transfer-encoding: chunked\r\n\r\n5\r\nab", "2 bytes; expected 5 bytes"),
        (HEAD + b"transfer-encoding: chunked\r\n\r\n1\r\na\r\n", "''; expected the length of"),
        (b"\xff\x1b[31m" * 90, r"line 1: '\xff\x1b[31m"),
    ],
)
def test_what_is_no_request_is_refused_with_its_line(raw: bytes, message: str) -> None:
    with pytest.raises(ValueError, match=re.escape(message)) as caught:
        list(parse(raw))
    assert str(caught.value).isprintable()
    assert str(caught.value).startswith("line ")


@given(st.binary(max_size=60).map(lambda rest: HEAD + rest))
def test_any_file_is_read_or_refused(raw: bytes) -> None:
    with contextlib.suppress(ValueError):
        assert list(parse(raw))


def test_a_value_with_many_spaces_in_it_is_read_without_looking_back_at_each() -> None:
    """A pattern that tries every end of the value takes minutes for such a line."""
    value = "x" + " " * 200_000 + "y"
    ((_, found),) = only(f"POST / HTTP/1.1\r\na: {value} \r\n\r\n".encode()).headers.lines
    assert found == value
