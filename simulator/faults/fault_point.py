"""How a function becomes a fault that a scenario may name, and the arguments that faults take.

A module of faults has one decorator for each point at which its faults act::

    at_headers = FaultPoint[dict[str, str]]("headers")

    @at_headers(proves="headers are found in any case")
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

from ..core.duration import EXPECTED, parse
from ..core.fault import Expected, Fault, FaultArgument, FaultKind, ValueT
from ..core.identifiers import EVENT_CODE, EVENT_CODE_WORDS, is_event_code

_LONGEST_TEXT = 1_000


@dataclass(frozen=True)
class FaultPoint(Generic[ValueT]):
    """The decorator for faults at a point; if ``family`` is set, only its events can have them."""

    name: str
    family: str = ""

    def __call__(
        self, *, proves: str, expect: Expected = "delivered", argument: FaultArgument | None = None
    ) -> Callable[[Callable[[ValueT, Fault], ValueT]], FaultKind]:
        """Return a decorator that turns a function into a fault at this point.

        The function gets the value of the point and the fault, and returns the changed value.
        ``proves`` says what a correct webhook shows, ``expect`` what becomes of the event there.
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
    """Yield the faults that a module defines."""
    return (each for each in vars(module).values() if isinstance(each, FaultKind))


def duration(default: str) -> FaultArgument:
    """Return an argument that is a duration: seconds above 0, as a float."""

    def read(value: object) -> float:
        is_one = isinstance(value, str | int | float) and not isinstance(value, bool)
        seconds = parse(value) if is_one else 0.0  # type: ignore[arg-type]
        if not seconds:
            raise ValueError(EXPECTED)
        return seconds

    return FaultArgument("duration", default, {"type": ["string", "number", "null"]}, read)


def number(word: str, default: int, least: int, most: int) -> FaultArgument:
    """Return an argument that is a whole number from ``least`` to ``most``."""

    def read(value: object) -> int:
        if isinstance(value, bool) or not isinstance(value, int) or not least <= value <= most:
            raise ValueError(f"a whole number from {least} to {most}")
        return value

    schema = {"type": ["integer", "null"], "minimum": least, "maximum": most}
    return FaultArgument(word, default, schema, read)


def choice(default: str | int, *others: str | int) -> FaultArgument:
    """Return an argument that is one of a few words or numbers; the first is the default."""
    words = (default, *others)

    def read(value: object) -> str | int:
        found = [word for word in words if str(word) == str(value)]
        if not found:
            raise ValueError(" or ".join(map(str, words)))
        return found[0]

    return FaultArgument("|".join(map(str, words)), default, {"enum": [*words, None]}, read)


def code(default: str) -> FaultArgument:
    """Return an argument that is an event code."""

    def read(value: object) -> str:
        if not isinstance(value, str) or not is_event_code(value):
            raise ValueError(f"an event code: {EVENT_CODE_WORDS}")
        return value

    return FaultArgument("code", default, {"type": ["string", "null"], "pattern": EVENT_CODE}, read)


def text(word: str, default: str) -> FaultArgument:
    """Return an argument that is printable ASCII text."""

    def read(value: object) -> str:
        if not isinstance(value, str) or not 0 < len(value) <= _LONGEST_TEXT:
            raise ValueError(f"text of at most {_LONGEST_TEXT} characters")
        if not (value.isascii() and value.isprintable()):
            raise ValueError("text of printable ASCII characters")
        return value

    schema = {"type": ["string", "null"], "minLength": 1, "maxLength": _LONGEST_TEXT}
    return FaultArgument(word, default, schema, read)
