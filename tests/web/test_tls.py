"""HTTPS on a real socket."""

from __future__ import annotations

import socket
import ssl
import struct
from collections.abc import Iterator

import pytest
import requests
from flask import Flask, request

from flowsim.installation import authority, settings
from flowsim.installation.authority import Authority
from flowsim.web.server import Server


@pytest.fixture
def made() -> Authority:
    return authority.load(settings.authority_folder())


@pytest.fixture
def port(made: Authority) -> Iterator[int]:
    """The port of an application that says under which address it was called."""
    app = Flask("echo")
    app.add_url_rule("/", view_func=lambda: request.host_url)
    with Server(app, "127.0.0.1", 0, threads=4, tls=made.server_context()) as server:
        yield server.port


def get(port: int, made: Authority) -> str:
    with requests.Session() as session:
        session.trust_env = False
        return session.get(f"https://localhost:{port}/", verify=str(made.certificate)).text


def test_the_application_knows_that_it_is_called_over_https(port: int, made: Authority) -> None:
    assert get(port, made) == f"https://localhost:{port}/"


def test_clients_that_are_silent_or_without_tls_delay_no_others(port: int, made: Authority) -> None:
    """More of each than there are threads, but for those that say nothing."""
    silent = [socket.create_connection(("127.0.0.1", port)) for _ in range(3)]
    for _ in range(8):
        with socket.create_connection(("127.0.0.1", port), timeout=60) as plain:
            plain.sendall(b"GET / HTTP/1.1\r\nhost: localhost\r\n\r\n")
            assert b"200 OK" not in plain.recv(100)
    for _ in range(8):
        distrusting = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
        with (
            socket.create_connection(("127.0.0.1", port), timeout=60) as raw,
            pytest.raises(ssl.SSLCertVerificationError),
        ):
            distrusting.wrap_socket(raw, server_hostname="localhost")
    assert get(port, made) == f"https://localhost:{port}/"
    for each in silent:
        each.close()


def test_a_client_that_leaves_before_the_handshake_disturbs_no_others(
    port: int, made: Authority
) -> None:
    """What it has sent is still there to be read when its connection is accepted."""
    reset = struct.pack("ii", 1, 0)
    for sent in (b"", b"GET / HTTP/1.1\r\n\r\n", b"\x16\x03\x01") * 20:
        with socket.create_connection(("127.0.0.1", port), timeout=60) as gone:
            gone.sendall(sent)
            gone.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, reset)
    assert get(port, made) == f"https://localhost:{port}/"
