"""What faults do to signed payloads on their way out: signature, key and delivery."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import datetime, timedelta

from ..core.delivery import Delivery
from ..core.fault import acts_at, disturb
from ..core.instant import DueQueue
from ..core.signature import SignedPayload

BEHIND = timedelta(seconds=1)
"""How long after another delivery one is due that has to come behind it."""


class Departures:
    """Takes deliveries in the order in which they are due and gives them back in that order.

    Faults may have made more or fewer of them, or moved them to a later moment. ``rename``
    gives a payload whose key is at fault key paths of its own; ``withhold`` is told what is
    not delivered at all.
    """

    def __init__(
        self,
        rename: Callable[[SignedPayload], SignedPayload],
        withhold: Callable[[Delivery], None],
    ) -> None:
        self._rename = rename
        self._withhold = withhold
        self._later: DueQueue[Delivery] = DueQueue()
        self._behind: list[Delivery] = []
        self._latest: datetime | None = None

    def take(self, delivery: Delivery) -> Iterator[Delivery]:
        """Yield what is due before the next delivery is taken."""
        self._latest = delivery.due
        yield from self._later.until(delivery.due)
        self._let_pass(delivery.due)
        faults = delivery.signed.payload.events[0].faults
        if not faults:
            yield delivery
            return
        deliveries = disturb("delivery", (self._signed(delivery),), faults)
        if not deliveries:
            self._withhold(delivery)
        for each in deliveries:
            if each.behind:
                self._behind.append(each)
            elif each.due > delivery.due:
                self._later.add(each.due, each)
            else:
                yield each

    def rest(self) -> Iterator[Delivery]:
        """Yield what is due after the last delivery."""
        moment = self._latest
        while self._behind and moment is not None:
            self._let_pass(moment)
            moment += BEHIND
        yield from self._later.rest()

    def _signed(self, delivery: Delivery) -> Delivery:
        faults = delivery.signed.payload.events[0].faults
        signed = disturb("signature", delivery.signed, faults)
        if acts_at("key", faults):
            signed = self._rename(signed)
        return replace(delivery, signed=signed)

    def _let_pass(self, due: datetime) -> None:
        """Let those that wait behind others see one more of them become due."""
        waiting = [replace(each, behind=each.behind - 1) for each in self._behind]
        self._behind = [each for each in waiting if each.behind]
        for each in waiting:
            if not each.behind:
                moved = replace(each, due=max(each.due, due + BEHIND))
                self._later.add(moved.due, moved)
