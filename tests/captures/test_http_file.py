"""HTTP requests in files."""

from __future__ import annotations

import contextlib
import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from flowsim.captures.capture import Flaw
from flowsim.captures.http_file import StoredRequest, parse, store
from flowsim.core.wire import Wire, raw_request

from ..cases import for_each

HEAD = b"POST /hook?a=%2F HTTP/1.1\r\nHost: h\r\nX-One: 1\r\n"


CHUNKED = b"transfer-encoding: chunked\r\n\r\n"


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


def test_trailers_are_skipped() -> None:
    first, second = parse(HEAD + CHUNKED + b"1\r\na\r\n0\r\nx-sum: 1\r\n\r\n" + HEAD + b"\r\n")
    assert (first.body, first.flaw, second.body) == (b"a", None, b"")


# Bodies that are not what the head announces


@for_each(
    ("rest", "body", "flaw"),
    [
        (b"content-length: 3\r\n\r\nab", b"ab", Flaw(1)),
        (b"content-length: 3\r\n\r\n", b"", Flaw(3)),
        (b"content-length: 3\r\n\r\na\n", b"a\n", Flaw(1)),
        (b"content-length: 1\r\n\r\nabc", b"abc", Flaw(-2)),
        (b"content-length: 1\r\n\r\nabc\n", b"abc", Flaw(-2)),
        (CHUNKED, b"", Flaw(is_open=True)),
        (CHUNKED + b"2\r\nab\r\n", b"ab", Flaw(is_open=True)),
        (CHUNKED + b"2\r\nab\r\n1", b"ab", Flaw(is_open=True)),
        (CHUNKED + b"2\r\nab\r\n9\r\ncd", b"abcd", Flaw(is_open=True)),
    ],
)
def test_a_body_may_be_shorter_or_longer_than_its_head_says(
    rest: bytes, body: bytes, flaw: Flaw
) -> None:
    request = only(HEAD + rest)
    assert (request.body, request.flaw) == (body, flaw)
    assert flaw.breaks_off is (b"content-length: 1" not in rest)


@pytest.mark.parametrize("rest", [b"content-length: 9\r\n\r\nab", CHUNKED + b"2\r\nab\r\n"])
def test_a_body_that_breaks_off_ends_where_the_next_request_begins(rest: bytes) -> None:
    first, second = parse(HEAD + rest + b"\n" + HEAD + b"content-length: 1\r\n\r\nc")
    assert first.flaw is not None
    assert first.flaw.breaks_off
    assert (first.body, second.body, second.flaw) == (b"ab", b"c", None)


WIRES = st.builds(
    Wire,
    attempt=st.just(1),
    chunked=st.booleans(),
    length_error=st.integers(-9, 9),
    kept=st.sampled_from([0.0, 0.3, 1.0]),
)


@given(WIRES, st.binary(min_size=10, max_size=40).map(lambda raw: raw.hex().encode()))
def test_requests_changed_by_wire_faults_are_stored_and_read_unchanged(
    wire: Wire, body: bytes
) -> None:
    def written(body: bytes, wire: Wire) -> bytes:
        return raw_request("http://host/hook", {"x": "1"}, body, wire)

    found = only(written(body, wire))
    flaw = found.flaw or Flaw()
    again = Wire(1, wire.chunked, flaw.length_error, breaks_off=flaw.breaks_off)
    rewritten = written(found.body, again)
    assert body.startswith(found.body)
    assert only(rewritten) == found
    assert wire.chunked or rewritten == written(body, wire)
    assert not wire.chunked or flaw.breaks_off is wire.is_cut


@for_each("name", ["x odd", "x@y()", "x-\xc3\xa4", ""])
def test_every_allowed_header_name_can_be_stored_and_read(name: str) -> None:
    line = f"{name}: 1\r\n".encode("latin-1")
    for rest in (b"content-length: 2\r\n\r\n", CHUNKED):
        request = only(store(HEAD + line + rest, b"{}"))
        assert (request.body, [*request.headers.values()][2]) == (b"{}", "1")


@pytest.mark.parametrize("line", [b"POST /a\tb HTTP/1.1", b"POST /a HTTP/1.0 "])
def test_every_allowed_request_line_is_read(line: bytes) -> None:
    assert only(line + b"\r\n\r\n").method == "POST"


# Mistakes


@for_each(
    ("raw", "message"),
    [
        (b"hello", "line 1: 'hello'; expected a request line such as POST /hook HTTP/1.1"),
        (b"POST http://host/", "line 1: 'POST http://host/'; expected a request line"),
        (b"\n\npost / HTTP/1.1\n", "line 3: 'post / HTTP/1.1'; expected"),
        (HEAD + b"no header\r\n\r\n", "line 4: 'no header'; expected a header such as"),
        (HEAD + b" folded\r\n\r\n", "line 4: ' folded'; expected a header"),
        (HEAD + b"content-length: x\r\n\r\n", "content-length: 'x'; expected a number of bytes"),
        (HEAD + b"content-length: 1\r\n\r\na\nb", "line 7: 'b'; expected a request line"),
        (HEAD + b"a\rb: 1\r\n\r\n", r"line 4: 'a\rb: 1'; expected a header"),
        (HEAD + b"transfer-encoding: chunked\r\n\r\nxyz\r\n", "'xyz'; expected the length of"),
        (HEAD + CHUNKED + b"0\r\n" + HEAD, "line 7: 'POST /hook?a=%2F HTTP/1.1'; expected an"),
        (b"\xff\x1b[31m" * 90, r"line 1: '\xff\x1b[31m"),
    ],
)
def test_text_that_is_no_request_is_refused_with_its_line(raw: bytes, message: str) -> None:
    with pytest.raises(ValueError, match=re.escape(message)) as caught:
        list(parse(raw))
    assert str(caught.value).isprintable()
    assert str(caught.value).startswith("line ")


@given(st.binary(max_size=60).map(lambda rest: HEAD + rest))
def test_any_file_is_read_or_refused(raw: bytes) -> None:
    with contextlib.suppress(ValueError):
        assert list(parse(raw))


def test_a_value_with_many_spaces_is_read_in_linear_time() -> None:
    """A regular expression that tries every end of the value takes minutes for such a line."""
    value = "x" + " " * 200_000 + "y"
    ((_, found),) = only(f"POST / HTTP/1.1\r\na: {value} \r\n\r\n".encode()).headers.lines
    assert found == value
