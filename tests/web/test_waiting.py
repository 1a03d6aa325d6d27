"""Clients that say nothing, half of something, or too much: they cost the others nothing."""

from __future__ import annotations

import contextlib
import gc
import select
import socket
import ssl
import threading
from collections.abc import Callable, Iterator

import pytest
import requests
from flask import Flask, request

from flowsim.installation import authority, settings
from flowsim.web.client_socket import Limits
from flowsim.web.connection import ClientConnection
from flowsim.web.server import Server

from ..events_service.running import until

MANY = 200
THREADS = 4
HEAD = b"POST /length HTTP/1.1\r\nHost: here\r\nContent-Length: %d\r\n\r\n"
ASK = b"GET /hello HTTP/1.1\r\nHost: here\r\n\r\n"
LARGE = 300_000

SHORT = Limits(idle=0.2, head=0.2, transfer=0.2, drain=0.2)
NEVER = Limits(idle=3600, head=3600, transfer=3600)


class Held:
    """A handler that answers once it is let go."""

    def __init__(self) -> None:
        self.begun, self.go = threading.Semaphore(0), threading.Event()


def application(held: Held | None = None) -> Flask:
    app = Flask("application")
    app.add_url_rule("/hello", "hello", lambda: "hello")
    app.add_url_rule("/unread", "unread", lambda: "unread", methods=["POST"])
    app.add_url_rule("/large", "large", lambda: "x" * 30_000_000)

    @app.post("/length")
    def length() -> str:
        return str(len(request.get_data()))

    @app.get("/held")
    def wait() -> str:
        assert held is not None
        held.begun.release()
        held.go.wait(60)
        return "let go"

    return app


@pytest.fixture
def port() -> Iterator[int]:
    """The port of a server that waits for its clients for an hour."""
    with Server(application(), "127.0.0.1", 0, threads=THREADS, limits=NEVER) as server:
        yield server.port


@pytest.fixture
def impatient() -> Iterator[int]:
    """The port of a server that waits a fifth of a second."""
    with Server(application(), "127.0.0.1", 0, threads=THREADS, limits=SHORT) as server:
        yield server.port


@pytest.fixture
def connect() -> Iterator[Callable[..., socket.socket]]:
    """Open a connection and send something; all are closed at the end."""
    with contextlib.ExitStack() as stack:

        def opened(port: int, *sent: bytes) -> socket.socket:
            sock = socket.create_connection(("127.0.0.1", port), timeout=60)
            stack.enter_context(sock)
            for each in sent:
                sock.sendall(each)
            return sock

        yield opened


def everything(sock: socket.socket) -> bytes:
    """Return what comes until the server ends the connection."""
    return b"".join(iter(lambda: sock.recv(65_536), b""))


@pytest.mark.parametrize(
    "sent",
    [
        b"",
        b"\r\n",
        b"G",
        b"GET /hello HTTP/1.1\r\nHost: here\r\n",
        HEAD % 10,
        HEAD % 10 + b"123",
        b"POST /length HTTP/1.1\r\nHost: here\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nab",
        HEAD % LARGE + b"x" * 100_000,
        b"POST /length HTTP/1.1\r\nHost: h\r\nExpect: 100-continue\r\nContent-Length: 9\r\n\r\n",
    ],
    ids=[
        "nothing",
        "a line end",
        "a letter",
        "half a head",
        "no body",
        "half a small body",
        "half a chunk",
        "half a large body",
        "a body that waits to be asked for",
    ],
)
def test_clients_that_stop_in_mid_request_take_no_threads(
    port: int, connect: Callable[..., socket.socket], sent: bytes
) -> None:
    for _ in range(MANY // 2):
        connect(port, sent)
    assert requests.get(f"http://127.0.0.1:{port}/hello", timeout=60).text == "hello"
    assert requests.post(f"http://127.0.0.1:{port}/length", b"12345", timeout=60).text == "5"


def test_a_large_body_is_read_beside_bodies_that_never_end(
    port: int, connect: Callable[..., socket.socket]
) -> None:
    """One of the places for bodies that come slowly is free."""
    for _ in range(THREADS // 2 - 1):
        connect(port, HEAD % LARGE, b"x" * 100_000)
    answer = requests.post(f"http://127.0.0.1:{port}/length", b"x" * LARGE, timeout=60)
    assert answer.text == str(LARGE)


def test_a_body_that_waits_for_a_place_is_read_later(
    port: int, connect: Callable[..., socket.socket]
) -> None:
    slow = [connect(port, HEAD % LARGE, b"x" * 100_000) for _ in range(2 * THREADS)]
    for each in slow:
        each.sendall(b"x" * (LARGE - 100_000))
    for each in slow:
        assert each.recv(65_536).endswith(str(LARGE).encode())


@pytest.mark.slow
def test_clients_that_do_not_read_responses_leave_threads_to_others(
    impatient: int, connect: Callable[..., socket.socket]
) -> None:
    for _ in range(2 * THREADS):
        connect(impatient, ASK.replace(b"/hello", b"/large"))
    assert requests.get(f"http://127.0.0.1:{impatient}/hello", timeout=60).text == "hello"


def test_clients_without_a_handshake_take_no_threads(
    connect: Callable[..., socket.socket],
) -> None:
    made = authority.load(settings.authority_folder())
    client = ssl.create_default_context(cafile=str(made.certificate))
    app, context = application(), made.server_context()
    with Server(app, "127.0.0.1", 0, threads=THREADS, tls=context, limits=NEVER) as server:
        for sent in (b"", b"\x16\x03\x01"):
            for _ in range(MANY // 4):
                connect(server.port, sent)
        with client.wrap_socket(connect(server.port), server_hostname="localhost") as sock:
            sock.sendall(ASK)
            assert sock.recv(65_536).endswith(b"hello")


def test_an_idle_connection_is_closed_without_a_response(
    impatient: int, connect: Callable[..., socket.socket]
) -> None:
    assert everything(connect(impatient)) == b""


@pytest.mark.parametrize("sent", [b"GET /hel", HEAD % 10 + b"123"])
def test_an_incomplete_request_is_answered_with_408(
    impatient: int, connect: Callable[..., socket.socket], sent: bytes
) -> None:
    assert everything(connect(impatient, sent)).startswith(b"HTTP/1.1 408 Request Timeout\r\n")


def test_an_incomplete_large_body_is_answered_with_408(
    impatient: int, connect: Callable[..., socket.socket]
) -> None:
    answer = everything(connect(impatient, HEAD % LARGE, b"x" * 100_000))
    assert answer.startswith(b"HTTP/1.1 408 ")
    assert b"the rest of it did not arrive within 0.2 seconds" in answer


def test_a_connection_is_kept_for_request_after_request(
    impatient: int, connect: Callable[..., socket.socket]
) -> None:
    """A body that comes in chunks ends with its last trailer, and the next request follows it."""
    chunks = b"3\r\nabc\r\n2;note=x\r\nde\r\n0\r\nX-Trailer: 1\r\n\r\n"
    chunked = b"POST /length HTTP/1.1\r\nHost: here\r\nTransfer-Encoding: chunked\r\n\r\n"
    sock = connect(impatient)
    for sent, answer in ((HEAD % 2 + b"ab", b"2"), (chunked + chunks, b"5"), (ASK, b"hello")) * 2:
        sock.sendall(sent)
        assert sock.recv(65_536).endswith(b"\r\n\r\n" + answer)


@pytest.mark.parametrize("way", [b"Content-Length: 9", b"Transfer-Encoding: chunked"])
def test_an_unread_body_is_not_taken_for_another_request(
    port: int, connect: Callable[..., socket.socket], way: bytes
) -> None:
    """What the application does not read ends the connection: a request may be hidden in it."""
    head = b"POST /unread HTTP/1.1\r\nHost: here\r\nExpect: 100-continue\r\n" + way + b"\r\n\r\n"
    sock = connect(port, head)
    assert b"unread" in sock.recv(65_536) + sock.recv(65_536)
    sock.sendall(b"5\r\n" + ASK)
    assert everything(sock) == b""


def test_a_client_that_is_refused_while_it_sends_gets_the_response(
    port: int, connect: Callable[..., socket.socket]
) -> None:
    """A connection that is closed with something unread is reset, and the answer lost."""
    sock = connect(port, b"POST /length HTTP/1.1\r\nHost: a\r\nHost: b\r\nContent-Length: 9")
    sock.sendall(b"999999\r\n\r\n" + b"x" * 2_000_000)
    assert everything(sock).startswith(b"HTTP/1.1 400 ")


def test_closing_a_server_waits_for_no_handler_and_no_client(
    connect: Callable[..., socket.socket],
) -> None:
    """Both handlers are still at work when the server is closed."""
    held = Held()
    server = Server(application(held), "127.0.0.1", 0, threads=THREADS, limits=NEVER)
    for sent in (b"", HEAD % LARGE, ASK[:10]):
        for _ in range(MANY // 4):
            connect(server.port, sent)
    busy = [connect(server.port, ASK.replace(b"/hello", b"/held")) for _ in range(2)]
    for _ in busy:
        assert held.begun.acquire(timeout=60)
    server.close()
    assert not held.go.is_set()
    assert [everything(each) for each in busy] == [b"", b""]
    with pytest.raises(ConnectionRefusedError):
        connect(server.port)
    held.go.set()


def test_a_server_can_be_closed_right_after_its_start() -> None:
    for _ in range(20):
        Server(application(), "127.0.0.1", 0, threads=1).close()


def test_the_longest_idle_connection_is_closed_for_a_new_one(
    connect: Callable[..., socket.socket], allow_files: Callable[[int], None]
) -> None:
    """A quarter of the files that may be open is for connections; more come than that."""
    import resource

    allow_files(3 * MANY)
    allowed, _ = resource.getrlimit(resource.RLIMIT_NOFILE)
    with Server(application(), "127.0.0.1", 0, threads=THREADS, limits=NEVER) as server:
        silent = [connect(server.port) for _ in range(allowed // 4)]
        asking = [connect(server.port, ASK) for _ in range(3)]
        assert [each.recv(65_536)[-5:] for each in asking] == [b"hello"] * 3
        assert everything(silent[0]) == b""
        silent[-1].sendall(ASK)
        assert silent[-1].recv(65_536).endswith(b"hello")


def test_without_free_files_an_idle_connection_is_closed_for_a_new_one(
    connect: Callable[..., socket.socket], allow_files: Callable[[int], None]
) -> None:
    with Server(application(), "127.0.0.1", 0, threads=THREADS, limits=NEVER) as server:
        silent = [connect(server.port, b"G") for _ in range(3)]
        connect(server.port, ASK).recv(65_536)  # all before it are accepted
        allow_files(1)
        assert connect(server.port, ASK).recv(65_536).endswith(b"hello")
    assert b"" in [everything(each) for each in silent]


def test_a_connection_that_cannot_be_accepted_now_is_accepted_later(
    connect: Callable[..., socket.socket], allow_files: Callable[[int], None]
) -> None:
    with Server(application(), "127.0.0.1", 0, threads=THREADS, limits=NEVER) as server:
        spare = socket.socket()
        allow_files(1)
        asking = connect(server.port, ASK)
        assert not select.select([asking], [], [], 0.5)[0]
        spare.close()
        assert asking.recv(65_536).endswith(b"hello")


def test_a_closed_connection_is_freed_without_the_garbage_collector(
    port: int, connect: Callable[..., socket.socket]
) -> None:
    """A service that gets a connection for each event would hold all of them for minutes."""

    def connections() -> int:
        return sum(issubclass(type(each), ClientConnection) for each in gc.get_objects())

    gc.collect()
    before = connections()
    gc.disable()
    try:
        for sent in (ASK, HEAD % 2 + b"ab", HEAD % 2, b"no request\r\n\r\n"):
            sock = connect(port, sent)
            sock.shutdown(socket.SHUT_WR)
            everything(sock)
            sock.close()
        until(lambda: connections() <= before)
    finally:
        gc.enable()
