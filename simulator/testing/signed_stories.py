"""Stories that tests replay again and again: their signed payloads are kept."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import AsyncIterator, Callable, Iterator
from dataclasses import fields
from datetime import datetime

from ..core.delivery import Delivery, Sign
from ..core.payload import Payload
from ..core.signature import SignedPayload
from ..families.registry import Families
from ..scenario.model import said_in
from ..story.story import Story

MOST = 500
"""How many payloads are remembered, all stories together: each takes some 25 kilobytes."""

Key = tuple[tuple[str, str], str, datetime, str, Families]
"""Key paths, seed and content, beginning, and payloads of a scenario as text: all bytes follow."""

_known: OrderedDict[Key, list[SignedPayload]] = OrderedDict()


def _text(said: object) -> str:
    """Return a payload as text; what a model holds is a part of the ids already."""
    return "" if hasattr(said, "model_fields_set") else repr(said)


class RememberedStory(Story):
    """A story whose payloads are built and signed only once in this process."""

    __slots__ = ("_key",)

    _key: Key

    @classmethod
    def of(cls, story: Story, key_paths: tuple[str, str]) -> RememberedStory:
        """Return the same story, to be signed with the keys at these paths."""
        made = cls(*(getattr(story, field.name) for field in fields(story)))
        own = repr([(_text(said_in(each)), each.override) for each in story.scenario.events])
        object.__setattr__(
            made, "_key", (key_paths, story.chance.ids, story.begin, own, story.families)
        )
        return made

    async def deliveries(
        self, sign: Sign, address: Callable[[int], str]
    ) -> AsyncIterator[Delivery]:
        """Yield a delivery for each request body; ``address`` returns the URL for its number."""

        async def remembered(payloads: Iterator[Payload]) -> AsyncIterator[SignedPayload]:
            signed = _known.get(self._key)
            if signed is not None:
                _known.move_to_end(self._key)
                for each in signed:
                    yield each
                return
            made = []
            async for each in sign(payloads):
                made.append(each)
                yield each
            _remember(self._key, made)

        async for delivery in super().deliveries(remembered, address):
            yield delivery


def _remember(key: Key, signed: list[SignedPayload]) -> None:
    """Keep the payloads of a story; those used longest ago are dropped."""
    if len(signed) > MOST:
        return
    _known[key] = signed
    while sum(map(len, _known.values())) > MOST:
        _known.popitem(last=False)
