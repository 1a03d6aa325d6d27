"""Where URLs lead, and where hosts are."""

from __future__ import annotations

import asyncio
import socket
from collections.abc import Sequence
from typing import Any

import pytest

from flowsim.delivery.http_connecting import Addresses, Endpoint, endpoint_of

from ..cases import for_each

Place = tuple[str | int, ...]


async def places(addresses: Addresses, host: str, port: int = 80) -> list[Place]:
    return [info[4] for info in await addresses.of(host, port)]


def look_up(host: str) -> list[Place]:
    return asyncio.run(places(Addresses(None), host))


@pytest.mark.parametrize(
    ("host", "place"),
    [
        ("127.0.0.1", ("127.0.0.1", 80)),
        ("::1", ("::1", 80, 0, 0)),
        ("fe80::1%3", ("fe80::1", 80, 0, 3)),
    ],
)
def test_an_address_is_its_own_place(host: str, place: Place) -> None:
    assert look_up(host) == [place]


def test_a_link_local_address_names_its_interface() -> None:
    index, name = socket.if_nameindex()[0]
    assert look_up(f"fe80::1%{name}") == [("fe80::1", 80, 0, index)]
    with pytest.raises(OSError, match=r"."):
        look_up("fe80::1%no-such-interface")


def test_a_name_is_looked_up_by_the_system() -> None:
    assert {"127.0.0.1", "::1"} & {place[0] for place in look_up("localhost")}


def test_an_unknown_host_is_named_in_the_error() -> None:
    with pytest.raises(OSError, match=r"^the name no-such-host\.invalid cannot be looked up: "):
        look_up("no-such-host.invalid")


def test_addresses_are_remembered_for_each_port(monkeypatch: pytest.MonkeyPatch) -> None:
    """Two ports of a host are two questions, since the answer holds the port."""

    async def work() -> int:
        loop, asked = asyncio.get_running_loop(), []
        ask = loop.getaddrinfo

        async def count(host: str, port: int, **options: Any) -> Any:
            asked.append((host, port))
            return await ask(host, port, **options)

        monkeypatch.setattr(loop, "getaddrinfo", count)
        addresses = Addresses(None)
        for port in (80, 80, 81, 80):
            await places(addresses, "localhost", port)
        return len(asked)

    assert asyncio.run(work()) == 2


def test_a_given_lookup_is_called_each_time_also_for_addresses() -> None:
    """It may change its mind about what is allowed at any time."""
    asked: list[tuple[str, int]] = []

    async def resolve(host: str, port: int) -> Sequence[str]:
        asked.append((host, port))
        return ["192.0.2.1", "2001:db8::1"]

    async def work() -> list[list[Place]]:
        addresses = Addresses(resolve)
        return [await places(addresses, host) for host in ("a.example", "a.example", "127.0.0.1")]

    assert asyncio.run(work()) == [[("192.0.2.1", 80), ("2001:db8::1", 80, 0, 0)]] * 3
    assert asked == [("a.example", 80), ("a.example", 80), ("127.0.0.1", 80)]


def test_a_look_up_of_ones_own_must_return_addresses() -> None:
    async def resolve(_: str, __: int) -> Sequence[str]:
        return ["localhost"]

    with pytest.raises(ValueError, match="localhost"):
        asyncio.run(places(Addresses(resolve), "a.example"))


@for_each(
    ("url", "expected"),
    [
        ("http://example.com/hook?x=1", Endpoint("example.com", 80, False)),
        ("https://example.com", Endpoint("example.com", 443, True)),
        ("https://EXAMPLE.com:80/", Endpoint("example.com", 80, True)),
        ("http://[::1]:8080/hook", Endpoint("::1", 8080, False)),
    ],
)
def test_an_endpoint_is_host_port_and_whether_tls_is_spoken(url: str, expected: Endpoint) -> None:
    assert endpoint_of(url) == expected


@for_each("url", ["", "hook", "ftp://h/", "http:///", "http://h:99999/", "http://["])
def test_an_address_that_is_not_http_has_no_endpoint(url: str) -> None:
    with pytest.raises(ValueError, match=r"."):
        endpoint_of(url)
