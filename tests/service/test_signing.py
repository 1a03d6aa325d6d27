"""Signatures for whoever asks, each made once."""

from __future__ import annotations

import asyncio
import threading

import pytest

from flowsim.core.payload import Payload
from flowsim.core.signature import SignedPayload, header_names, verify
from flowsim.errors import SettingError
from flowsim.service import signing
from flowsim.service.signing import SigningDesk
from flowsim.settings import keys_folder
from flowsim.signing import keys
from flowsim.signing.key_sources import own_key
from flowsim.signing.signers import Processes, Signing


def a_payload(number: int) -> Payload:
    return Payload(b'{"number":%d}' % number, "application/json", ())


def sign(numbers: list[int], long: int) -> list[SignedPayload]:
    async def work() -> list[SignedPayload]:
        async with SigningDesk(keys.load(keys_folder()), long) as desk:
            rounds = (numbers[begin : begin + 50] for begin in range(0, len(numbers), 50))
            signed: list[SignedPayload] = []
            for each in rounds:
                signed += await asyncio.gather(*(desk.sign(a_payload(n)) for n in each))
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
def test_everybody_gets_the_signatures_of_his_payload_from_threads_and_from_processes(
    long: int,
) -> None:
    for signed, number in zip(sign([*range(120)], long), range(120), strict=True):
        assert signed.payload == a_payload(number)
        verify(signed.payload.body, headers_of(signed), own_key)


def test_the_same_bytes_have_the_same_signatures_whoever_made_them() -> None:
    one, other = sign([7] * 100, 10), sign([7], 10_000)
    assert {each.signatures for each in one} == {other[0].signatures}


class NoProcesses(Processes):
    async def __aenter__(self) -> Processes:
        raise BlockingIOError(11, "Resource temporarily unavailable")


def test_threads_go_on_signing_where_no_process_can_be_started(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(signing, "Processes", NoProcesses)
    for signed in sign([*range(120)], 10):
        verify(signed.payload.body, headers_of(signed), own_key)


class Dying(Processes):
    """Processes of which all end as soon as something is asked of them."""

    def begin(self, digests: list[bytes]) -> Signing:
        for process in self._processes:
            process._transport.kill()  # noqa: SLF001
        return super().begin(digests)


def test_those_who_wait_are_told_when_the_signing_ends_and_so_are_those_who_come_later(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """A delivery that waited for ever would be one that nothing tells of."""
    monkeypatch.setattr(signing, "Processes", Dying)

    async def work() -> list[object]:
        async with SigningDesk(keys.load(keys_folder()), 1) as desk:
            await desk.sign(a_payload(0))
            waiting = (desk.sign(a_payload(number)) for number in range(1, 50))
            told = await asyncio.gather(*waiting, return_exceptions=True)
            return [*told, *await asyncio.gather(desk.sign(a_payload(99)), return_exceptions=True)]

    told = asyncio.run(work())
    assert len(told) == 50
    assert {type(each) for each in told} == {SettingError}


def test_a_thread_that_cannot_be_started_is_done_without(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: object) -> int:
        raise RuntimeError("can't start new thread")

    monkeypatch.setattr(threading.Thread, "start", refuse)
    for signed in sign([*range(3)], 10_000):
        verify(signed.payload.body, headers_of(signed), own_key)
