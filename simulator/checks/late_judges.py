"""Judges of what a webhook still knows: behind many other events, and after a restart."""

from __future__ import annotations

from .check import Verdict, failed, not_judged, passed
from .event_judges import processed_once, spell_times
from .observation import Observation, event_ids, received


def processed_once_late(seen: Observation) -> Verdict:
    """Judge that each event was processed once, though it came again behind many others."""
    verdict = processed_once(seen)
    if verdict.state == "failed":
        return verdict
    if seen.behind is None or seen.behind < seen.memory:
        return not_judged(
            f"only {seen.behind or 0} other events came before the duplicates, and a memory of "
            f"{seen.memory:,} ids is to be found; give the run more time with --time-limit"
        )
    if verdict.state == "passed":
        return passed(f"behind {seen.behind:,} other events")
    return verdict


def kept_over_restart(seen: Observation) -> Verdict:
    """Judge that what was acknowledged before a restart is there after it, and only once."""
    restarted = seen.restarted
    if restarted is None or restarted.problem:
        return not_judged(restarted.problem if restarted else "there was no restart")
    acknowledged = {
        event.id: each for each in seen.exchanges if each.is_accepted for event in each.events
    }
    missing = [each for each in event_ids(seen.exchanges) if each not in acknowledged]
    if missing:
        refused = next(each for each in seen.exchanges if not each.is_accepted)
        return not_judged(f"an event was not acknowledged: {received(refused)}")
    before = seen.processed or {}
    for event_id, exchange in acknowledged.items():
        known = restarted.known.get(event_id, 0)
        finally_known = restarted.finally_known.get(event_id, 0)
        if known < before.get(event_id, 0) or not finally_known:
            found = f"event {event_id} processed {spell_times(known)} after it"
            return failed(
                "what was acknowledged before the restart, also after it", found, exchange
            )
        if finally_known > 1:
            found = f"event {event_id} processed {spell_times(finally_known)}"
            return failed(
                "each event processed once, though the webhook restarted", found, exchange
            )
    return passed(f"{len(acknowledged)} events")
