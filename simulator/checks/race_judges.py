"""The judge of races: rounds of copies of one event that arrive at the same instant."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

from ..core.printable import count
from .check import Verdict, failed, not_judged, passed
from .event_judges import ONCE, processed_once, spell_processed
from .forecast import RACE
from .observation import Exchange, Observation


def rounds_processed_once(seen: Observation) -> Verdict:
    """Judge as ``processed_once`` does; each race, a delivery with its copies, is one round.

    A hit is a round whose event was processed more than once. One hit decides, whatever became of
    the other rounds.
    """
    rounds = _rounds(seen.exchanges)
    hits = [each for each in rounds if _times(seen, each) > 1]
    spelled = f"{count(len(rounds), 'round')}, {count(len(hits), 'hit')}"
    if hits:
        worst = max(hits, key=lambda each: _times(seen, each))
        found = spell_processed(worst[0].events[0].id, _times(seen, worst))
        return failed(ONCE, f"{spelled}: {found}, of {len(worst)} copies", worst[0])
    verdict = processed_once(seen)
    if verdict.state != "passed":
        return verdict
    if not rounds:
        return not_judged(f"no event of this check has the fault {RACE}")
    if not any(map(_overlap, rounds)):
        return not_judged(
            "no two copies were under way at the same time, since the webhook is called for one "
            "request after the other here"
        )
    return passed(spelled)


def _rounds(exchanges: Sequence[Exchange]) -> list[list[Exchange]]:
    """Return the first attempts of each race and its copies, in order of the deliveries."""
    found: dict[int, list[Exchange]] = {}
    for each in exchanges:
        if each.attempt == 1 and RACE in each.faults:
            found.setdefault(each.delivery[0], []).append(each)
    return [found[number] for number in sorted(found)]


def _times(seen: Observation, copies: Sequence[Exchange]) -> int:
    return (seen.processed or {}).get(copies[0].events[0].id, 0)


def _overlap(copies: Sequence[Exchange]) -> bool:
    """Return whether any two copies were under way at the same time."""
    ordered = sorted(copies, key=lambda each: each.began)
    return any(later.began < earlier.ended for earlier, later in pairwise(ordered))
