"""What a check must send so that its judge can decide: without it, the check would always pass.

Here is what a file says. What only shows when the events are sent, the judges do not judge then.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, NamedTuple

from ..core.trace import is_accepted, is_refused
from ..families.registry import Families
from ..files.document import Path
from ..scenario.model import EventSpec, Scenario, kinds_of, said_in
from .check_spec import CheckSpec
from .forecast import RACE
from .observation import PLACED
from .pace import AT_ONCE

EVENTS = ("events", "thorough_events")
"""The keys of a check that hold events."""

_MARKUP = "<script>"

_DRAWN = ("repeat", "faults", "event_id", "expect")
"""What no event of a sweep may state: a sweep draws its faults, and each is new and accepted."""

_FAULT: Mapping[str, tuple[str, ...]] = {
    "rounds_processed_once": (RACE,),
    "not_held_up_by_slow_sender": ("slow-body",),
    "not_held_up_by_slow_key_host": ("slow-key-host",),
}
"""Judge → the faults of which one event at least must have one."""

_FAULT_OF_LAST: Mapping[str, tuple[str, ...]] = dict.fromkeys(
    ("odd_event_not_processed", "other_events_processed"),
    PLACED,
)
"""Judge → the faults of which the last event must have one, since it looks at this event."""

_OF_ACCEPTED = (
    "processed_once",
    "processed_once_late",
    "rounds_processed_once",
    "each_accepted_at_first",
    "state_kept",
    "state_kept_over_restart",
)
"""Judges of what becomes of the events that a correct webhook accepts."""

_OF_REFUSED = (
    "refused_or_not_processed",
    "refused_without_foreign_visit",
    "not_held_up_by_slow_key_host",
)
"""Judges of what becomes of the events that a correct webhook refuses, or when it does."""


class Lack(NamedTuple):
    """What is wrong: where it is in the check, what is there, and what should be."""

    path: Path
    found: str
    expected: str
    at_key: bool = False


def of_spec(judge: str, spec: CheckSpec) -> Iterator[Lack]:
    """Yield what does not fit a judge in the keys of a check."""
    yield from _of_again(judge, spec)
    yield from _of_sweep(judge, spec)
    if judge == "burst_accepted" and spec.at_once not in (None, AT_ONCE):
        expected = f"{AT_ONCE} or no at_once for the judge {judge}"
        yield Lack(("at_once",), f"{spec.at_once} at once", expected)
    for number, probe in enumerate(spec.probes):
        prefix = probe.challenge.prefix if probe.challenge else ""
        if judge == "markup_not_in_a_page" and _MARKUP not in prefix:
            expected = f'{{challenge: {{prefix: "{_MARKUP}"}}}} for the judge {judge}'
            yield Lack(("probes", number), "a challenge without markup", expected)
    validations = [each.validation for each in spec.probes if each.validation]
    if judge == "no_visit_to_foreign_host" and not any(each.foreign for each in validations):
        expected = f"{{validation: {{foreign: true}}}} for the judge {judge}"
        yield Lack(("probes",), "no validation that leads to a foreign host", expected)


def _of_again(judge: str, spec: CheckSpec) -> Iterator[Lack]:
    path, beside = ("again",), f"again: {spec.again} beside the judge {judge}"
    if spec.again == "restart" and judge != "kept_over_restart":
        expected = "judge: kept_over_restart, the only one that knows the counts after a restart"
        yield Lack(path, beside, expected)
    if spec.again == "end" and judge == "kept_over_restart":
        expected = "again: restart, or no again for events that come right before the restart"
        yield Lack(path, beside, expected)
    if spec.again == "end" and judge == "state_kept_over_restart":
        yield Lack(path, beside, "no again, for events that come right before the restart")
    if judge == "processed_once_late" and spec.again is None:
        found = "processed_once_late without again"
        yield Lack(("judge",), found, "again: end beside it, so that the events come late again")
    if spec.again and not (spec.events or spec.sweep):
        yield Lack(path, "again without events", "events, since no probe is sent again")


def _of_sweep(judge: str, spec: CheckSpec) -> Iterator[Lack]:
    if spec.sweep is None:
        if judge == "combinations_accepted":
            yield Lack(("judge",), f"{judge} without sweep", "sweep beside it, as in sweep: 100")
        return
    if judge != "combinations_accepted":
        yield Lack(("sweep",), f"sweep beside the judge {judge}", "judge: combinations_accepted")
    if spec.probes:
        yield Lack(("probes",), "probes", "none beside sweep, which is about events")
    if spec.registration.get("delivery_type") == "webhook_batch":
        path, expected = ("registration", "delivery_type"), "webhook beside sweep: single events"
        yield Lack(path, "webhook_batch", expected)
    for key in EVENTS:
        for number, event in enumerate(getattr(spec, key)):
            yield from _of_event_of_sweep((key, number), event)


def _of_event_of_sweep(path: Path, event: Any) -> Iterator[Lack]:
    for key in _DRAWN:
        if isinstance(event, dict) and key in event:
            expected = "none: a sweep draws the faults, and each event is new and to be accepted"
            yield Lack((*path, key), f"{key} in an event of a sweep", expected, at_key=True)


def of_events(
    judge: str, spec: CheckSpec, scenario: Scenario, families: Families
) -> Iterator[tuple[str, str]]:
    """Yield what the events of a check lack for its judge: what was found and what is expected.

    ``scenario`` holds the events, which have no mistakes.
    """
    events, of_judge = scenario.events, f"for the judge {judge}"
    wanted = _FAULT.get(judge, ())
    if wanted and not any(_has(each, wanted) for each in events):
        yield f"no event with {wanted[0]}", f"this fault in one of them, {of_judge}"
    wanted = _FAULT_OF_LAST.get(judge, ())
    if wanted and not _has(events[-1], wanted):
        yield "a last event like the others", f"the fault {' or '.join(wanted)} {of_judge}"
    if judge in _OF_ACCEPTED and not any(is_accepted(each.expect) for each in events):
        yield "no event that is to be accepted", f"one without expect {of_judge}"
    if judge in _OF_REFUSED and not any(is_refused(each.expect) for each in events):
        yield "no event that is to be refused", f"expect: not-delivered {of_judge}"
    for each in events if spec.sweep else ():
        number = len(families[kinds_of(each)[0]].offsets(said_in(each)))
        if number > 1:
            expected = "entries of one event each, or no events and --event CODE"
            yield f"an entry of {number} events", expected


def _has(event: EventSpec, faults: tuple[str, ...]) -> bool:
    """Tell whether an event is sent with one of some faults."""
    names = {each.name for each in event.faults}
    return not names.isdisjoint(faults) and "drop" not in names
