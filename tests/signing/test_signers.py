"""Signing beside the event loop, in threads and in processes."""

from __future__ import annotations

import asyncio
import os
import signal
import subprocess
import sys
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from pathlib import Path

import pytest

from flowsim import settings
from flowsim.core.event import Event
from flowsim.core.notification import Notification
from flowsim.core.payload import Payload
from flowsim.core.signature import SignedPayload, header_names, verify
from flowsim.errors import SettingError
from flowsim.signing import keys, processes, signers
from flowsim.signing.key_sources import find_key
from flowsim.signing.keys import KeyPair
from flowsim.signing.processes import SigningProcess
from flowsim.signing.signers import AHEAD, CHUNK, LONG, Processes, Signer, processors
from flowsim.signing.worker import framed

EVENT = Event("e", datetime(2026, 1, 15, tzinfo=UTC), "delivered", Notification("a", "event", {}))


def payloads(number: int) -> Iterator[Payload]:
    return (Payload(b"body %d" % each, "application/json", (EVENT,)) for each in range(number))


@pytest.fixture
def pair() -> KeyPair:
    return keys.load(settings.keys_folder())


def sign(pair: KeyPair, number: int, expected: int) -> list[SignedPayload]:
    async def work() -> list[SignedPayload]:
        async with Signer(pair, expected) as signer:
            return [each async for each in signer.sign(payloads(number))]

    return asyncio.run(work())


@pytest.mark.parametrize("expected", [1, LONG], ids=["threads", "processes"])
def test_payloads_come_back_signed_by_both_keys_and_in_order(pair: KeyPair, expected: int) -> None:
    signed = sign(pair, 150, expected)
    assert [each.payload.body for each in signed] == [b"body %d" % n for n in range(150)]
    for each in signed[::7]:
        for number, (path, signature) in enumerate(
            zip(each.key_paths, each.signatures, strict=True), 1
        ):
            names = header_names(number)
            sent = dict(zip(names, (path, signature), strict=True))
            verify(each.payload.body, sent, find_key(None))


def test_threads_and_processes_make_the_same_signatures(pair: KeyPair) -> None:
    in_threads, in_processes = sign(pair, 3, 3), sign(pair, 3, LONG)
    assert [each.signatures for each in in_threads] == [each.signatures for each in in_processes]


def test_no_payload_is_no_trouble(pair: KeyPair) -> None:
    assert sign(pair, 0, LONG) == sign(pair, 0, 0) == []


@pytest.mark.parametrize("expected", [1, LONG], ids=["threads", "processes"])
def test_payloads_are_taken_from_the_story_no_faster_than_they_are_used(
    pair: KeyPair, expected: int
) -> None:
    """So a story of any length needs no more memory than a short one."""
    made = used = most = 0

    def story() -> Iterator[Payload]:
        nonlocal made, most
        for each in payloads(400):
            made += 1
            most = max(most, made - used)
            yield each

    async def work() -> None:
        nonlocal used
        async with Signer(pair, expected) as signer:
            async for _ in signer.sign(story()):
                used += 1

    asyncio.run(work())
    assert used == 400
    assert most <= AHEAD * CHUNK * processors() + 1


def children() -> list[int]:
    text = Path(f"/proc/self/task/{os.getpid()}/children").read_text("ascii")
    return [int(pid) for pid in text.split()]


@pytest.mark.skipif(not Path("/proc/self/task").exists(), reason="only Linux lists children so")
def test_a_process_that_is_ended_from_outside_ends_the_replay_with_a_sentence(
    pair: KeyPair,
) -> None:
    async def work() -> None:
        before = {*children()}
        async with Signer(pair, LONG) as signer:
            async for _ in signer.sign(payloads(10_000)):
                for pid in {*children()} - before:
                    os.kill(pid, signal.SIGTERM)

    with pytest.raises(SettingError, match="a signing process was ended from outside"):
        asyncio.run(work())


@pytest.mark.parametrize("told", [0, 3, 10, 1_000, 3_000, 4_000])
def test_a_process_ends_when_its_input_does_wherever_that_breaks_off(
    pair: KeyPair, told: int
) -> None:
    """The one that started it was killed, while it said the keys or what to sign."""
    whole = b"".join(framed(key.private_pem) for key in pair) + framed(bytes(32 * 100))
    ran = subprocess.run(
        [sys.executable, "-c", "from flowsim.signing.worker import main; main()"],
        input=whole[:told],
        capture_output=True,
        timeout=20,
        check=False,
    )
    assert (ran.returncode, ran.stdout, ran.stderr) == (0, b"", b"")


def test_a_process_whose_signatures_are_not_read_any_more_ends_without_a_word(
    pair: KeyPair,
) -> None:
    environment = {name: each for name, each in os.environ.items() if name != "PYTHONUNBUFFERED"}
    with subprocess.Popen(
        [sys.executable, "-c", "from flowsim.signing.worker import main; main()"],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        env=environment,
    ) as process:
        assert process.stdin
        assert process.stdout
        assert process.stderr
        process.stdout.close()
        process.stdin.write(b"".join(framed(key.private_pem) for key in pair))
        process.stdin.write(framed(bytes(32)))
        process.stdin.close()
        assert (process.stderr.read(), process.wait(20)) == (b"", 0)


def test_the_last_words_of_a_process_are_told(
    pair: KeyPair, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    """Its traceback is nothing for the terminal."""
    monkeypatch.setattr(processes, "__package__", "no_such_package")
    told = r"a signing process has ended: ModuleNotFoundError: No module named 'no_such_package'"
    with pytest.raises(SettingError, match=told):
        sign(pair, 10, LONG)
    assert capfd.readouterr() == ("", "")


def test_processes_that_were_started_end_where_another_one_cannot_be(
    pair: KeyPair, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[Sequence[bytes]] = []
    started: list[SigningProcess] = []

    async def start(pems: Sequence[bytes]) -> SigningProcess:
        asked.append(pems)
        if len(asked) > 1:
            raise BlockingIOError(11, "Resource temporarily unavailable")
        started.append(await processes.start(pems))
        return started[0]

    async def work() -> None:
        with pytest.raises(BlockingIOError):
            await Processes(2, [key.private_pem for key in pair]).__aenter__()
        assert started[0].ended.is_set()

    monkeypatch.setattr(signers, "start", start)
    asyncio.run(work())
