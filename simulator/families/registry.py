"""Looks up families: their event codes, the runs in their notifications, and all faults.

The modules of families and faults are imported when they are first needed, not before.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import cache
from importlib import import_module
from pkgutil import iter_modules
from types import ModuleType
from typing import Any

from .. import families
from ..core.event import Notification
from ..core.fault import FaultKind


def event_codes() -> dict[str, str]:
    """Return the event codes of every family, each with its label."""
    return {code: label for each in _families() for code, label in each.EVENT_CODES.items()}


def samples() -> dict[str, str]:
    """Return the event codes of every family, each with a shipped scenario that shows it."""
    return {code: name for each in _families() for code, name in each.SAMPLES.items()}


def runs_of(notification: Notification) -> list[dict[str, Any]]:
    """Return the run entities in a notification of any family."""
    family = _families_by_code().get(notification.event_code)
    return family.runs_of(notification) if family else []


@cache
def _families_by_code() -> dict[str, Any]:
    return {code: family for family in _families() for code in family.EVENT_CODES}


@cache
def _families() -> tuple[Any, ...]:
    return tuple(
        import_module(f"{families.__name__}.{found.name}.family")
        for found in iter_modules(families.__path__)
        if found.ispkg
    )


def kinds_in(module: ModuleType) -> Iterator[FaultKind]:
    """Yield the faults that a module defines."""
    return (each for each in vars(module).values() if isinstance(each, FaultKind))


@cache
def _kinds() -> Mapping[str, FaultKind]:
    from ..faults import body, delivery, event, headers, key, payload, signature, story, wire
    from .flow_run.faults import activities, events, run

    of_any_event = story, event, payload, body, signature, key, delivery, headers, wire
    found = [kind for each in (*of_any_event, run, activities, events) for kind in kinds_in(each)]
    return {kind.name: kind for kind in sorted(found, key=lambda kind: kind.name)}


class _FaultCatalogue(Mapping[str, FaultKind]):
    def __getitem__(self, name: str) -> FaultKind:
        return _kinds()[name]

    def __iter__(self) -> Iterator[str]:
        return iter(_kinds())

    def __len__(self) -> int:
        return len(_kinds())


FAULTS: Mapping[str, FaultKind] = _FaultCatalogue()
"""All faults by name, in alphabetical order: those of any event, and those of each family."""
