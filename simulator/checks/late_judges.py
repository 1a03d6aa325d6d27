"""Judges of what a webhook still knows: behind many other events, and after a restart."""

from __future__ import annotations

from ..core.printable import count
from .check import Verdict, failed, not_judged, passed
from .event_judges import ONCE, hindered_by, processed_once, spell_processed, spell_times
from .observation import Observation, acknowledged, not_acknowledged

_KEPT = "what was acknowledged before the restart, also after it"


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
    if (refused := not_acknowledged(seen.exchanges)) is not None:
        return hindered_by(refused)
    before, found = seen.processed or {}, acknowledged(seen.exchanges)
    for event_id, (_, exchange) in found.items():
        known = restarted.known.get(event_id, 0)
        finally_known = restarted.finally_known.get(event_id, 0)
        if known < before.get(event_id, 0) or not finally_known:
            return failed(_KEPT, f"{spell_processed(event_id, known)} after it", exchange)
        if finally_known > 1:
            what = spell_processed(event_id, finally_known)
            return failed(f"{ONCE}, though the webhook restarted", what, exchange)
    return passed(count(len(found), "event"))


def all_kept_over_restart(seen: Observation) -> Verdict:
    """Judge as ``kept_over_restart``, and so a sample of what all other checks have sent."""
    verdict, restarted = kept_over_restart(seen), seen.restarted
    if verdict.state != "passed" or restarted is None:
        return verdict
    before, known, sample = seen.processed or {}, restarted.known, restarted.sample
    lost = [each for each in sample if known.get(each, 0) < before.get(each, 0)]
    if lost:
        times = spell_times(before[lost[0]])
        what = f"{spell_processed(lost[0], known.get(lost[0], 0))} after it, and {times} before"
        return failed(_KEPT, f"{what} ({len(lost)} of {len(sample)} events of other checks)")
    return passed(f"{verdict.note}, and {len(sample)} of other checks" if sample else verdict.note)
