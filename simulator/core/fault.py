"""A fault: one thing that goes wrong on purpose on the delivery side, at one station.

An event carries its faults through all stations; each fault acts at its own and leaves the
others alone. What a fault draws follows from its seed, so a story with faults can be told
again byte for byte.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from hashlib import shake_256
from typing import Any, TypeVar

STATIONS = {
    "story": "one event becomes several",
    "run": "the run entity that the notification holds",
    "event": "the event and its code",
    "payload": "the content of the request body",
    "body": "the same content in other bytes",
    "signature": "what signing made of the payload",
    "key": "what the key host answers",
    "delivery": "how often and when it is delivered",
    "headers": "the headers of one attempt",
    "wire": "how one attempt is written to the socket",
}
"""Stations in the order in which they act → what a fault there is handed and hands back."""

ValueT = TypeVar("ValueT")


@dataclass(frozen=True, slots=True)
class Fault:
    """A fault as a scenario names it.

    ``act`` is handed the station's value and this fault, and returns the changed value.
    Faults are equal if their names and arguments are: ``seed`` is what tells events apart.
    """

    name: str
    station: str
    argument: Any
    act: Callable[[Any, Fault], Any] = field(compare=False)
    seed: bytes = field(default=b"", compare=False)

    def draw(self, size: int, name: str = "") -> bytes:
        """Return ``size`` bytes for the part of the fault called ``name``."""
        return shake_256(self.seed + name.encode()).digest(size)

    def seeded(self, name: str) -> Fault:
        """Return this fault as another event has it: what it draws is its own."""
        return replace(self, seed=self.draw(32, f"seed/{name}"))


def disturb(station: str, value: ValueT, faults: tuple[Fault, ...]) -> ValueT:
    """Return a station's value after the faults that act there, in the order given."""
    for fault in faults:
        if fault.station == station:
            value = fault.act(value, fault)
    return value


def acts_at(station: str, faults: tuple[Fault, ...]) -> bool:
    """Tell whether any of the faults acts at a station."""
    return any(fault.station == station for fault in faults)
