"""The faults that a scenario may get on its page: those that a service can apply."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from ...core.fault import POINTS
from ...events_service.control import trigger_faults
from ...families.registry import FAULTS


@dataclass(frozen=True, slots=True)
class FaultChoice:
    """One fault; ``argument`` is its default, empty if it takes none."""

    name: str
    argument: str
    does: str


@dataclass(frozen=True, slots=True)
class FaultGroup:
    """The faults that act at one point, and what the point is."""

    point: str
    faults: Sequence[FaultChoice]


def fault_groups(kinds: Sequence[str]) -> list[FaultGroup]:
    """Return the faults that events of these families may have, by point.

    Faults of other families are left out.
    """
    found: dict[str, list[FaultChoice]] = {}
    for kind in FAULTS.values():
        if kind.family in ("", *kinds) and trigger_faults.is_taken(kind):
            default = "" if kind.argument is None else str(kind.argument.default)
            found.setdefault(kind.point, []).append(FaultChoice(kind.name, default, kind.summary))
    return [FaultGroup(POINTS[point], found[point]) for point in POINTS if point in found]
