"""Requests in any pieces: each is answered as if it had come at once."""

from __future__ import annotations

import socket
import ssl
from collections.abc import Callable, Iterator
from itertools import pairwise
from typing import BinaryIO

import pytest
from flask import Flask, request
from hypothesis import given, settings
from hypothesis import strategies as st

from flowsim.installation import authority
from flowsim.installation import settings as homes
from flowsim.web.server import Server

BODIES = st.binary(max_size=300) | st.just(b"x" * 70_000) | st.just(b"GET / HTTP/1.1\r\n\r\n")


def application() -> Flask:
    app = Flask("application")

    @app.post("/echo")
    def echo() -> bytes:
        return request.get_data()

    return app


@st.composite
def requests(draw: st.DrawFn) -> tuple[bytes, bytes]:
    """Draw a request and the body that it is answered with."""
    body = draw(BODIES)
    begin = draw(st.sampled_from([b"", b"\r\n"]))
    begin += b"POST /echo HTTP/1.1\r\nHost: localhost\r\n"
    if draw(st.booleans()):
        return begin + b"Content-Length: %d\r\n\r\n" % len(body) + body, body
    cuts = sorted(draw(st.sets(st.integers(0, len(body)), max_size=4)) | {0, len(body)})
    parts = [body[begin:end] for begin, end in pairwise(cuts)]
    chunks = b"".join(b"%x\r\n%s\r\n" % (len(part), part) for part in parts if part)
    return begin + b"Transfer-Encoding: chunked\r\n\r\n" + chunks + b"0\r\n\r\n", body


@pytest.fixture(scope="module", params=["http", "https"])
def client(request: pytest.FixtureRequest) -> Iterator[Callable[[], socket.socket]]:
    """Connect to a server, which has two threads."""
    made = authority.load(homes.authority_folder())
    is_secure = request.param == "https"
    tls = made.server_context() if is_secure else None
    context = ssl.create_default_context(cafile=str(made.certificate))
    with Server(application(), "127.0.0.1", 0, threads=2, tls=tls) as server:

        def connect() -> socket.socket:
            sock = socket.create_connection(("127.0.0.1", server.port), timeout=60)
            sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            return context.wrap_socket(sock, server_hostname="localhost") if is_secure else sock

        yield connect


def answer(file: BinaryIO) -> bytes:
    """Return the body of the next answer."""
    assert file.readline() == b"HTTP/1.1 200 OK\r\n"
    length = 0
    while (line := file.readline()) != b"\r\n":
        name, _, value = line.partition(b":")
        length = int(value) if name.lower() == b"content-length" else length
    return file.read(length)


@settings(max_examples=60)
@given(st.lists(requests(), min_size=1, max_size=4), st.data())
def test_requests_sent_in_any_pieces_are_answered_in_order(
    client: Callable[[], socket.socket], drawn: list[tuple[bytes, bytes]], data: st.DataObject
) -> None:
    """Several may come in one piece, and a head in many; all on one connection."""
    sent = b"".join(each for each, _ in drawn)
    cuts = sorted(data.draw(st.sets(st.integers(0, len(sent)), max_size=12)) | {0, len(sent)})
    with client() as sock, sock.makefile("rb") as file:
        for begin, end in pairwise(cuts):
            sock.sendall(sent[begin:end])
        assert [answer(file) for _ in drawn] == [body for _, body in drawn]
