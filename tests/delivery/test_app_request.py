"""A request as applications see it that are called without a socket."""

from __future__ import annotations

import io
from dataclasses import replace
from wsgiref.validate import check_environ

from hypothesis import given, settings
from hypothesis import strategies as st

from flowsim.core.header_lines import HeaderLines
from flowsim.core.wire import Wire
from flowsim.delivery.applications import AppRequest
from flowsim.delivery.asgi import asgi_scope
from flowsim.delivery.wsgi import wsgi_environ

from ..cases import for_each

REQUEST = AppRequest(
    "POST",
    "https://testserver/a%20b/%C3%A9//c?x=%2F&y=%C3%A9",
    {"content-type": "application/json; charset=utf-8", "x-adobe-provider": "é"},
    b'{"a":1}',
)


def test_an_environ_is_valid_under_pep_3333() -> None:
    environ = wsgi_environ(REQUEST, io.BytesIO(REQUEST.body), io.StringIO(), multithread=False)
    check_environ(environ)
    assert environ["PATH_INFO"].encode("latin-1").decode() == "/a b/é//c"
    assert environ["QUERY_STRING"] == "x=%2F&y=%C3%A9"
    assert environ["RAW_URI"] == "/a%20b/%C3%A9//c?x=%2F&y=%C3%A9"
    assert (environ["SERVER_NAME"], environ["SERVER_PORT"]) == ("testserver", "443")
    assert environ["wsgi.input"].read() == REQUEST.body


def test_headers_of_an_environ_are_bytes_decoded_as_latin_1() -> None:
    environ = wsgi_environ(REQUEST, io.BytesIO(REQUEST.body), io.StringIO(), multithread=True)
    assert environ["CONTENT_TYPE"] == "application/json; charset=utf-8"
    assert (environ["CONTENT_LENGTH"], environ["HTTP_HOST"]) == ("7", "testserver")
    assert environ["HTTP_X_ADOBE_PROVIDER"].encode("latin-1").decode() == "é"
    assert environ["wsgi.multithread"] is True


def test_header_names_that_differ_in_case_are_joined_in_an_environ() -> None:
    twice = replace(REQUEST, headers={"X-Twice": "1", "x-twice": "2"})
    assert (
        wsgi_environ(twice, io.BytesIO(), io.StringIO(), multithread=False)["HTTP_X_TWICE"] == "1,2"
    )


def test_a_scope_has_path_and_headers_as_they_came() -> None:
    state = {"database": object()}
    scope = asgi_scope(replace(REQUEST, url="http://host:8080/a%20b?x=%2F"), state)
    assert (scope["path"], scope["raw_path"], scope["query_string"]) == (
        "/a b",
        b"/a%20b",
        b"x=%2F",
    )
    assert (scope["scheme"], scope["server"]) == ("http", ("host", 8080))
    assert scope["headers"][:2] == [[b"host", b"host:8080"], [b"content-length", b"7"]]
    assert [b"x-adobe-provider", "é".encode()] in scope["headers"]
    assert scope["state"] == state
    assert scope["state"] is not state


def test_a_get_states_no_length_and_an_empty_path_is_a_slash() -> None:
    get = AppRequest("GET", "https://testserver?challenge=x", {}, b"")
    environ = wsgi_environ(get, io.BytesIO(), io.StringIO(), multithread=False)
    assert (environ["PATH_INFO"], environ["QUERY_STRING"]) == ("/", "challenge=x")
    assert "CONTENT_LENGTH" not in environ
    assert asgi_scope(get, {})["headers"] == [[b"host", b"testserver"]]


@for_each(
    ("wire", "length", "read"),
    [
        (Wire(1), b"7", [b'{"a":1}']),
        (Wire(1, length_error=-2), b"5", [b'{"a":']),
        (Wire(1, length_error=-100), b"0", []),
        (Wire(1, kept=0.5), b"7", [b'{"a']),
        (Wire(1, seconds=1), b"7", [bytes([each]) for each in b'{"a":1}']),
        (Wire(1, chunked=True), None, [b'{"', b'a"', b":1", b"}"]),
    ],
)
def test_an_application_gets_the_body_that_a_wire_fault_leaves(
    wire: Wire, length: bytes | None, read: list[bytes]
) -> None:
    request = replace(REQUEST, wire=wire)
    headers = dict(request.raw_headers())
    assert headers.get(b"content-length") == length
    assert (b"transfer-encoding" in headers) == wire.chunked
    assert request.body_parts() == read


def test_captured_headers_come_as_they_were() -> None:
    lines = HeaderLines([("X-A", "1"), ("x-a", "\udcff")])
    request = replace(REQUEST, headers=lines)
    environ = wsgi_environ(request, io.BytesIO(), io.StringIO(), multithread=False)
    assert environ["HTTP_X_A"] == "1,\xff"
    assert asgi_scope(request, {})["headers"][2:] == [[b"x-a", b"1"], [b"x-a", b"\xff"]]


@settings(max_examples=50)
@given(st.text(st.characters(codec="utf-8", exclude_categories=["C"]), max_size=20))
def test_any_header_value_reaches_wsgi_and_asgi(value: str) -> None:
    request = replace(REQUEST, headers={"x-value": value})
    environ = wsgi_environ(request, io.BytesIO(), io.StringIO(), multithread=False)
    assert environ["HTTP_X_VALUE"].encode("latin-1") == value.encode()
    assert [b"x-value", value.encode()] in asgi_scope(request, {})["headers"]
