"""Subscriber-defined filters: which events a registration asks for (io-events-protocol.md 8)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from .alternatives import parse as alternatives_of
from .finding import REFUSED, Finding, together
from .pattern import FilterPattern, Patterns
from .text import read


@dataclass(frozen=True, slots=True)
class Filter:
    """A filter, compiled; ``text`` is what it was made of."""

    text: str
    alternatives: tuple[tuple[FilterPattern, ...], ...] = field(repr=False, compare=False)

    def matches(self, event: Mapping[str, Any]) -> bool:
        """Tell whether an event, as it would be delivered, is asked for.

        Anything but an object never is.
        """
        if not isinstance(event, Mapping):
            return False
        findings = _Findings(event)
        return any(
            together(map(findings.__getitem__, patterns)) != REFUSED
            for patterns in self.alternatives
        )


class _Findings(dict[FilterPattern, Finding]):
    """What patterns find in one event; alternatives may share a pattern, which looks once."""

    def __init__(self, event: Mapping[str, Any]) -> None:
        self._event = event

    def __missing__(self, pattern: FilterPattern) -> Finding:
        self[pattern] = pattern.look_in(self._event)
        return self[pattern]


def parse(text: str) -> Filter:
    """Return the filter that JSON text holds; raises ``FilterError`` for what is none.

    The error names the place (``data.user.email[0].prefix``), what stands there and what
    may. A filter has bounds, which Adobe has too and does not publish: 65,536 characters,
    32 levels, 1,000 alternatives, paths of 10,000 fields together.
    """
    alternatives = alternatives_of(read(text))
    made = Patterns()
    return Filter(text, tuple((*made.of(each.items()).values(),) for each in alternatives.each))
