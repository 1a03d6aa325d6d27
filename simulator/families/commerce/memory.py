"""What entries with one label have said and told so far, so that later ones agree with it."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from ..entries import Passage
from .spec import CommerceSpec

BEGUN = ""
"""The name of the first change of all."""

_PARTS = ("order", "product", "customer")
_NAME = "commerce"


@dataclass(slots=True)
class Memory:
    """What was said about the order, the product and the customer, and when what happened.

    ``times`` has the first moment of each step.
    """

    said: dict[str, Any] = field(default_factory=dict)
    times: dict[str, datetime] = field(default_factory=dict)

    def merged(self, said: CommerceSpec) -> CommerceSpec:
        """Return what an entry says, with what earlier ones said about the same thing."""
        for name in _PARTS:
            own = getattr(said, name)
            stated = {each: getattr(own, each) for each in own.model_fields_set}
            self.said[name] = {**self.said.get(name, {}), **stated}
        parts = {name: getattr(said, name).model_copy(update=self.said[name]) for name in _PARTS}
        return said.model_copy(update=parts)

    def note(self, step: str, changed: datetime) -> None:
        """Note that a step was done, unless it was done before."""
        for name in (BEGUN, step):
            self.times.setdefault(name, changed)


def memory_of(label: str | None, passage: Passage) -> Memory:
    """Return what is known of a label; an entry without one begins with nothing."""
    if label is None:
        return Memory()
    found: Memory = passage.labels.setdefault(label, {}).setdefault(_NAME, Memory())
    return found
