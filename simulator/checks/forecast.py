"""How long the requests of a check will take, from what the webhook needs for an event."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from math import isfinite
from typing import Any

from ..core import duration
from ..core.duration import spell
from ..families.registry import FAULTS
from ..runtime.defaults import TIMEOUT
from ..story.story import Story
from .check import Check
from .pace import AT_ONCE, COMFORT, LONG, Pace

LONGEST_BURST = 30.0
"""Seconds that a burst of a slow webhook may last: it has fewer events then."""

RACE = "simultaneous-duplicates"
"""The fault whose copies race with each other."""

_OWN = 0.001
"""Seconds of our own for each request: it is made, signed and written down."""

_KEYS = 0.15
"""Seconds that it takes to make new keys."""

_OUTAGE, _IN_VAIN = "key-host-down", 6
"""The fault by which both keys are fetched in vain, at each of three attempts."""

_WAITS = ("slow-body", "slow-key-host")
"""Faults that wait for the time that they state."""


@dataclass(frozen=True, slots=True)
class Forecast:
    """``seconds`` that a check takes; ``obstacle`` says why it can give no verdict."""

    seconds: float
    obstacle: str = ""


def time_over(limit: float) -> str:
    """Return why a check is not judged that began too late, or was under way then."""
    return f"the {spell(limit)} of --time-limit were over"


def fitted(check: Check, pace: Pace) -> Check:
    """Return a check whose bursts and races last no longer than ``LONGEST_BURST``.

    A burst has 20 events at least, a race one round.
    """
    each = pace.round(pace.at_once) / pace.at_once
    most = max(AT_ONCE, int(LONGEST_BURST / each)) if each else AT_ONCE
    races = [event for event in check.events if is_race(event)]
    possible = [event for event in races if _copies(event) <= pace.at_once]
    share = LONGEST_BURST / max(1, len(possible))
    events = (
        _with_rounds(event, int(share / max(pace.round(_copies(event)), _OWN)))
        if is_race(event)
        else _with_burst(event, most)
        for event in check.events
        if event not in races or event in possible or not possible
    )
    return replace(check, events=[*events])


def is_race(event: Mapping[str, Any]) -> bool:
    """Return whether copies of an event race with each other."""
    return any(name == RACE for name, _ in _arguments(event))


def _with_rounds(event: Mapping[str, Any], most: int) -> Mapping[str, Any]:
    return {**event, "repeat": max(1, min(most, event.get("repeat", 1)))}


def _with_burst(event: Mapping[str, Any], most: int) -> Mapping[str, Any]:
    """Return an event whose burst has at most so many events."""
    if _copies(event) <= most:
        return event
    faults = [
        {"burst": min(most, fault["burst"])}
        if isinstance(fault, dict) and isinstance(fault.get("burst"), int)
        else fault
        for fault in event.get("faults", ())
    ]
    return {**event, "faults": faults}


def forecast(check: Check, pace: Pace, story_of: Callable[[Check], Story]) -> Forecast:
    """Return how long a check takes; the story is made only for slow webhooks."""
    at_once = min(pace.at_once, check.at_once or pace.at_once)
    seconds = sum(_waves(number, at_once, pace) for number in _moments(check))
    seconds += _OWN * requests(check) + sum(_waits(check)) + _KEYS * check.has_new_keys
    if check.has_new_keys or any(map(_is_about_keys, _faults(check))):
        seconds += sum(map(_fetches, check.events)) * (pace.first - pace.alone)
    races = [_copies(event) for event in check.events if is_race(event)]
    if races and min(races) > pace.at_once:
        return Forecast(0.0, f"{_one_by_one(pace)}, so no two of them can come at one moment")
    if pace.alone < LONG or not check.events:
        return Forecast(seconds)
    largest = max((len(each.events) for each in story_of(check).payloads()), default=1)
    whole = pace.payload(largest)
    if whole > COMFORT and largest > 1:
        return Forecast(
            0.0,
            f"a batch of {largest} events takes {_about(whole)}, and Adobe waits "
            f"{TIMEOUT:.0f} s for an answer; let the webhook answer first, and do the work "
            "afterwards",
        )
    return Forecast(seconds + len(check.events) * (whole - pace.alone))


def _one_by_one(pace: Pace) -> str:
    return f"an event takes {spell(pace.alone)}, and only one at a time is answered in 10 s"


def _about(seconds: float) -> str:
    """Return the seconds in words; a batch of two may not have been answered at all."""
    return f"about {spell(round(seconds))}" if isfinite(seconds) else "too long"


def requests(check: Check) -> int:
    """Return how many requests a check sends, without retries."""
    return sum(_moments(check))


def _moments(check: Check) -> Iterator[int]:
    """Yield how many requests come at each moment, without retries."""
    together = 0
    for event in check.events:
        number, copies = event.get("repeat", 1), _copies(event)
        if "after" in event:  # each of them has a moment of its own
            yield together
            yield from [copies] * (number - 1)
            together = copies
        else:
            together += number * copies
    yield together
    yield from [1] * len(check.probes)


def _waves(number: int, at_once: int, pace: Pace) -> float:
    """Return the seconds for requests of one moment, of which ``at_once`` are under way at once."""
    full, rest = divmod(number, at_once)
    return full * pace.round(at_once) + (pace.round(rest) if rest else 0.0)


def _copies(event: object) -> int:
    """Return how many deliveries an event gets by its faults, such as a burst."""
    named = dict(_arguments(event))
    several = (named.get(name) for name in ("burst", "duplicate", RACE))
    return max((each for each in several if isinstance(each, int)), default=1)


def _faults(check: Check) -> Iterator[str]:
    for event in check.events:
        yield from (name for name, _ in _arguments(event))


def _arguments(event: object) -> Iterator[tuple[str, object]]:
    """Yield name and argument of each fault of an event; ``None`` if it has none."""
    faults = event.get("faults", ()) if isinstance(event, dict) else ()
    for fault in faults:
        yield (fault, None) if isinstance(fault, str) else next(iter(fault.items()))


def _waits(check: Check) -> Iterator[float]:
    for event in check.events:
        for name, argument in _arguments(event):
            if name in _WAITS and argument is not None:
                yield duration.parse(str(argument))


def _fetches(event: object) -> int:
    """Return how many keys are fetched for an event before it is accepted or given up."""
    return _IN_VAIN if any(name == _OUTAGE for name, _ in _arguments(event)) else 1


def _is_about_keys(fault: str) -> bool:
    """Return whether a fault changes what the key host answers, so that keys are fetched anew."""
    return fault in FAULTS and FAULTS[fault].point == "key"
