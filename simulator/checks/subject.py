"""What the events of the checks are about: the events of one family."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import chain
from typing import Any

from ..core.event import Notification
from ..families.base import Family
from ..families.entities import RunState
from ..families.registry import FAULTS, Families
from ..families.single_event import SingleEvent
from ..families.unknown_code import unknown_code
from .check import Check


@dataclass(frozen=True, slots=True)
class Subject:
    """What an event of a check is about, if the check does not say.

    ``entry`` is what an entry of a scenario says: ``{key of the family: …}``. With ``families``
    each such entry tells one event. ``code`` is its event code; it is empty if none was asked for.
    """

    family: Family
    entry: Mapping[str, Any]
    families: Families
    code: str = ""

    def completed(self, event: Mapping[str, Any]) -> dict[str, Any]:
        """Return the entry of a scenario for an event of a check."""
        is_complete = any(name in self.families for name in event)
        return dict(event) if is_complete else {**self.entry, **event}

    def state_of(self, notification: Notification) -> RunState | None:
        """Return what a notification says about a run; ``None`` if it is about none."""
        families = chain([self.family], self.families.with_checks())
        found = (family.state_of(notification) for family in families)
        return next((state for state in found if state is not None), None)

    def suited(self, check: Check) -> Check | None:
        """Return a check without its events about other families; ``None`` if nothing is left.

        A check of the user is returned as it is.
        """
        if check.file:
            return check
        events, thorough = map(self._own, (check.events, check.thorough_events))
        is_other = check.family not in ("", self.family.name)
        if is_other or (check.events and not events):
            return None
        return replace(check, events=events, thorough_events=thorough)

    def _own(self, events: Sequence[Mapping[str, Any]]) -> list[Mapping[str, Any]]:
        """Return the events of a check without those with a fault of another family."""
        return [each for each in events if {*_families_of(each)} <= {self.family.name}]


def subject_of(code: str | None, families: Families) -> Subject:
    """Return what checks are about: events with ``code``, or those of the usual family.

    That is the first one with checks of its own. Raises ``SettingError`` for an unknown code.
    """
    if code is None:
        family = _usual_family(families)
        return Subject(family, _entry(family, next(iter(family.codes))), families)
    found = families.by_code(code)
    if found is None:
        raise unknown_code(code, families)
    single = families.replaced(SingleEvent(found, code))
    return Subject(found, _entry(found, code), single, code)


def _entry(family: Family, code: str) -> dict[str, Any]:
    return {family.name: family.codes[code].example}


def _usual_family(families: Families) -> Family:
    """Return the first family with checks, or else the first with event codes."""
    found = next(families.with_checks(), None)
    return found or next(family for family in families.readable()[0] if family.codes)


def _families_of(event: Mapping[str, Any]) -> Iterator[str]:
    """Yield the families whose events an event of a check needs: those of its faults.

    A fault that is not there belongs to a family that is not there.
    """
    for fault in event.get("faults", ()):
        name = fault if isinstance(fault, str) else next(iter(fault))
        family = FAULTS[name].family if name in FAULTS else name
        if family:
            yield family
