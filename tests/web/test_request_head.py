"""The head of a request as it came."""

from __future__ import annotations

import socket

from flask import Flask, Response, request

from flowsim.captures.http_file import parse
from flowsim.web.request_head import head_of
from flowsim.web.server import Server

from ..cases import for_each

HEAD = (
    b"POST /a//b?x=%2F&y HTTP/1.1\r\nhOST: h\r\nX-Two: 1\r\nx-two:2\r\nunder_score: 3\r\n"
    b"X-Latin: \xff\r\nContent-Length: 2\r\n\r\n"
)


def echo() -> Flask:
    """An application that answers each request with the head of that request."""
    app = Flask("echo")

    @app.before_request
    def answer() -> Response:
        request.get_data()
        return Response(head_of(request), mimetype="application/octet-stream")

    return app


def asked(*requests: bytes) -> bytes:
    """Return all that our server answers on one connection."""
    with (
        Server(echo(), "127.0.0.1", 0) as server,
        socket.create_connection(("127.0.0.1", server.port)) as connection,
    ):
        for each in requests:
            connection.sendall(each)
        connection.shutdown(socket.SHUT_WR)
        return b"".join(iter(lambda: connection.recv(65536), b""))


def test_our_server_passes_on_every_byte_of_the_head() -> None:
    assert asked(HEAD + b"{}").endswith(b"\r\n\r\n" + HEAD)


def test_each_request_of_a_connection_has_its_own_head() -> None:
    second = HEAD.replace(b"/a//b", b"/second")
    answered = asked(HEAD + b"{}", b"\r\n" + second + b"{}")
    assert (answered.count(HEAD), answered.count(second)) == (1, 1)
    assert answered.endswith(b"\r\n\r\n" + second)


def test_a_malformed_head_is_still_answered_with_400() -> None:
    assert asked(b"POST http://[::1 HTTP/1.1\r\n\r\n").startswith(b"HTTP/1.1 400 ")
    assert asked(b"nothing\r\n\r\n").startswith(b"HTTP/1.1 400 ")


@for_each("target", ["/", "/a/b?x=%2F&y", "/%C3%A9?a%20b", "/a%20b"])
def test_other_servers_pass_on_the_head_that_wsgi_has(target: str) -> None:
    answer = echo().test_client().post(target, headers={"x-a": "é"}, data=b"{}")
    (stored,) = parse(answer.data + b"{}")
    assert (stored.method, stored.target) == ("POST", target)
    assert stored.headers["X-A"].encode("utf-8", "surrogateescape") == "é".encode("latin-1")
