"""How a function becomes a fault that a scenario may name.

A module of faults has one decorator for each point at which its faults act::

    at_headers = FaultPoint[dict[str, str]]("headers")

    @at_headers(proves="headers are found in any case", expect="delivered")
    def header_case(headers: dict[str, str], _: Fault) -> dict[str, str]:
        \"\"\"Header names are written in capitals.

        What else there is to know, and which heading of the sources says so.
        \"\"\"
        return {name.title(): value for name, value in headers.items()}

The function's name, with dashes, is the fault's name in a scenario: ``header-case``.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from types import ModuleType
from typing import Generic

from ..core.fault import Expected, Fault, FaultArgument, FaultKind, ValueT


@dataclass(frozen=True)
class FaultPoint(Generic[ValueT]):
    """A point, for the faults that act there; ``family`` is that of the events they need."""

    name: str
    family: str = ""

    def __call__(
        self, *, proves: str, expect: Expected, argument: FaultArgument | None = None
    ) -> Callable[[Callable[[ValueT, Fault], ValueT]], FaultKind]:
        """Return a decorator that turns a function into a fault at this point.

        The function gets the value of the point and the fault, and returns the changed value.
        The first line of its docstring says what the fault does, the rest are details.
        """

        def kind(act: Callable[[ValueT, Fault], ValueT]) -> FaultKind:
            name = act.__name__.replace("_", "-")
            summary, _, rest = (act.__doc__ or "").partition("\n")
            details = " ".join(rest.split())
            return FaultKind(
                name, summary, details, proves, expect, self.name, argument, self.family, act
            )

        return kind


def kinds_in(module: ModuleType) -> Iterator[FaultKind]:
    """Yield the faults of a module."""
    return (each for each in vars(module).values() if isinstance(each, FaultKind))
