"""The server on a real socket."""

from __future__ import annotations

import errno
import os
import socket
import time
from collections.abc import Iterator

import pytest
from flask import Flask, Response

from flowsim.errors import ExhaustedError
from flowsim.web.server import Server, listening_error


def create() -> Flask:
    app = Flask(__name__)

    @app.get("/whole")
    def whole() -> str:
        return "answer"

    @app.get("/empty")
    def empty() -> tuple[str, int]:
        return "", 204

    @app.get("/slow")
    def slow() -> Response:
        def parts() -> Iterator[str]:
            yield "first"
            time.sleep(0.2)
            yield "second"

        return Response(parts())

    return app


@pytest.mark.parametrize(
    ("path", "begin"),
    [("/whole", b"\r\n\r\nanswer"), ("/empty", b"\r\n\r\n"), ("/slow", b"first\r\n")],
)
def test_head_and_body_of_a_response_come_in_one_segment(path: str, begin: bytes) -> None:
    """A client waits once for a short answer, and does not wait for the rest of a long one."""
    with (
        Server(create(), "127.0.0.1", 0) as server,
        socket.create_connection(("127.0.0.1", server.port), timeout=30) as client,
    ):
        for _ in range(3):
            client.sendall(f"GET {path} HTTP/1.1\r\nhost: here\r\n\r\n".encode())
            assert client.recv(65_536).endswith(begin)
            rest = b"" if path != "/slow" else client.recv(65_536)
            while rest and not rest.endswith(b"0\r\n\r\n"):
                rest += client.recv(65_536)


def test_a_client_that_sends_without_end_leaves_threads_to_others() -> None:
    """Its requests come without a pause, and there is one thread for both."""
    request, number = b"GET /whole HTTP/1.1\r\nhost: here\r\n\r\n", 200
    with (
        Server(create(), "127.0.0.1", 0, threads=1) as server,
        socket.create_connection(("127.0.0.1", server.port), timeout=30) as busy,
        socket.create_connection(("127.0.0.1", server.port), timeout=30) as other,
    ):
        busy.sendall(request * number)
        other.sendall(request)
        assert other.recv(65_536).endswith(b"answer")
        answers = b""
        while answers.count(b"answer") < number:
            answers += busy.recv(65_536)
        assert answers.count(b"200 OK") == number


@pytest.mark.parametrize("number", [errno.EMFILE, errno.ENFILE, errno.ENOMEM])
def test_listening_errors_name_the_missing_resource_and_the_limit_to_raise(
    number: int,
) -> None:
    lack = listening_error("127.0.0.1:4010", OSError(number, os.strerror(number)))
    assert isinstance(lack, ExhaustedError)
    assert "allow flowsim more (ulimit" in str(lack)
    taken = listening_error(
        "127.0.0.1:4010", OSError(errno.EADDRINUSE, os.strerror(errno.EADDRINUSE))
    )
    assert str(taken) == "cannot listen on 127.0.0.1:4010: address already in use"
