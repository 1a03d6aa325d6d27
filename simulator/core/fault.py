"""A fault: a deliberate disturbance that acts at one point on the way of a delivery.

An event carries its faults along the whole way. Each fault acts at its own point and leaves the
others alone. What a fault draws follows from its seed: the same seed gives the same bytes.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from hashlib import shake_256
from typing import Any, Literal, TypeVar

POINTS = {
    "story": "one event becomes several",
    "run": "the run entity in the notification",
    "event": "the event and its code",
    "payload": "the content of the request body",
    "body": "the same content in other bytes",
    "signature": "the signed payload: its body, signatures and key paths",
    "key": "what the key host answers",
    "delivery": "how often and when it is delivered",
    "headers": "the headers of one attempt",
    "wire": "how one attempt is written to the socket",
}
"""Points in the order in which they act → the value that a fault there gets and returns."""

Expected = Literal["delivered", "rejected", "not-delivered", "not-retried", "withheld"]
"""What becomes of an event at a correct consumer; ``withheld``: no consumer gets it.

The others are what a scenario may expect of an event.
"""

ValueT = TypeVar("ValueT")


@dataclass(frozen=True, slots=True)
class Fault:
    """A fault of one event.

    ``act`` gets the value of the point and this fault, and returns the changed value.
    Faults are equal if their names and arguments are: ``seed`` belongs to the event.
    """

    name: str
    point: str
    argument: Any
    act: Callable[[Any, Fault], Any] = field(compare=False)
    seed: bytes = field(default=b"", compare=False)

    def draw(self, size: int, name: str = "") -> bytes:
        """Return ``size`` bytes for the part of the fault called ``name``."""
        return shake_256(self.seed + name.encode()).digest(size)

    def seeded(self, name: str) -> Fault:
        """Return this fault for another event, with a seed of its own."""
        return replace(self, seed=self.draw(32, f"seed/{name}"))


@dataclass(frozen=True, slots=True)
class FaultArgument:
    """The one argument that a fault may take; ``default`` is written as in a scenario.

    ``read`` raises ``ValueError`` that says what was expected.
    """

    word: str
    default: str | int
    schema: Mapping[str, Any]
    read: Callable[[object], Any]

    def parse(self, value: object) -> Any:
        """Return the value as the fault uses it; ``None`` stands for the default."""
        return self.read(self.default if value is None else value)


@dataclass(frozen=True, slots=True)
class FaultKind:
    """A kind of fault that a scenario may name.

    ``proves`` says what a correct consumer shows under it. Only events of ``family`` can have
    it; all events can, if that is empty.
    """

    name: str
    summary: str
    details: str
    proves: str
    expect: Expected
    point: str
    argument: FaultArgument | None
    family: str
    act: Callable[[Any, Fault], Any]

    @property
    def argument_schema(self) -> Mapping[str, Any]:
        """The JSON Schema of the argument, as a scenario states it."""
        return {"type": "null"} if self.argument is None else self.argument.schema

    def parse(self, argument: object = None) -> Any:
        """Return an argument of a scenario as the fault uses it; ``None`` stands for the default.

        Raises ``ValueError`` that says what was expected.
        """
        if self.argument is not None:
            return self.argument.parse(argument)
        if argument is not None:
            raise ValueError("no argument")
        return None

    def fault(self, argument: object = None, seed: bytes = b"") -> Fault:
        """Return this fault for an event; ``argument`` is written as in a scenario."""
        return Fault(self.name, self.point, self.parse(argument), self.act, seed)


def disturb(point: str, value: ValueT, faults: tuple[Fault, ...]) -> ValueT:
    """Return the value of a point after the faults that act there, in the order given."""
    for fault in faults:
        if fault.point == point:
            value = fault.act(value, fault)
    return value


def acts_at(point: str, faults: tuple[Fault, ...]) -> bool:
    """Tell whether any of the faults acts at a point."""
    return any(fault.point == point for fault in faults)
