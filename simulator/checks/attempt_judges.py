"""Judges of first attempts: a retry is a second chance, not the way to accept an event."""

from __future__ import annotations

from collections.abc import Iterator

from ..core.outcome import TIMEOUT
from ..core.printable import count
from ..runtime.defaults import TIMEOUT as LIMIT
from .check import Verdict, failed, not_judged, passed
from .observation import Exchange, Observation, received

TOO_MANY = 429
"""The answer to more requests than a webhook takes at once: that is about our speed."""

BUSY = 503
"""The answer of a webhook that has too much to do, or that lacks something for a moment."""

_EXCUSES = ("key", "wire")
"""Points of faults after which a first attempt may fail: no key, or no complete request."""


def puts_off(exchange: Exchange) -> bool:
    """Return whether a webhook says that it takes the event later: it answers 429 or 503."""
    return exchange.status in (TOO_MANY, BUSY)


def accepted_at_first(seen: Observation) -> Verdict:
    """Judge that no event was accepted only at a retry, unless something excuses that."""
    for first, last in _late(seen):
        if not _is_excused(first, seen):
            found = f"{received(first)} at first, and a 2xx at attempt {last.attempt}"
            return failed("a 2xx at the first attempt", found, first)
    return passed()


def each_accepted_at_first(seen: Observation) -> Verdict:
    """Judge as ``accepted_at_first``; what is refused for good is the matter of other checks."""
    accepted = [each for each in seen.ends if each.acknowledged]
    if not accepted:
        return not_judged(f"no event that is to be accepted was: {received(seen.ends[0])}")
    if any(first.status == TOO_MANY for first, _ in _late(seen)):
        return not_judged(f"the webhook answers {TOO_MANY}; raise its limit of requests")
    verdict = accepted_at_first(seen)
    return passed(count(len(accepted), "event")) if verdict.state == "passed" else verdict


def answered_in_time(seen: Observation) -> Verdict:
    """Judge that each event got an answer within the 10 seconds of its first attempt: any answer.

    Source: docs/adobe/io-events-protocol.md §4.1.
    """
    firsts = [each for each in seen.exchanges if each.attempt == 1]
    late = next((each for each in firsts if each.status == TIMEOUT), None)
    if late is not None:
        return failed(f"an answer within {LIMIT:.0f} s", received(late), late)
    return passed(f"at most {max(each.outcome.elapsed for each in firsts):.1f} s")


def _late(seen: Observation) -> Iterator[tuple[Exchange, Exchange]]:
    """Yield the first and the last attempt of each delivery that was accepted at a retry."""
    firsts = {each.delivery: each for each in seen.exchanges if each.attempt == 1}
    for last in seen.ends:
        first = firsts.get(last.delivery)
        if first is not None and last.acknowledged and last.attempt > 1:
            yield first, last


def _is_excused(first: Exchange, seen: Observation) -> bool:
    """Return whether a fault, our speed, or other requests at the same time explain a failure."""
    if first.status == TOO_MANY:
        return True
    if any(fault.point in _EXCUSES for fault in first.events[0].faults):
        return True
    return (not first.is_answered or first.status == BUSY) and any(
        each is not first and each.began < first.ended and first.began < each.ended
        for each in seen.exchanges
    )
