"""Requests that are left without an answer, and those that a server answers by itself."""

from __future__ import annotations

import contextlib
import socket
import threading
from collections.abc import Iterator
from dataclasses import dataclass, field

import pytest

from flowsim.receiver.answers import parse
from flowsim.receiver.application import create
from flowsim.receiver.stub import Answered, Received, ReceiverOptions, ReceivingStub
from flowsim.web.client_socket import Limits
from flowsim.web.request_head import Refusal
from flowsim.web.server import Server

from ..cases import for_each

POST = b"POST /hook HTTP/1.1\r\nHost: testserver\r\nContent-Length: 2\r\n\r\n{}"


@dataclass
class Reports:
    """What a receiver and its server have reported, and how to wait for it."""

    port: int = 0
    received: list[Received] = field(default_factory=list)
    answered: list[Answered] = field(default_factory=list)
    refused: list[Refusal] = field(default_factory=list)
    changed: threading.Semaphore = field(default_factory=lambda: threading.Semaphore(0))

    def take(self, each: Received | Answered | Refusal) -> None:
        kinds = {Received: self.received, Answered: self.answered, Refusal: self.refused}
        kinds[type(each)].append(each)  # type: ignore[attr-defined]
        self.changed.release()

    def connect(self) -> socket.socket:
        return socket.create_connection(("127.0.0.1", self.port), timeout=30)


@contextlib.contextmanager
def running(respond: str = "200", limits: Limits | None = None) -> Iterator[Reports]:
    reports = Reports()
    options = ReceiverOptions(
        codes=parse(respond), on_received=reports.take, on_answered=reports.take
    )

    def no_key(path: str) -> bytes:
        raise LookupError(path)

    app = create(ReceivingStub(no_key, options))  # type: ignore[arg-type]
    with Server(app, "127.0.0.1", 0, 4, None, limits or Limits(), reports.take) as server:
        reports.port = server.port
        yield reports


def test_a_closed_connection_ends_without_a_byte() -> None:
    with running("close") as reports, reports.connect() as client:
        client.sendall(POST)
        assert client.recv(1) == b""
    assert [each.answered for each in reports.received] == ["close"]


def test_a_reset_connection_is_reset() -> None:
    with running("reset") as reports, reports.connect() as client:
        client.sendall(POST)
        with pytest.raises(ConnectionResetError):
            client.recv(1)


def test_a_timeout_lasts_until_the_client_gives_up() -> None:
    """The client that waits sees nothing; its thread is free again when it has left."""
    with running("timeout*4,200") as reports, contextlib.ExitStack() as stack:
        clients = [stack.enter_context(reports.connect()) for _ in range(4)]
        for client in clients:
            client.sendall(POST)
            assert reports.changed.acquire(timeout=30)
        clients[0].settimeout(0.05)
        with pytest.raises(TimeoutError):
            clients[0].recv(1)
        for client in clients:
            client.close()
        with reports.connect() as client:
            client.sendall(POST)
            assert client.recv(12) == b"HTTP/1.1 200"


def test_a_server_closes_while_a_request_waits_without_response() -> None:
    with running("timeout") as reports:
        client = reports.connect()
        client.sendall(POST)
        assert reports.changed.acquire(timeout=30)
    assert client.recv(1) == b""
    client.close()


def test_a_request_without_a_connection_cannot_be_left_silent() -> None:
    app = create(ReceivingStub(lambda _: b"", ReceiverOptions(codes=parse("reset"))))  # type: ignore[arg-type,return-value]
    assert app.test_client().post("/hook", data=b"{}").status_code == 501


REFUSED = [
    (
        b"\x16\x03\x01\x02\x00\x01",  # no line ends in it
        Refusal(400, "a TLS handshake on a port for plain HTTP: use http://"),
    ),
    (b"nonsense\r\n\r\n", Refusal(400, "Malformed Request-Line", "nonsense")),
    (
        b"GET / HTTP/1.1\r\nX: " + b"x" * 70_000,
        Refusal(413, "the head of the request is longer than 64 kB", "GET / HTTP/1.1"),
    ),
    (
        b"POST / HTTP/1.1\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\n",
        Refusal(400, "More than one Content-Length header", "POST / HTTP/1.1"),
    ),
]


@for_each(("sent", "refusal"), REFUSED)
def test_a_refusal_by_the_server_is_reported_with_its_limit(sent: bytes, refusal: Refusal) -> None:
    with running() as reports, reports.connect() as client:
        client.sendall(sent)
        assert client.recv(12).endswith(str(refusal.status_code).encode())
        assert reports.changed.acquire(timeout=30)
    assert reports.refused == [refusal]


def test_an_incomplete_request_is_reported_too() -> None:
    with running(limits=Limits(head=0.05)) as reports, reports.connect() as client:
        client.sendall(b"POST /late HTTP/1.1\r\nHost: x")
        assert client.recv(12) == b"HTTP/1.1 408"
        assert reports.changed.acquire(timeout=30)
    reason = "the rest of it did not arrive within 0.05 seconds"
    assert reports.refused == [Refusal(408, reason, "POST /late HTTP/1.1")]
