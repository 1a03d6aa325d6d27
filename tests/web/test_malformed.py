"""What no HTTP client sends: refused with a reason, and the service goes on."""

from __future__ import annotations

import socket
from collections.abc import Iterator

import pytest
import requests

from flowsim.events_service import local_service
from flowsim.events_service.local_service import LocalService, LocalServiceOptions
from flowsim.web.bodies import MOST_BYTES

HEAD = (
    "POST /_flowsim/trigger HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\n"
    "Content-Type: application/json\r\n"
)
CHUNK = b"10000\r\n" + b"x" * 0x10000 + b"\r\n"


@pytest.fixture(scope="module")
def local() -> Iterator[LocalService]:
    with local_service.run(LocalServiceOptions(clock="manual")) as running:
        yield running


def said(local: LocalService, *parts: bytes, ends: bool = True) -> tuple[int, str]:
    """Send bytes, which end by default; return status and body of the response."""
    port = int(local.url.rpartition(":")[2])
    with socket.create_connection(("127.0.0.1", port), timeout=30) as connection:
        answer = b""
        try:
            for part in parts:
                connection.sendall(part)
            if ends:
                connection.shutdown(socket.SHUT_WR)
        except OSError:  # it has answered, and reads no more
            pass
        while received := connection.recv(65536):
            answer += received
    head, _, body = answer.decode("latin-1").partition("\r\n\r\n")
    return int(head.split(" ")[1]), body


@pytest.mark.parametrize(
    ("request_", "status"),
    [
        (b"hello\r\n\r\n", 400),
        (b"GET / HTTP/1.1\r\n\r\n", 400),
        (b"GET / HTTP/9.9\r\nHost: localhost\r\n\r\n", 505),
        (b"G\xffT / HTTP/1.1\r\nHost: localhost\r\n\r\n", 405),
        (b"GET http://[::1 HTTP/1.1\r\nHost: localhost\r\n\r\n", 400),
        (b"GET /healthz HTTP/1.1\r\nHost localhost\r\n\r\n", 400),
        (b"GET /healthz HTTP/1.1\r\nHost: rebound.example\r\nConnection: close\r\n\r\n", 421),
        (f"{HEAD}Content-Length: many\r\n\r\n".encode(), 400),
        (f"{HEAD}Transfer-Encoding: chunked\r\n\r\nxyz\r\n".encode(), 400),
        (f"{HEAD}Transfer-Encoding: chunked\r\n\r\nfffffffffffffffff\r\n".encode(), 400),
        (f"{HEAD}Transfer-Encoding: chunked\r\n\r\nffffffffffffffff\r\nx".encode(), 400),
        (f"{HEAD}X-Long: {'x' * 70_000}\r\n\r\n".encode(), 413),
        (f"{HEAD}Content-Length: 3\r\n\r\n\xff{{}}".encode("latin-1"), 400),
    ],
)
def test_malformed_requests_are_refused(local: LocalService, request_: bytes, status: int) -> None:
    code, reason = said(local, request_)
    assert (code, bool(reason)) == (status, True)
    assert "Traceback" not in reason
    assert requests.get(f"{local.url}/healthz", timeout=30).json() == {"status": "ok"}


@pytest.mark.parametrize(
    ("headers", "reason"),
    [
        ("Content-Length: -1", "Content-Length is not a number of bytes"),
        ("Content-Length: +2", "Content-Length is not a number of bytes"),
        ("Content-Length: 2\r\nContent-length: 3", "More than one Content-Length header"),
        (
            "Transfer-Encoding: chunked\r\nContent-Length: 5",
            "Content-Length beside Transfer-Encoding",
        ),
        ("Content-Length: 2\r\nHost: rebound.example", "More than one Host header"),
        (
            "Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked",
            "More than one Transfer-Encoding header",
        ),
        ("Content-Length : 2", "A space before the colon of a header"),
        ("X-Note: a\r\n  Host: b", "A header that continues in another line"),
    ],
)
def test_an_ambiguous_head_is_refused_before_its_body_is_awaited(
    local: LocalService, headers: str, reason: str
) -> None:
    assert said(local, f"{HEAD}{headers}\r\n\r\n".encode(), ends=False) == (400, reason)


def test_a_body_that_is_too_large_is_refused_before_it_is_read(local: LocalService) -> None:
    code, reason = said(local, f"{HEAD}Content-Length: {2 * MOST_BYTES}\r\n\r\n".encode())
    assert (code, "Request Entity Too Large" in reason) == (413, True)


def test_a_body_without_content_length_is_limited_too(local: LocalService) -> None:
    head = f"{HEAD}Transfer-Encoding: chunked\r\n\r\n".encode()
    code, reason = said(local, head, *[CHUNK] * (MOST_BYTES // 0x10000 + 2), b"0\r\n\r\n")
    assert (code, "Request Entity Too Large" in reason) == (413, True)
