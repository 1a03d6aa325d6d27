"""What our server relies on inside cheroot: if a new version moves it, this says what it was."""

from __future__ import annotations

from importlib.metadata import requires, version

from cheroot.server import HTTPConnection, HTTPRequest, HTTPServer, KnownLengthRFile
from cheroot.wsgi import Gateway_10
from flask import Flask
from packaging.requirements import Requirement

from flowsim.web.client_socket import Limits
from flowsim.web.server import HttpServer

from ..cases import for_each

RELIED_ON = [
    (HTTPServer, "prepare", "listens, makes _connections, starts the pool in requests"),
    (HTTPServer, "serve", "runs _connections until stop"),
    (HTTPServer, "stop", "stops and closes _connections, then stops the pool in requests"),
    (HTTPServer, "can_add_keepalive_connection", "asks _connections"),
    (HTTPRequest, "parse_request", "calls read_request_line and read_request_headers"),
    (HTTPRequest, "read_request_line", "returns false once it has answered a mistake"),
    (HTTPRequest, "read_request_headers", "returns false once it has answered a mistake"),
    (HTTPRequest, "respond", "makes rfile of the body, and calls the gateway"),
    (HTTPRequest, "ensure_headers_sent", "calls send_headers once"),
    (HTTPRequest, "send_headers", "reads close_connection and writes the head at once"),
    (HTTPRequest, "simple_response", "answers without an application"),
    (HTTPConnection, "communicate", "answers one request and returns whether to go on"),
    (HTTPConnection, "close", "shuts and closes the socket"),
    (Gateway_10, "get_environ", "returns the environment of the application"),
]


@for_each(("owner", "name", "what"), RELIED_ON)
def test_cheroot_has_each_name_that_we_override_or_call(owner: type, name: str, what: str) -> None:
    assert hasattr(owner, name), f"cheroot {version('cheroot')}: {owner.__name__}.{name}, {what}"


def test_cheroot_is_limited_to_the_version_whose_internals_are_known() -> None:
    """A new major version is tried here before users get it."""
    (bound,) = [
        each for each in map(Requirement, requires("aep-flowsim") or ()) if each.name == "cheroot"
    ]
    assert str(bound.specifier) == "<12,>=11"
    assert bound.specifier.contains(version("cheroot"))


class _Part:
    """Stands for connections and threads, and notes what is called."""

    def __init__(self, name: str, calls: list[str]) -> None:
        self._name, self._calls = name, calls

    def __getattr__(self, method: str) -> object:
        return lambda *_: self._calls.append(f"{self._name}.{method}")


def test_cheroot_calls_our_connections_and_threads_in_this_order() -> None:
    calls: list[str] = []
    server = HttpServer(Flask("nothing"), "127.0.0.1", 0, 1, Limits())
    server.requests = _Part("threads", calls)
    server.prepare()
    vars(server)["_connections"].close()
    vars(server)["_connections"] = _Part("connections", calls)
    server.stop()
    assert calls == ["threads.start", "connections.stop", "connections.close", "threads.stop"]


def test_cheroot_counts_the_bytes_of_a_body_that_remain() -> None:
    assert KnownLengthRFile(None, 5).remaining == 5
