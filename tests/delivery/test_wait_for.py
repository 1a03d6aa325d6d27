"""The wait until something listens where a webhook should be."""

from __future__ import annotations

import asyncio
import socket
from collections.abc import Callable, Coroutine, Iterator
from typing import Any

import pytest

from flowsim.delivery.failure_causes import wait_for
from flowsim.errors import UnreachableError

Run = Callable[[Coroutine[Any, Any, None]], None]


@pytest.fixture(params=["asyncio", "uvloop"])
def run(request: pytest.FixtureRequest) -> Iterator[Run]:
    """Run a coroutine on the loop of the standard library, and on the one that replays use."""
    factory = asyncio.new_event_loop
    if request.param == "uvloop":
        factory = pytest.importorskip("uvloop").new_event_loop
    with asyncio.Runner(loop_factory=factory) as runner:
        yield runner.run


@pytest.fixture
def silent() -> Iterator[socket.socket]:
    """A socket that holds its port and does not listen: connections are refused."""
    with socket.socket() as held:
        held.bind(("127.0.0.1", 0))
        yield held


def address(held: socket.socket, host: str = "127.0.0.1") -> str:
    return f"http://{host}:{held.getsockname()[1]}/hook"


def test_a_listening_server_is_reachable_and_gets_no_request(run: Run) -> None:
    """A plain connect is all: a webhook sees no half of a delivery."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        run(wait_for(address(server)))
        connection, _ = server.accept()
        with connection:
            assert connection.recv(1) == b""


@pytest.mark.parametrize("host", ["127.0.0.1", "localhost"])
def test_a_refusal_is_reported_in_one_sentence_that_says_what_to_do(
    run: Run, silent: socket.socket, host: str
) -> None:
    url = address(silent, host)
    with pytest.raises(UnreachableError) as caught:
        run(wait_for(url))
    assert str(caught.value) == (
        f"no webhook answers at {url} (connection refused); "
        "start it, or give it time with --wait 30s"
    )


def test_a_webhook_that_starts_late_is_waited_for(run: Run, silent: socket.socket) -> None:
    async def start_late() -> None:
        waiting = asyncio.create_task(wait_for(address(silent), 60.0))
        await asyncio.sleep(0.15)
        assert not waiting.done()
        silent.listen()
        await waiting

    run(start_late())


def test_waiting_ends(run: Run, silent: socket.socket) -> None:
    with pytest.raises(UnreachableError):
        run(wait_for(address(silent), 0.15))


@pytest.mark.parametrize("host", [f"{'a' * 64}.example", "a..b", "[v1.a]", "[::1%25nolink]"])
def test_a_host_that_cannot_be_looked_up_is_unreachable(run: Run, host: str) -> None:
    with pytest.raises(UnreachableError, match="no webhook answers at"):
        run(wait_for(f"http://{host}:9/hook"))
