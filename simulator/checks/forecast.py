"""How long the requests of a check will take, from what the webhook needs for an event."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from math import isfinite
from typing import Any

from ..core import duration
from ..core.duration import spell
from ..story.story import Story
from .check import Check
from .pace import AT_ONCE, COMFORT, LONG, Pace

ANSWERS_WITHIN = 10.0
"""Seconds in which Adobe wants an answer (docs/adobe/io-events-protocol.md §4.1)."""

LONGEST_BURST = 30.0
"""Seconds that a burst of a slow webhook may last: it has fewer events then."""

_OWN = 0.003
"""Seconds of our own for each request: it is made, signed and written down."""

_KEYS = 0.15
"""Seconds that it takes to make new keys."""

_WAITS = ("slow-body", "slow-key-host")
"""Faults that wait for the time that they state."""


@dataclass(frozen=True, slots=True)
class Forecast:
    """``seconds`` that a check takes; ``obstacle`` says why it can give no verdict."""

    seconds: float
    obstacle: str = ""


def fitted(check: Check, pace: Pace) -> Check:
    """Return a check whose bursts last no longer than ``LONGEST_BURST``, but have 20 events."""
    each = pace.round(pace.at_once) / pace.at_once
    most = max(AT_ONCE, int(LONGEST_BURST / each)) if each else AT_ONCE
    if all(number <= most for number in map(_copies, check.events)):
        return check
    return replace(check, events=[_with_burst(event, most) for event in check.events])


def _with_burst(event: Mapping[str, Any], most: int) -> Mapping[str, Any]:
    """Return an event whose burst has at most so many events."""
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
    seconds += _OWN * sum(_moments(check)) + sum(_waits(check)) + _KEYS * check.has_new_keys
    if check.has_new_keys or any(map(_is_about_keys, _faults(check))):
        seconds += len(check.events) * (pace.first - pace.alone)
    if pace.alone < LONG or not check.events:
        return Forecast(seconds)
    largest = max((len(each.events) for each in story_of(check).payloads()), default=1)
    whole = pace.payload(largest)
    if whole > COMFORT and largest > 1:
        return Forecast(
            0.0,
            f"a batch of {largest} events takes {_about(whole)}, and Adobe waits "
            f"{ANSWERS_WITHIN:.0f} s for an answer; let the webhook answer first, and do the work "
            "afterwards",
        )
    return Forecast(seconds + len(check.events) * (whole - pace.alone))


def _about(seconds: float) -> str:
    """Return the seconds in words; a batch of two may not have been answered at all."""
    return f"about {spell(round(seconds))}" if isfinite(seconds) else "too long"


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
    several = (named.get(name) for name in ("burst", "duplicate", "simultaneous-duplicates"))
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


def _is_about_keys(fault: str) -> bool:
    return "key" in fault
