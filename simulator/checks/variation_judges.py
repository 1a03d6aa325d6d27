"""The judge of variations: events that differ from an accepted event in one change each."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from .check import Verdict, failed, not_judged, passed
from .observation import Exchange, Observation, received

_SHOWN = 3
"""Variations that a verdict names, at most."""


@dataclass(slots=True)
class _Group:
    """An event, the control, and its variations: they have all of its faults, and others."""

    control: Exchange
    variations: list[Exchange] = field(default_factory=list)

    def takes(self, other: Exchange) -> bool:
        """Tell whether an event is a variation of the control."""
        return {*self.control.mutations} < {*other.mutations}

    def changes(self, variation: Exchange) -> str:
        """Return what a variation changes, in words."""
        own = (each for each in variation.mutations if each not in self.control.mutations)
        return " + ".join(own)


def variations_accepted(seen: Observation) -> Verdict:
    """Judge that each variation of an accepted event is accepted.

    An event without the faults of the one before it begins a group. The next events are its
    variations as long as they have its faults and others. The variations of a refused event prove
    nothing about what they change, and are left out.
    """
    groups = _groups_of(seen.ends)
    judged = [each for each in groups if each.control.is_accepted]
    if not judged:
        return not_judged(
            f"the same events without the change are refused too: {received(groups[0].control)}"
        )
    wrong = [(group, each) for group in judged for each in group.variations if not each.is_accepted]
    if not wrong:
        return passed(_left_out(len(groups) - len(judged), len(groups)))
    names = list(dict.fromkeys(group.changes(each) for group, each in wrong))
    number = sum(len(each.variations) for each in judged)
    found = f"{received(wrong[0][1])} ({len(wrong)} of {number}: {_first(names)})"
    return failed("a 2xx, as without the change", found, wrong[0][1])


def _groups_of(ends: Sequence[Exchange]) -> list[_Group]:
    groups: list[_Group] = []
    for each in ends:
        if groups and groups[-1].takes(each):
            groups[-1].variations.append(each)
        else:
            groups.append(_Group(each))
    return groups


def _left_out(number: int, all_of_them: int) -> str:
    """Return a note about groups that prove nothing; empty if there are none."""
    if not number:
        return ""
    return f"{number} of {all_of_them} forms of events are refused without the change too"


def _first(names: Sequence[str]) -> str:
    more = len(names) - _SHOWN
    return ", ".join(names[:_SHOWN]) + (f" and {more} more" if more > 0 else "")
