"""Connections that are kept, against a server that counts them."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable

import pytest

from flowsim.delivery import http_pool as pools
from flowsim.delivery.http_connecting import Connector, Endpoint
from flowsim.delivery.http_connection import Connection
from flowsim.delivery.http_pool import Pool

Work = Callable[[Pool, Endpoint], Awaitable[None]]


async def take(pool: Pool, endpoint: Endpoint) -> Connection:
    return pool.take(endpoint) or await pool.open(endpoint)


def with_pool(work: Work, most: int = 4) -> None:
    """Do something with a pool and the endpoint of a server that says nothing."""

    async def run() -> None:
        async def listen(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
            await reader.read()
            writer.close()

        connector = Connector(True, None)
        pool = Pool(connector, most)
        async with await asyncio.start_server(listen, "127.0.0.1", 0) as server:
            port = server.sockets[0].getsockname()[1]
            await asyncio.wait_for(work(pool, Endpoint("127.0.0.1", port, False)), 20)
            await pool.close()
            assert connector.open_ones == set()

    asyncio.run(run())


def test_the_newest_idle_connection_is_used_first() -> None:
    """So what is too much for the load becomes old, and is closed."""

    async def work(pool: Pool, endpoint: Endpoint) -> None:
        made = [await take(pool, endpoint) for _ in range(3)]
        for connection in made:
            pool.give_back(endpoint, connection, True)
        assert [await take(pool, endpoint) for _ in range(3)] == made[::-1]
        for connection in made:
            pool.give_back(endpoint, connection, True)

    with_pool(work)


@pytest.mark.parametrize("reusable", [True, False])
def test_closed_connections_are_not_kept(reusable: bool) -> None:
    async def work(pool: Pool, endpoint: Endpoint) -> None:
        connection = await take(pool, endpoint)
        if reusable:
            connection.abort()
        pool.give_back(endpoint, connection, reusable)
        assert await take(pool, endpoint) is not connection
        await connection.lost.wait()

    with_pool(work)


def test_a_connection_that_was_idle_too_long_is_closed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pools, "KEEP_ALIVE", 0.01)

    async def work(pool: Pool, endpoint: Endpoint) -> None:
        connections = [await take(pool, endpoint) for _ in range(3)]
        for connection in connections:
            pool.give_back(endpoint, connection, True)
        for connection in connections:
            await connection.lost.wait()

    with_pool(work)


def test_an_old_connection_is_not_used_even_before_it_is_closed(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    async def work(pool: Pool, endpoint: Endpoint) -> None:
        connection = await take(pool, endpoint)
        pool.give_back(endpoint, connection, True)
        monkeypatch.setattr(pools, "KEEP_ALIVE", 0.0)
        assert await take(pool, endpoint) is not connection
        await connection.lost.wait()

    with_pool(work)


def test_the_longest_idle_connection_makes_room_for_a_new_one() -> None:
    async def work(pool: Pool, endpoint: Endpoint) -> None:
        first, second = await take(pool, endpoint), await take(pool, endpoint)
        pool.give_back(endpoint, first, True)
        pool.give_back(endpoint, second, True)
        other = Endpoint("localhost", endpoint.port, False)
        await take(pool, other)
        await first.lost.wait()
        assert second.is_open
        assert await take(pool, endpoint) is second

    with_pool(work, most=2)


def test_a_connection_that_cannot_be_made_takes_no_room() -> None:
    async def work(pool: Pool, endpoint: Endpoint) -> None:
        nowhere = Endpoint("a..b", 80, False)
        for _ in range(3):
            with pytest.raises(ValueError, match=r"."):
                await take(pool, nowhere)
        connection = await take(pool, endpoint)
        pool.give_back(endpoint, connection, True)
        assert await take(pool, endpoint) is connection

    with_pool(work, most=1)


def test_a_webhook_that_speaks_unasked_loses_the_connection() -> None:
    async def run() -> Connection:
        async def greet(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
            writer.write(b"HTTP/1.1 408 Too late\r\n\r\n")
            await reader.read()
            writer.close()

        pool = Pool(Connector(True, None), 4)
        async with await asyncio.start_server(greet, "127.0.0.1", 0) as server:
            port = server.sockets[0].getsockname()[1]
            connection = await take(pool, Endpoint("127.0.0.1", port, False))
            await asyncio.wait_for(connection.lost.wait(), 20)
            await pool.close()
        return connection

    assert not asyncio.run(run()).is_open
