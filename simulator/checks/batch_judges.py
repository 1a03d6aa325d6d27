"""Judges of batches in which one event is not like the others."""

from __future__ import annotations

from ..core.delivery import is_retried
from .check import Verdict, failed, not_judged, passed
from .event_judges import IN_TIME, every, spell_processed
from .observation import Observation, received


def odd_event_not_processed(seen: Observation) -> Verdict:
    """Judge that the event of a batch that is for another client id was not processed."""
    last = seen.ends[-1]
    odd = last.odd
    times = (seen.processed or {}).get(odd.id, 0) if odd else 0
    if odd and times:
        done = f"{received(last)}, and {spell_processed(odd.id, times)}"
        return failed("no processing for another client id", done, last)
    if not last.is_accepted and is_retried(last.status):
        return not_judged(f"the batch was put off, and not refused: {received(last)}")
    return passed()


def not_refused_for_good(seen: Observation) -> Verdict:
    """Judge that each delivery was acknowledged, or refused in a way that has it sent again."""
    return every(
        seen.ends,
        lambda each: each.is_accepted or is_retried(each.status),
        "a 2xx, or a 5xx that asks for a retry",
    )


def other_events_processed(seen: Observation) -> Verdict:
    """Judge that all events of a batch but the odd one were processed once, whatever was answered.

    A batch that was answered with 5xx comes again, and a correct webhook then leaves out what it
    has processed already.
    """
    counts = seen.processed or {}
    last = seen.ends[-1]
    odd = last.odd
    others = [event.id for event in last.events if event != odd]
    wrong = [event_id for event_id in others if counts.get(event_id, 0) != 1]
    if odd is None or not others:
        return not_judged("no batch of this check has an event that is unlike the others")
    if wrong:
        found = spell_processed(wrong[0], counts.get(wrong[0], 0))
        what = f"{received(last)}, and {found}{IN_TIME}"
        return failed(
            "each of the other events processed once",
            f"{what} ({len(wrong)} of {len(others)})",
            last,
        )
    return passed(f"{len(others)} of {len(others)} other events")
