"""Signatures for whoever asks, each made once."""

from __future__ import annotations

import asyncio

import pytest

from flowsim.core.payload import Payload
from flowsim.core.signature import SignedPayload, header_names, verify
from flowsim.service.signing import SigningDesk
from flowsim.settings import keys_folder
from flowsim.signing import keys
from flowsim.signing.key_sources import own_key


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
