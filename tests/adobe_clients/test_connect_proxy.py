"""The proxy allows only tunnels to the service, and passes on all bytes unchanged."""

from __future__ import annotations

import contextlib
import socket
import threading
from collections.abc import Iterator

import pytest
from hypothesis import given
from hypothesis import strategies as st

from flowsim.adobe_clients.connect_proxy import ConnectProxy, refusal, target_of
from flowsim.core.adobe_hosts import ALL
from flowsim.errors import SettingError

from ..cases import for_each

CONNECT = b"CONNECT api.adobe.io:443 HTTP/1.1\r\nhost: api.adobe.io:443\r\n\r\n"
GRANTED = b"HTTP/1.1 200 Connection established\r\n\r\n"


def echo(server: socket.socket) -> None:
    """Send back all that each connection sends, to its end."""
    with contextlib.suppress(OSError):
        while True:
            connection, _ = server.accept()
            threading.Thread(target=answer, args=[connection], daemon=True).start()


def answer(connection: socket.socket) -> None:
    with connection, contextlib.suppress(OSError):
        while part := connection.recv(65536):
            connection.sendall(part)


@pytest.fixture
def service() -> Iterator[int]:
    """The port of what stands in for the service: it returns the bytes that it gets."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        threading.Thread(target=echo, args=[server], daemon=True).start()
        yield server.getsockname()[1]
        server.shutdown(socket.SHUT_RDWR)


@pytest.fixture
def proxy(service: int) -> Iterator[ConnectProxy]:
    with ConnectProxy("127.0.0.1", 0, service) as running:
        yield running


def connect(proxy: ConnectProxy, first: bytes = b"") -> socket.socket:
    client = socket.create_connection(("127.0.0.1", proxy.port), timeout=20)
    client.sendall(first)
    return client


def read_all(client: socket.socket) -> bytes:
    """Return everything to the end of the connection."""
    return b"".join(iter(lambda: client.recv(65536), b""))


def test_bytes_pass_in_both_directions_until_both_sides_have_ended(proxy: ConnectProxy) -> None:
    sent = bytes(range(256)) * 20_000
    with connect(proxy, CONNECT) as client:
        assert client.recv(len(GRANTED)) == GRANTED
        threading.Thread(
            target=lambda: (client.sendall(sent), client.shutdown(socket.SHUT_WR))
        ).start()
        assert read_all(client) == sent


def test_bytes_right_after_the_request_are_passed_on(proxy: ConnectProxy) -> None:
    """Some clients do not wait for the answer."""
    with connect(proxy, CONNECT + b"hello") as client:
        client.shutdown(socket.SHUT_WR)
        assert read_all(client) == GRANTED + b"hello"


def test_a_further_allowed_port_is_reached(service: int) -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:
        free = server.getsockname()[1]
    others = {f"127.0.0.1:{service}": service}
    asked = CONNECT.replace(b"api.adobe.io:443", f"127.0.0.1:{service}".encode())
    with (
        ConnectProxy("127.0.0.1", 0, free, others) as proxy,
        connect(proxy, asked + b"hello") as client,
    ):
        client.shutdown(socket.SHUT_WR)
        assert read_all(client) == GRANTED + b"hello"


@pytest.mark.parametrize(
    "asked",
    [
        b"CONNECT example.com:443 HTTP/1.1\r\n\r\n",
        b"POST http://example.com/ HTTP/1.1\r\ncontent-length: 500000\r\n\r\n" + b"x" * 500_000,
        b"\x16\x03\x01\x02\x00\x01\x00\r\n\r\n",
        b"GET / HTTP/1.1\r\n" + b"x: y\r\n" * 10_000,
    ],
    ids=["another host", "plain http with a body", "tls", "a long head"],
)
def test_other_requests_are_a_403_with_a_sentence(proxy: ConnectProxy, asked: bytes) -> None:
    with connect(proxy, asked) as client:
        client.shutdown(socket.SHUT_WR)
        head, _, sentence = read_all(client).partition(b"\r\n\r\n")
    assert head.startswith(b"HTTP/1.1 403 Forbidden\r\n")
    assert f"content-length: {len(sentence)}".encode() in head
    assert sentence.count(b"\n") == 1


def test_a_service_that_is_gone_is_a_502() -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:
        free = server.getsockname()[1]
    with ConnectProxy("127.0.0.1", 0, free) as proxy, connect(proxy, CONNECT) as client:
        client.shutdown(socket.SHUT_WR)
        assert read_all(client).startswith(b"HTTP/1.1 502 Bad Gateway\r\n")


def test_too_many_tunnels_are_a_503(service: int) -> None:
    class Narrow(ConnectProxy):
        most_tunnels = 1

    proxy = Narrow("127.0.0.1", 0, service)
    with proxy, connect(proxy, CONNECT) as first, connect(proxy, CONNECT) as second:
        assert first.recv(len(GRANTED)) == GRANTED
        second.shutdown(socket.SHUT_WR)
        assert read_all(second).startswith(b"HTTP/1.1 503 Service Unavailable\r\n")


@pytest.mark.parametrize("sent", [b"", b"CONNECT api.adobe"])
def test_a_silent_client_is_disconnected(service: int, sent: bytes) -> None:
    class Impatient(ConnectProxy):
        seconds = 0.01

    with Impatient("127.0.0.1", 0, service) as proxy, connect(proxy, sent) as client:
        assert read_all(client) == b""


def test_the_end_of_the_proxy_ends_its_tunnels(service: int) -> None:
    with ConnectProxy("127.0.0.1", 0, service) as proxy:
        client, silent = connect(proxy, CONNECT), connect(proxy)
        assert client.recv(len(GRANTED)) == GRANTED
    with client, silent, contextlib.suppress(ConnectionResetError):
        assert read_all(client) == b""
        assert read_all(silent) == b""


def test_a_port_that_is_taken_is_reported_in_one_sentence(proxy: ConnectProxy) -> None:
    with (
        pytest.raises(SettingError, match=rf"cannot listen on 127.0.0.1:{proxy.port}: "),
        ConnectProxy("127.0.0.1", proxy.port, 1),
    ):
        pass


@for_each("host", ALL)
@for_each("version", ["1.1", "1.0"])
def test_a_tunnel_to_a_host_of_adobes_is_allowed(host: str, version: str) -> None:
    assert refusal(f"CONNECT {host}:443 HTTP/{version}\r\nhost: x\r\n\r\n".encode(), ALL) is None
    assert refusal(f"CONNECT {host.upper()}:443 HTTP/{version}\r\n\r\n".encode(), ALL) is None


@for_each(
    "target",
    [
        "example.com:443",
        "api.adobe.io:80",
        "api.adobe.io",
        "api.adobe.io.:443",
        "evil.api.adobe.io:443",
        "api.adobe.io.evil.example:443",
        "127.0.0.1:3000",
        "[::1]:443",
        ":443",
        "",
    ],
)
def test_a_tunnel_to_another_host_is_refused_with_the_hosts_there_are(
    target: str,
) -> None:
    why = refusal(f"CONNECT {target} HTTP/1.1\r\n\r\n".encode(), ALL)
    assert why
    assert why.startswith(f"{target!r} cannot be reached")
    assert "static.adobeioevents.com" in why
    assert why.endswith("add hosts of your own to NO_PROXY")


def test_a_further_host_is_allowed_only_on_its_port() -> None:
    head = b"CONNECT 127.0.0.1:3000 HTTP/1.1\r\nhost: x\r\n\r\n"
    assert refusal(head, ALL, {"127.0.0.1:3000"}) is None
    assert target_of(head) == "127.0.0.1:3000"
    for place in ("127.0.0.1:443", "127.0.0.1", "127.0.0.1:30000"):
        assert refusal(head, ALL, {place})


@pytest.mark.parametrize("method", ["GET", "POST", "connect"])
def test_plain_http_is_refused_for_every_host(method: str) -> None:
    why = refusal(f"{method} http://api.adobe.io/events HTTP/1.1\r\n\r\n".encode(), ALL)
    assert (
        why
        == "'http://api.adobe.io/events' is not fetched: this proxy accepts only https:// addresses"
    )


def test_passwords_and_queries_are_not_repeated() -> None:
    why = refusal(b"GET http://me:pass@example.com/hook?token=s3cret HTTP/1.1\r\n\r\n", ALL)
    assert why
    assert "s3cret" not in why
    assert "pass" not in why


@given(st.binary(max_size=200))
def test_any_request_is_allowed_or_refused(head: bytes) -> None:
    refusal(head, ALL)
    assert refusal(head.replace(b"CONNECT", b""), ALL)
    target_of(head)
