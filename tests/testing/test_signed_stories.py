"""Stories that tests tell again and again."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Iterator

import pytest

from flowsim.core.delivery import Delivery
from flowsim.core.payload import Payload
from flowsim.core.signature import SignedPayload
from flowsim.delivery.signers import Signer
from flowsim.installation import keys, settings
from flowsim.testing import signed_stories
from flowsim.testing.signed_stories import RememberedStory
from flowsim.testing.stories import story_of

ONE = {"seed": 7, "at": "2026-01-15T09:30:00Z", "events": [{"flow_run": {}}]}


@pytest.fixture(autouse=True)
def _nothing_known(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(signed_stories, "_known", type(signed_stories._known)())  # noqa: SLF001


def delivered(scenario: object, key_number: int = 1) -> tuple[list[Delivery], int]:
    """Return the deliveries of a scenario, and how many payloads were signed for them."""
    signed = 0
    pair = keys.load(settings.keys_folder())
    story = RememberedStory.of(
        story_of(scenario, (), [], fresh=False), (f"/{key_number}", keys.paths(pair)[1])
    )

    async def work() -> list[Delivery]:
        async with Signer(pair, 1) as signer:

            async def sign(payloads: Iterator[Payload]) -> AsyncIterator[SignedPayload]:
                nonlocal signed
                async for each in signer.sign_all(payloads):
                    signed += 1
                    yield each

            return [each async for each in story.deliveries(sign, lambda number: f"/{number}")]

    return asyncio.run(work()), signed


def test_a_story_that_is_shown_again_is_not_signed_again() -> None:
    first, again = delivered("batch"), delivered("batch")
    assert first[0] == again[0]
    assert (first[1], again[1]) == (3, 0)


def test_another_seed_time_content_or_key_is_another_story() -> None:
    delivered(ONE)
    for changed in ({"seed": 8}, {"at": "2026-01-15T09:31:00Z"}, {"flow": {"name": "other"}}):
        assert delivered({**ONE, **changed})[1] == 1
    assert delivered(ONE, key_number=2)[1] == 1
    assert delivered(ONE)[1] == 0


def test_the_order_of_keys_in_a_payload_is_kept() -> None:
    orders = {"b": 1, "a": 2}, {"a": 2, "b": 1}
    first = [delivered({**ONE, "events": [{"payload": each}]})[0][0] for each in orders]
    sent = [each.signed.payload.body for each in first]
    assert b'"b":1,"a":2' in sent[0]
    assert b'"a":2,"b":1' in sent[1]


def test_the_number_of_remembered_payloads_is_limited(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(signed_stories, "MOST", 2)
    assert delivered("batch")[1] == delivered("batch")[1] == 3
    for seed in (1, 2, 1, 3):
        delivered({**ONE, "seed": seed})
    assert [delivered({**ONE, "seed": seed})[1] for seed in (1, 3, 2)] == [0, 0, 1]


def test_a_story_that_did_not_end_is_not_remembered() -> None:
    story = RememberedStory.of(story_of("batch", (), [], fresh=False), ("/1", "/2"))

    async def begin() -> None:
        async with Signer(keys.load(settings.keys_folder()), 1) as signer:
            async for _ in story.deliveries(signer.sign_all, str):
                return

    asyncio.run(begin())
    assert not signed_stories._known  # noqa: SLF001
