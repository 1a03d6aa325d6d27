"""Requests written to the socket that break the rules of HTTP, read by a socket."""

from __future__ import annotations

import asyncio
import socket
import ssl
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
import trustme

from flowsim.core.outcome import NETWORK, TIMEOUT, TLS, UNEXPECTED, Outcome
from flowsim.core.wire import Wire
from flowsim.delivery import looks, raw_transport
from flowsim.delivery.raw_transport import RawTransport

from ..webhook import Webhook, status

OK = b"HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\nok"
HEADERS = {"content-type": "application/json", "X-Adobe-Event-Id": "e"}
BODY = b'{"a":"' + b"x" * 1000 + b'"}'


@dataclass
class Listener:
    """Reads one connection: until ``enough`` of it came it says nothing, then it answers."""

    enough: Callable[[bytes], bool]
    answer: bytes = OK
    hangs_up: bool = False
    data: bytearray = field(default_factory=bytearray)
    pieces: int = 0
    ended: threading.Event = field(default_factory=threading.Event)

    def __enter__(self) -> Listener:
        self._server = socket.create_server(("127.0.0.1", 0))
        self.url = f"http://127.0.0.1:{self._server.getsockname()[1]}/hook?a=%2F"
        self._thread = threading.Thread(target=self._serve)
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._server.close()
        self._thread.join()

    def _serve(self) -> None:
        connection, _ = self._server.accept()
        with connection:
            connection.settimeout(60)
            answered = False
            try:
                while part := connection.recv(65_536):
                    self.data += part
                    self.pieces += 1
                    if not answered and self.enough(bytes(self.data)):
                        answered = True
                        connection.sendall(self.answer)
                        if self.hangs_up:
                            return
            except OSError:
                return
            self.ended.set()

    @property
    def head(self) -> bytes:
        return bytes(self.data).split(b"\r\n\r\n")[0]

    @property
    def body(self) -> bytes:
        return bytes(self.data).split(b"\r\n\r\n", 1)[1]


def at_least(size: int) -> Callable[[bytes], bool]:
    return lambda data: b"\r\n\r\n" in data and len(data.split(b"\r\n\r\n", 1)[1]) >= size


def send(wire: Wire, url: str, body: bytes = BODY, **options: Any) -> Outcome:
    transport = RawTransport(wire, **{"timeout": 5.0, **options})
    return asyncio.run(transport.send(url, HEADERS, body))


def test_a_plain_request_is_that_of_the_usual_transport() -> None:
    with Listener(at_least(len(BODY))) as listener:
        outcome = send(Wire(1), listener.url)
    assert (outcome.status_code, outcome.body, outcome.problem) == (200, b"ok", "")
    assert listener.head.split(b"\r\n") == [
        b"POST /hook?a=%2F HTTP/1.1",
        b"host: " + listener.url.split("/")[2].encode(),
        b"content-length: 1008",
        b"content-type: application/json",
        b"X-Adobe-Event-Id: e",
    ]
    assert listener.body == BODY
    assert listener.ended.is_set()


def test_chunks_have_no_length_and_an_end() -> None:
    with Listener(lambda data: data.endswith(b"0\r\n\r\n")) as listener:
        assert send(Wire(1, chunked=True), listener.url).status_code == 200
    assert b"content-length" not in listener.head
    assert b"transfer-encoding: chunked" in listener.head
    assert listener.body.startswith(b"fc\r\n")
    assert b"".join(chunks(listener.body)) == BODY


def chunks(data: bytes) -> Iterator[bytes]:
    while data:
        size, _, rest = data.partition(b"\r\n")
        yield rest[: int(size, 16)]
        data = rest[int(size, 16) + 2 :]


@pytest.mark.parametrize("error", [-1, -1000, -5000])
def test_a_wrong_length_is_stated_and_the_whole_body_sent(error: int) -> None:
    with Listener(at_least(len(BODY))) as listener:
        send(Wire(1, length_error=error), listener.url)
    assert b"content-length: %d\r\n" % max(0, 1008 + error) in listener.head
    assert listener.body == BODY


@pytest.mark.parametrize("chunked", [False, True])
def test_a_broken_body_is_followed_by_the_end_of_the_connection(chunked: bool) -> None:
    with Listener(lambda _: False) as listener:
        outcome = send(Wire(1, kept=0.5, chunked=chunked), listener.url)
        assert listener.ended.is_set(), "a retry would have come before that"
    assert outcome.status_code == NETWORK
    assert outcome.problem == "closed in the middle of the body, as a fault says"
    assert b"x" * 498 not in listener.body if chunked else listener.body == BODY[:504]
    assert not listener.body.endswith(b"0\r\n\r\n")


def test_a_webhook_that_ignores_a_broken_body_is_not_waited_for(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(raw_transport, "_NOTICE", 0.01)
    with socket.create_server(("127.0.0.1", 0)) as silent:
        outcome = send(Wire(1, kept=0.5), f"http://127.0.0.1:{silent.getsockname()[1]}/")
    assert outcome.problem == "closed in the middle of the body, as a fault says"


def test_a_fault_that_hangs_up_first_sends_everything_and_waits() -> None:
    """The webhook has done its work: only the sender does not know."""
    with Listener(at_least(len(BODY))) as listener:
        outcome = send(Wire(1, hangs_up=True), listener.url)
    assert listener.body == BODY
    assert outcome.status_code == NETWORK
    assert outcome.problem == "closed before the answer was read, as a fault says"


def test_a_slow_body_comes_in_pieces() -> None:
    with Listener(at_least(len(BODY))) as listener:
        outcome = send(Wire(1, seconds=0.2), listener.url)
    assert outcome.status_code == 200
    assert listener.pieces > 1
    assert listener.body == BODY


def test_a_body_that_is_slower_than_the_limit_is_a_timeout() -> None:
    with Listener(at_least(len(BODY))) as listener:
        outcome = send(Wire(1, seconds=60.0), listener.url, timeout=0.5)
    assert outcome.status_code == TIMEOUT
    assert "within 500ms: " in outcome.problem
    assert len(listener.body) < len(BODY)


def test_an_answer_that_comes_before_the_end_of_the_body_is_taken() -> None:
    with Listener(at_least(1), b"HTTP/1.1 413 No\r\ncontent-length: 0\r\n\r\n") as listener:
        outcome = send(Wire(1, seconds=60.0), listener.url)
    assert outcome.status_code == 413
    assert len(listener.body) < len(BODY)


@pytest.mark.parametrize(
    ("answer", "code"),
    [
        (b"HTTP/1.1 503 No\r\ntransfer-encoding: chunked\r\n\r\n2\r\nno\r\n0\r\n\r\n", 503),
        (b"SSH-2.0-OpenSSH\r\n\r\n", UNEXPECTED),
    ],
)
def test_an_answer_is_read_as_the_usual_transport_reads_it(answer: bytes, code: int) -> None:
    with Listener(at_least(len(BODY)), answer) as listener:
        assert send(Wire(1), listener.url).status_code == code


def test_a_webhook_that_closes_without_an_answer_is_a_network_problem(
    webhook: Webhook, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(looks, "SECONDS", 0.1)  # it does not answer when it is looked at again
    webhook.answers = [lambda _: iter([])]
    outcome = send(Wire(1), webhook.url)
    assert outcome.status_code == NETWORK
    assert "without a complete answer" in outcome.problem


def test_an_answer_without_a_length_ends_with_its_connection() -> None:
    with Listener(at_least(len(BODY)), b"HTTP/1.0 200 OK\r\n\r\nlong", hangs_up=True) as listener:
        outcome = send(Wire(1), listener.url)
    assert (outcome.status_code, outcome.body) == (200, b"long")


def test_a_port_without_a_server_is_a_network_problem() -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:
        port = server.getsockname()[1]
    assert send(Wire(1), f"http://127.0.0.1:{port}/").status_code == NETWORK


def test_a_body_of_two_megabytes_arrives_whole() -> None:
    body = b'"' + b"y" * 2_000_000 + b'"'
    with Listener(lambda data: data.endswith(b"0\r\n\r\n")) as listener:
        assert send(Wire(1, chunked=True), listener.url, body).status_code == 200
    assert b"".join(chunks(listener.body)) == body


@pytest.fixture
def certificate(tmp_path: Path) -> tuple[ssl.SSLContext, Path]:
    """A server's context for 127.0.0.1, and the authority that signed it."""
    authority = trustme.CA()
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    authority.issue_cert("127.0.0.1").configure_cert(context)
    path = tmp_path / "ca.pem"
    authority.cert_pem.write_to_path(str(path))
    return context, path


@pytest.mark.parametrize("wire", [Wire(1), Wire(1, seconds=0.01)])
def test_https_is_written_the_same_way(
    certificate: tuple[ssl.SSLContext, Path], wire: Wire
) -> None:
    context, authority = certificate
    with Webhook(answers=[status(200)], tls=context) as webhook:
        for tls in (ssl.create_default_context(cafile=authority), False):
            assert send(wire, webhook.url, tls=tls).status_code == 200
        assert send(wire, webhook.url, tls=True).status_code == TLS
