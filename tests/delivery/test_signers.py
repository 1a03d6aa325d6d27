"""Signing beside the event loop, in threads and in processes: in order, or one by one."""

from __future__ import annotations

import asyncio
import contextlib
import os
import signal
import subprocess
import sys
import threading
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from pathlib import Path

import pytest

from flowsim.core.event import Event, Notification
from flowsim.core.payload import Payload
from flowsim.core.signature import SignedPayload, header_names, verify
from flowsim.delivery import signers, signing_process
from flowsim.delivery.signers import AHEAD, CHUNK, LONG, Signer, processors
from flowsim.delivery.signing_process import Processes, Signing, SigningProcess
from flowsim.delivery.signing_worker import framed
from flowsim.errors import BreakdownError
from flowsim.installation import keys, settings
from flowsim.installation.key_sources import find_key, own_key
from flowsim.installation.keys import KeyPair

EVENT = Event("e", datetime(2026, 1, 15, tzinfo=UTC), "delivered", Notification("a", "event", {}))


def payloads(number: int) -> Iterator[Payload]:
    return (Payload(b"body %d" % each, "application/json", (EVENT,)) for each in range(number))


@pytest.fixture
def pair() -> KeyPair:
    return keys.load(settings.keys_folder())


def sign_all(pair: KeyPair, number: int, expected: int) -> list[SignedPayload]:
    async def work() -> list[SignedPayload]:
        async with Signer(pair, expected) as signer:
            return [each async for each in signer.sign_all(payloads(number))]

    return asyncio.run(work())


@pytest.mark.parametrize("expected", [1, LONG], ids=["threads", "processes"])
def test_payloads_come_back_signed_by_both_keys_and_in_order(pair: KeyPair, expected: int) -> None:
    signed = sign_all(pair, 150, expected)
    assert [each.payload.body for each in signed] == [b"body %d" % n for n in range(150)]
    for each in signed[::7]:
        for number, (path, signature) in enumerate(
            zip(each.key_paths, each.signatures, strict=True), 1
        ):
            names = header_names(number)
            sent = dict(zip(names, (path, signature), strict=True))
            verify(each.payload.body, sent, find_key(None))


def test_threads_and_processes_make_the_same_signatures(pair: KeyPair) -> None:
    in_threads, in_processes = sign_all(pair, 3, 3), sign_all(pair, 3, LONG)
    assert [each.signatures for each in in_threads] == [each.signatures for each in in_processes]


def test_no_payload_is_no_trouble(pair: KeyPair) -> None:
    assert sign_all(pair, 0, LONG) == sign_all(pair, 0, 0) == []


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
            async for _ in signer.sign_all(story()):
                used += 1

    asyncio.run(work())
    assert used == 400
    assert most <= AHEAD * CHUNK * processors() + 1


def children() -> list[int]:
    text = Path(f"/proc/self/task/{os.getpid()}/children").read_text("ascii")
    return [int(pid) for pid in text.split()]


@pytest.mark.skipif(not Path("/proc/self/task").exists(), reason="only Linux lists children so")
def test_a_killed_signing_process_ends_the_replay_with_a_sentence(
    pair: KeyPair,
) -> None:
    async def work() -> None:
        before = {*children()}
        async with Signer(pair, LONG) as signer:
            async for _ in signer.sign_all(payloads(10_000)):
                for pid in {*children()} - before:
                    os.kill(pid, signal.SIGTERM)

    with pytest.raises(BreakdownError, match="a signing process was ended from outside"):
        asyncio.run(work())


@pytest.mark.parametrize("given", [0, 3, 10, 1_000, 3_000, 4_000])
def test_a_process_ends_with_its_input_at_any_byte(pair: KeyPair, given: int) -> None:
    """The one that started it was killed, while it said the keys or what to sign."""
    whole = b"".join(framed(key.private_pem) for key in pair) + framed(bytes(32 * 100))
    ran = subprocess.run(
        [sys.executable, "-c", "from flowsim.delivery.signing_worker import main; main()"],
        input=whole[:given],
        capture_output=True,
        timeout=20,
        check=False,
    )
    assert (ran.returncode, ran.stdout, ran.stderr) == (0, b"", b"")


def test_a_process_whose_signatures_are_not_read_ends_silently(
    pair: KeyPair,
) -> None:
    environment = {name: each for name, each in os.environ.items() if name != "PYTHONUNBUFFERED"}
    with subprocess.Popen(
        [sys.executable, "-c", "from flowsim.delivery.signing_worker import main; main()"],
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


def test_the_error_text_of_a_dead_process_is_reported(
    pair: KeyPair, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    """Its traceback is nothing for the terminal."""
    monkeypatch.setattr(signing_process, "__package__", "no_such_package")
    told = r"a signing process has ended: ModuleNotFoundError: No module named 'no_such_package'"
    with pytest.raises(BreakdownError, match=told):
        sign_all(pair, 10, LONG)
    assert capfd.readouterr() == ("", "")


def test_started_processes_end_if_another_cannot_be_started(
    pair: KeyPair, monkeypatch: pytest.MonkeyPatch
) -> None:
    start_one = signing_process.start
    asked: list[Sequence[bytes]] = []
    started: list[SigningProcess] = []

    async def start(pems: Sequence[bytes]) -> SigningProcess:
        asked.append(pems)
        if len(asked) > 1:
            raise BlockingIOError(11, "Resource temporarily unavailable")
        started.append(await start_one(pems))
        return started[0]

    async def work() -> None:
        with pytest.raises(BlockingIOError):
            await Processes(2, [key.private_pem for key in pair]).__aenter__()
        assert started[0].ended.is_set()

    monkeypatch.setattr(signing_process, "start", start)
    asyncio.run(work())


def a_payload(number: int) -> Payload:
    return Payload(b'{"number":%d}' % number, "application/json", ())


def sign(numbers: list[int], long: int) -> list[SignedPayload]:
    async def work() -> list[SignedPayload]:
        async with Signer(keys.load(settings.keys_folder()), long=long) as signer:
            rounds = (numbers[begin : begin + 50] for begin in range(0, len(numbers), 50))
            signed: list[SignedPayload] = []
            for each in rounds:
                signed += await asyncio.gather(*(signer.sign(a_payload(n)) for n in each))
            return signed

    return asyncio.run(work())


def headers_of(signed: SignedPayload) -> dict[str, str]:
    headers = {}
    for number in (1, 2):
        path, signature = header_names(number)
        headers[path] = signed.key_paths[number - 1]
        headers[signature] = signed.signatures[number - 1]
    return headers


@pytest.mark.parametrize("long", [10, 10_000])
def test_each_payload_gets_its_own_signatures_from_threads_and_from_processes(
    long: int,
) -> None:
    for signed, number in zip(sign([*range(120)], long), range(120), strict=True):
        assert signed.payload == a_payload(number)
        verify(signed.payload.body, headers_of(signed), own_key)


def test_the_same_bytes_have_the_same_signatures() -> None:
    one, other = sign([7] * 100, 10), sign([7], 10_000)
    assert {each.signatures for each in one} == {other[0].signatures}


class NoProcesses(Processes):
    async def __aenter__(self) -> Processes:
        raise BlockingIOError(11, "Resource temporarily unavailable")


def test_threads_go_on_signing_if_no_process_can_be_started(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(signers, "Processes", NoProcesses)
    for signed in sign([*range(120)], 10):
        verify(signed.payload.body, headers_of(signed), own_key)


class Dying(Processes):
    """Processes of which all end as soon as something is asked of them."""

    def begin(self, digests: list[bytes]) -> Signing:
        for process in self._processes:
            with contextlib.suppress(ProcessLookupError):
                process._transport.kill()  # noqa: SLF001
        return super().begin(digests)


def test_after_its_end_a_signer_fails_waiting_and_later_payloads(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """A delivery must not wait for ever."""
    monkeypatch.setattr(signers, "Processes", Dying)

    async def work() -> list[object]:
        async with Signer(keys.load(settings.keys_folder()), expected=1, long=1) as signer:
            waiting = (signer.sign(a_payload(number)) for number in range(50))
            failed: list[object] = await asyncio.gather(*waiting, return_exceptions=True)
            return failed + await asyncio.gather(signer.sign(a_payload(99)), return_exceptions=True)

    failed = asyncio.run(work())
    assert len(failed) == 51
    assert {type(each) for each in failed} == {BreakdownError}


def test_a_thread_that_cannot_be_started_is_done_without(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: object) -> int:
        raise RuntimeError("can't start new thread")

    monkeypatch.setattr(threading.Thread, "start", refuse)
    for signed in sign([*range(3)], 10_000):
        verify(signed.payload.body, headers_of(signed), own_key)
