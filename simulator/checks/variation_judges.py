"""The judges of variations: events that differ from others in one change each, or in several."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from ..core.printable import count
from .check import Verdict, failed, not_judged, passed
from .mutated_parts import mutated_parts
from .observation import Exchange, Observation, received

_SHOWN = 3
"""Variations that a verdict names, at most."""


_LONGEST = 300
"""Characters of a body, or of its changed parts, that a verdict shows, at most."""


@dataclass(slots=True)
class _Alike:
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
    variations as long as they have its faults and others. Of those that are refused, one with the
    fewest faults is shown. The variations of a refused event prove
    nothing about what they change, and are left out.
    """
    groups = _groups_of(seen.ends)
    varied = [each for each in groups if each.variations]
    if not varied:
        return not_judged("no event of this check has the faults of the one before it, and others")
    judged = [each for each in varied if each.control.is_accepted]
    if not judged:
        return not_judged(
            f"the same events without the change are refused too: {received(varied[0].control)}"
        )
    wrong = [(group, each) for group in judged for each in group.variations if not each.is_accepted]
    if not wrong:
        left_out = sum(not each.control.is_accepted for each in groups)
        return passed(_left_out(left_out, len(groups)))
    names = list(dict.fromkeys(group.changes(each) for group, each in wrong))
    number = sum(len(each.variations) for each in judged)
    shown = min((each for _, each in wrong), key=lambda each: len(each.mutations))
    found = f"{received(shown)} ({len(wrong)} of {number}: {_first(names)})"
    return failed("a 2xx, as without the change", found, shown)


def combinations_accepted(seen: Observation) -> Verdict:
    """Judge that all events of a sweep are accepted; the smallest of those that are not are shown.

    If none of them is refused when it comes alone, the first that was refused is shown.
    """
    refused = [each for each in seen.ends if not each.is_accepted]
    if not seen.ends:
        return not_judged("no event of the sweep was sent")
    if not refused:
        return passed(count(len(seen.ends), "event"))
    if not seen.smallest:
        found = f"{_described(refused[0])}; sent again by itself it was not refused"
        return failed("a 2xx", found, refused[0])
    found = "; ".join(map(_described, seen.smallest))
    return failed("a 2xx", found, seen.smallest[0])


def _described(refused: Exchange) -> str:
    """Return the answer to an event, its mutations, and what they changed in its body.

    If that is not known, or if it is the form of the event, the beginning of its body is shown.
    """
    changes = " + ".join(refused.mutations) or "no mutation"
    text = mutated_parts(refused) or refused.body.decode("utf-8", "replace")
    shown = text if len(text) <= _LONGEST else f"{text[:_LONGEST]}…"
    return f"{received(refused)} with {changes}: {shown}"


def _groups_of(ends: Sequence[Exchange]) -> list[_Alike]:
    groups: list[_Alike] = []
    for each in ends:
        if groups and groups[-1].takes(each):
            groups[-1].variations.append(each)
        else:
            groups.append(_Alike(each))
    return groups


def _left_out(number: int, all_of_them: int) -> str:
    """Return a note about groups that prove nothing; empty if there are none."""
    if not number:
        return ""
    return f"{number} of {all_of_them} forms of events are refused without the change too"


def _first(names: Sequence[str]) -> str:
    more = len(names) - _SHOWN
    return ", ".join(names[:_SHOWN]) + (f" and {more} more" if more > 0 else "")
