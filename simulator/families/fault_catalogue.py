"""All faults that a scenario may name: those of any event, and those of each family.

The modules of faults are imported when a fault is first asked for, not before.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import cache

from ..core.fault import FaultKind
from ..faults.registry import kinds_in


class _FaultCatalogue(Mapping[str, FaultKind]):
    def __getitem__(self, name: str) -> FaultKind:
        return _kinds()[name]

    def __iter__(self) -> Iterator[str]:
        return iter(_kinds())

    def __len__(self) -> int:
        return len(_kinds())


FAULTS: Mapping[str, FaultKind] = _FaultCatalogue()
"""All faults by name, in alphabetical order."""


@cache
def _kinds() -> Mapping[str, FaultKind]:
    from ..faults import body, delivery, event, headers, key, payload, signature, story, wire
    from .flow_run.faults import activities, events, run

    of_any_event = story, event, payload, body, signature, key, delivery, headers, wire
    found = [kind for each in (*of_any_event, run, activities, events) for kind in kinds_in(each)]
    return {kind.name: kind for kind in sorted(found, key=lambda kind: kind.name)}
