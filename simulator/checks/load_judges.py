"""Judges of many events at once: none is refused, and none waits for a slow one."""

from __future__ import annotations

from collections.abc import Sequence
from statistics import median

from ..core.trace import is_refused
from .attempt_judges import puts_off
from .check import Verdict, failed, not_judged, passed
from .event_judges import every
from .observation import Exchange, Observation, received
from .pace import AT_ONCE

_BEFORE = 0.2
"""Seconds before the answer to the slow event in which it may already delay the others."""

_HELD_UP = 3
"""An event that waits for the slow one takes at least this many times as long as one afterwards."""


def burst_accepted(seen: Observation) -> Verdict:
    """Judge that no event is refused; a postponed event is sent again, so it is not lost.

    Source: docs/adobe/io-events-protocol.md §4.2.
    """
    if seen.at_once < AT_ONCE:
        return failed(
            f"{AT_ONCE} events at once, each answered within 10 s",
            f"at most {seen.at_once} at once are answered in time, as measured at the start",
        )
    put_off = [each for each in seen.exchanges if puts_off(each)]
    verdict = every(
        [each for each in seen.exchanges if each not in put_off],
        lambda each: each.is_accepted,
        "a 2xx, or a 503 that asks for a retry",
    )
    if verdict.state != "passed":
        return verdict
    if put_off:
        of = f"{len({each.delivery for each in put_off})} of {len(seen.ends)}"
        return not_judged(f"{of} got {put_off[0].status}, and come again in a minute")
    if len(seen.exchanges) < AT_ONCE:
        return not_judged(f"{len(seen.exchanges)} events came, and a burst has {AT_ONCE} at least")
    ordered = sorted(each.outcome.elapsed * 1000 for each in seen.exchanges)
    half, p99 = (ordered[len(ordered) * part // 100] for part in (50, 99))
    return passed(f"{len(seen.ends)} events, p50 {half:.0f} ms, p99 {p99:.0f} ms")


def not_held_up_by_slow_sender(seen: Observation) -> Verdict:
    """Fail a webhook that answers almost no event while it receives one with a slow body.

    A webhook that serves one request at a time answers nothing during the slow one, and is quick
    afterwards. A webhook that is as slow afterwards as before runs on a busy machine.
    """
    slow = next(seen.with_fault("slow-body"), None)
    if slow is None or not slow.is_accepted:
        return _without(slow, "slow-body")
    others = _others(seen, slow)
    if _are_held_up(slow, others):
        return failed("answers before its body is complete", _in_its_time(slow, others), slow)
    if not any(each.began < slow.ended and slow.began < each.ended for each in others):
        return not_judged("no other event was under way while the slow one arrived")
    return passed()


def not_held_up_by_slow_key_host(seen: Observation) -> Verdict:
    """Fail a webhook that answers almost no event while it waits for a key of another one.

    An event to refuse needs no key. If such an event waits too, the webhook serves one request at
    a time, and this says nothing about its keys.
    """
    slow = next(seen.with_fault("slow-key-host"), None)
    if slow is None or not slow.is_accepted:
        return _without(slow, "slow-key-host")
    others = _others(seen, slow)
    keyless = [each for each in others if is_refused(each.events[0].expect)]
    if _meanwhile(slow, keyless) < len(keyless):
        return not_judged("events that need no key were not answered meanwhile either")
    known = [each for each in others if each not in keyless]
    if _are_held_up(slow, known):
        return failed("answers while the key is fetched", _in_its_time(slow, known), slow)
    return passed()


def _without(slow: Exchange | None, fault: str) -> Verdict:
    """Return why nothing can be said without an accepted event that has this fault."""
    if slow is None:
        return not_judged(f"no event of this check has the fault {fault}")
    return not_judged(f"the event with the fault {fault} was not accepted: {received(slow)}")


def _others(seen: Observation, slow: Exchange) -> list[Exchange]:
    return [each for each in seen.exchanges if each.delivery != slow.delivery]


def _are_held_up(slow: Exchange, others: Sequence[Exchange]) -> bool:
    """Return whether almost no other event was answered during the slow one, but soon after it."""
    few = _meanwhile(slow, others) < len(others) / 4
    return few and _is_quicker_after(slow, others)


def _meanwhile(slow: Exchange, others: Sequence[Exchange]) -> int:
    return sum(each.ended < slow.ended - _BEFORE for each in others)


def _in_its_time(slow: Exchange, others: Sequence[Exchange]) -> str:
    number = f"{_meanwhile(slow, others)} of {len(others)}"
    return f"{number} in the {slow.outcome.elapsed:.1f} s that it took"


def _is_quicker_after(slow: Exchange, others: Sequence[Exchange]) -> bool:
    """Return whether events after the slow one are answered much faster than those during it."""
    beside = [each.outcome.elapsed for each in others if each.began < slow.ended]
    after = [each.outcome.elapsed for each in others if each.began >= slow.ended]
    return not after or max(beside, default=0.0) > _HELD_UP * median(after)
