"""Makes the refused events of a sweep smaller: mutations are taken away one by one."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from .check import Check
from .observation import Exchange

SHOWN = 3
"""Different smallest events that are looked for, at most."""

_MOST_REQUESTS = 150
"""Events that are sent to make others smaller, at most."""

Entry = Mapping[str, Any]
"""An event as in a scenario."""

Send = Callable[[Check], Awaitable[Sequence[Exchange]]]
"""Sends the events of a check, and returns what came of them."""


@dataclass(frozen=True, slots=True)
class _Refused:
    """An event that a webhook refuses, and what came of it last."""

    entry: Entry
    exchange: Exchange

    @property
    def faults(self) -> list[Any]:
        return [*self.entry.get("faults", ())]

    @property
    def base(self) -> Entry:
        return _base_of(self.entry)

    def is_part_of(self, other: _Refused) -> bool:
        """Tell whether another event is refused for the same reason: it has all that this has."""
        has_all = all(each in other.faults for each in self.faults)
        return has_all and (bool(self.faults) or self.base == other.base)


def _base_of(entry: Entry) -> Entry:
    return {name: each for name, each in entry.items() if name != "faults"}


@dataclass(slots=True)
class Shrinking:
    """Looks for the smallest events that a webhook refuses.

    ``send`` delivers events, and ``goes_on`` says whether there is time for more. ``smallest`` has
    what was found so far: without any one of its mutations each of these events is accepted. An
    event that is refused without any mutation is only there if no other was found.
    """

    check: Check
    send: Send
    goes_on: Callable[[], bool]
    smallest: list[Exchange] = field(default_factory=list)
    _found: list[_Refused] = field(default_factory=list)
    _requests: int = 0

    async def run(self, exchanges: Sequence[Exchange]) -> None:
        """Make the refused ones of these events smaller, those with fewest mutations first.

        An event with all mutations of one that was found is tried without these: it may be refused
        for another reason.
        """
        for each in sorted(self._refused(exchanges), key=lambda one: len(one.faults)):
            if not self._has_time():
                break
            other: _Refused | None = each
            while other is not None and (known := self._known(other)) is not None:
                other = await self._without(other, known.faults) if known.faults else None
            if other is not None:
                await self._shrink(other)
        self.smallest += [each.exchange for each in self._found][: not self.smallest]

    def _refused(self, exchanges: Sequence[Exchange]) -> Iterator[_Refused]:
        """Yield the refused events; the number of a delivery is that of its event.

        So each event of a sweep is one delivery, which ``material`` demands of a check. Later
        deliveries are none of its own.
        """
        last = {each.delivery[0]: each for each in exchanges}
        for number, exchange in sorted(last.items()):
            if not exchange.is_accepted and number <= len(self.check.events):
                yield _Refused(self.check.events[number - 1], exchange)

    def _known(self, refused: _Refused) -> _Refused | None:
        return next((each for each in self._found if each.is_part_of(refused)), None)

    def _has_time(self) -> bool:
        return len(self.smallest) < SHOWN and self._requests < _MOST_REQUESTS and self.goes_on()

    async def _shrink(self, refused: _Refused) -> None:
        """Find a smallest event inside of one; if it is accepted by itself, nothing is found.

        It is about what the first event of the sweep is about, if it is refused then too.
        """
        alone = await self._tried(refused.entry)
        if alone is None:
            return
        plain = _base_of(self.check.events[0])
        smaller = await self._tried({**plain, "faults": alone.faults}) or alone
        while (less := await self._smaller(smaller)) is not None:
            smaller = less
        if self._known(smaller) is None:
            self._found.append(smaller)
            self.smallest += [smaller.exchange] if smaller.faults else []

    async def _smaller(self, refused: _Refused) -> _Refused | None:
        """Return the event with one mutation less, if it is refused then too."""
        for each in refused.faults:
            if (found := await self._without(refused, [each])) is not None:
                return found
        return None

    async def _without(self, refused: _Refused, faults: Sequence[Any]) -> _Refused | None:
        """Return the event without some of its mutations, if it is refused then too."""
        left = [each for each in refused.faults if each not in faults]
        return await self._tried({**refused.base, "faults": left})

    async def _tried(self, entry: Entry) -> _Refused | None:
        """Send one event; return it if it is refused. Each time it is about something else."""
        if not self._has_time():
            return None
        self._requests += 1
        name = f"{self.check.name}/{self._requests}"
        *_, last = await self.send(replace(self.check, name=name, events=[entry], sweep=0))
        return None if last.is_accepted else _Refused(entry, last)
