"""Requests that are released at the same instant."""

from __future__ import annotations

import asyncio
import socket
import ssl
import threading
from dataclasses import replace
from functools import cache
from typing import Any

import pytest
import trustme
from hypothesis import given
from hypothesis import strategies as st

from flowsim.core.delivery import Attempt, Delivery
from flowsim.core.wire import Wire
from flowsim.delivery import release
from flowsim.delivery.raw_transport import RawTransport
from flowsim.delivery.release import Release, Releases

from ..faults.way import events_of, way_of

OK = b"HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\nok"
BODY = b'{"a": 1}'


class OneAfterTheOther:
    """Reads one whole request before it accepts the next connection.

    ``open_ones`` is how many others were there when the first request was complete.
    """

    def __init__(self, number: int, tls: ssl.SSLContext | None = None) -> None:
        self._number, self._tls = number, tls
        self._server = socket.create_server(("127.0.0.1", 0))
        self.port = self._server.getsockname()[1]
        self.open_ones = 0
        self.bodies: list[bytes] = []
        self._thread = threading.Thread(target=self._serve)

    def __enter__(self) -> OneAfterTheOther:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._thread.join(30)
        self._server.close()

    def _serve(self) -> None:
        first, others = self._server.accept()[0], []
        first = self._read(first)
        self._server.setblocking(False)
        for _ in range(self._number - 1):
            others.append(self._server.accept()[0])
            self.open_ones += 1
        first.sendall(OK)
        first.close()
        for each in others:
            each.setblocking(True)
            answered = self._read(each)
            answered.sendall(OK)
            answered.close()

    def _read(self, connection: socket.socket) -> socket.socket:
        connection.settimeout(30)
        if self._tls is not None:
            connection = self._tls.wrap_socket(connection, server_side=True)
        data = b""
        while BODY not in data:
            data += connection.recv(65_536)
        self.bodies.append(data.partition(b"\r\n\r\n")[2])
        return connection


def together(url: str, number: int, tls: Any = True) -> list[int]:
    """Send so many requests with one release; return their statuses."""

    async def send() -> list[int]:
        common = Release(number)
        sent = (
            RawTransport(Wire(1), common, timeout=30.0, tls=tls).send(url, {}, BODY)
            for _ in range(number)
        )
        return [each.status_code for each in await asyncio.gather(*sent)]

    return asyncio.run(send())


def test_no_request_is_complete_before_all_connections_are_open() -> None:
    with OneAfterTheOther(5) as server:
        assert together(f"http://127.0.0.1:{server.port}/", 5) == [200] * 5
    assert server.open_ones == 4
    assert server.bodies == [BODY] * 5


def test_a_server_that_reads_one_connection_at_a_time_is_not_waited_for(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """It ends the handshake of the second connection only after the first request."""
    monkeypatch.setattr(release, "LONGEST", 0.05)
    authority, context = trustme.CA(), ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    authority.issue_cert("127.0.0.1").configure_cert(context)
    with OneAfterTheOther(3, context) as server:
        assert together(f"https://127.0.0.1:{server.port}/", 3, tls=False) == [200] * 3
    assert server.bodies == [BODY] * 3


def test_a_request_that_cannot_connect_holds_up_no_other(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(release, "LONGEST", 0.01)

    async def reach() -> list[str]:
        done: list[str] = []
        common = Release(3)
        await asyncio.gather(*(common.reached(lambda n=n: done.append(n)) for n in "ab"))  # type: ignore[misc]
        await common.reached(lambda: done.append("late"))
        return done

    assert asyncio.run(reach()) == ["a", "b", "late"]


def test_a_closed_request_does_not_keep_the_others_back() -> None:
    async def reach() -> list[str]:
        done: list[str] = []

        def closed() -> None:
            raise ConnectionError

        common = Release(2)
        await asyncio.gather(common.reached(closed), common.reached(lambda: done.append("b")))
        return done

    assert asyncio.run(reach()) == ["b"]


@cache
def copies() -> list[Delivery]:
    return way_of(events_of(), ("simultaneous-duplicates", 3)).deliveries


@given(st.integers(2, 60), st.integers(1, 20))
def test_more_copies_than_attempts_at_once_come_in_several_groups(
    number: int, at_once: int
) -> None:
    """Each group is complete, or its requests would wait for one that cannot begin."""
    delivery = replace(copies()[0], together=number)
    releases = Releases(at_once)
    found = [releases.of(Attempt(delivery, 1, "")) for _ in range(number)]
    groups = [found.count(each) for each in dict.fromkeys(found)]
    whole, rest = divmod(number, at_once)
    assert groups == [at_once] * whole + [rest] * bool(rest)


def test_retries_and_single_deliveries_wait_for_no_other() -> None:
    releases = Releases(20)
    assert all(each.together == 3 for each in copies())
    assert releases.of(Attempt(copies()[0], 2, "")) is None
    assert releases.of(Attempt(way_of(events_of()).deliveries[0], 1, "")) is None
