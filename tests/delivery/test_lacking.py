"""What this process lacks is never an outcome of a webhook: the attempt waits."""

from __future__ import annotations

import asyncio
from collections.abc import Callable

import pytest

from flowsim.core.outcome import NETWORK, Outcome
from flowsim.core.wire import Wire
from flowsim.delivery import http_transport
from flowsim.delivery.http_transport import HttpTransport, exchange
from flowsim.delivery.raw_transport import RawTransport
from flowsim.delivery.transport import RESOURCE_WAIT, Transport
from flowsim.errors import ExhaustedError
from flowsim.runtime.clock import pause
from flowsim.runtime.system_limits import lack

from ..webhook import Webhook

HEADERS = {"user-agent": "Adobe/1.0"}
PLENTY = 50

Allow = Callable[[int], None]


@pytest.fixture(autouse=True)
def nothing_said_yet(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(RESOURCE_WAIT, "next_word", 0.0)


async def sent_without_room(
    transport: Transport, url: str, allow: Allow, log: pytest.LogCaptureFixture
) -> list[Outcome]:
    """Send twice while no file can be opened, and let files be opened once that was said."""
    allow(0)
    both = asyncio.gather(*(transport.send(url, HEADERS, b"{}") for _ in range(2)))
    async with asyncio.timeout(30):
        while not log.messages:
            await pause(0.01)
    await pause(0.3)  # the attempts are tried again, and say nothing more
    allow(PLENTY)
    return await both


@pytest.mark.parametrize("host", ["127.0.0.1", "localhost"])
def test_attempts_wait_until_files_can_be_opened_and_one_line_says_why(
    webhook: Webhook, allow_files: Allow, caplog: pytest.LogCaptureFixture, host: str
) -> None:
    url = f"http://{host}:{webhook.port}/hook"

    async def run() -> list[Outcome]:
        async with HttpTransport(timeout=30, connections=9) as transport:
            return await sent_without_room(transport, url, allow_files, caplog)

    assert [each.status_code for each in asyncio.run(run())] == [200, 200]
    assert len(webhook.requests) == 2
    (line,) = caplog.messages
    assert line.startswith("deliveries wait: all ")
    assert line.endswith(" files that flowsim may open are open; allow it more (ulimit -n)")


def test_attempts_with_wire_faults_also_wait_for_resources(
    webhook: Webhook, allow_files: Allow, caplog: pytest.LogCaptureFixture
) -> None:
    transport = RawTransport(Wire(1, chunked=True), timeout=30)
    run = sent_without_room(transport, webhook.url, allow_files, caplog)
    assert [each.status_code for each in asyncio.run(run)] == [200, 200]
    assert len(caplog.messages) == 1


def test_connections_that_are_idle_make_room_for_another(
    webhook: Webhook, allow_files: Allow
) -> None:
    """The second webhook gets its delivery although all files are open."""

    async def run(other: Webhook) -> list[int]:
        async with HttpTransport(timeout=30, connections=9) as transport:
            first = await transport.send(webhook.url, HEADERS, b"{}")
            allow_files(2)  # the end of ours, and that of the webhook in this process
            second = await transport.send(other.url, HEADERS, b"{}")
            allow_files(1)
            third = await transport.send(webhook.url, HEADERS, b"{}")
            return [each.status_code for each in (first, second, third)]

    with Webhook() as other:
        assert asyncio.run(run(other)) == [200, 200, 200]


def test_a_single_request_waits_for_resources_only_some_seconds(
    webhook: Webhook, allow_files: Allow, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(http_transport, "_RESOURCES_WITHIN", 0.2)
    allow_files(3)
    with pytest.raises(ExhaustedError, match="files that flowsim may open are open"):
        exchange("GET", webhook.url, HEADERS, b"", timeout=60)
    assert webhook.requests == []


def test_a_missing_webhook_is_an_outcome_even_with_few_files() -> None:
    refused = exchange("GET", "http://127.0.0.1:9/", HEADERS, b"", timeout=60)
    assert refused.status_code == NETWORK


def test_lacking_resources_are_no_failure_of_a_webhook(allow_files: Allow) -> None:
    nowhere = OSError("nowhere has no address")
    assert lack(nowhere) is None
    allow_files(0)
    assert "(ulimit -n)" in str(lack(nowhere))
    assert lack(TimeoutError()) is None


@pytest.mark.parametrize(
    ("error", "remedy"),
    [
        (MemoryError(), "ulimit -v"),
        (RuntimeError("can't start new thread"), "ulimit -u"),
        (RuntimeError("another"), None),
    ],
)
def test_memory_and_threads_can_be_lacking_too(error: Exception, remedy: str | None) -> None:
    found = lack(error)
    assert found is None if remedy is None else remedy in str(found)
