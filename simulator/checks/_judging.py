"""How checks judge what they saw."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from ..core.judging.check_words import named, received
from ..core.judging.exchange import Exchange
from ..core.judging.observation import Observation
from ..core.judging.verdict import Verdict, failed, not_judged, passed
from ..core.trace import is_accepted

IN_TIME = ", in the time that --settle allows"
NO_CONTROL = "the same without the fault is refused too, so a refusal proves nothing"


def as_expected(seen: Observation) -> Verdict:
    """Judge that each delivery ended as its scenario expects.

    What has to be accepted gets a 2xx in the end. What has to be refused gets any other
    answer, or it is acknowledged and not processed, which takes somebody to ask.
    """
    ends = seen.ends
    refusals = [each for each in ends if not _is_welcome(each)]
    welcome = [each for each in ends if _is_welcome(each)]
    if refusals and not all(each.is_accepted for each in welcome):
        return not_judged(NO_CONTROL)
    return _first_failed(
        every(welcome, lambda each: each.is_accepted, "a 2xx"),
        every(refusals, lambda each: _is_refused(seen, each), "a refusal such as 401"),
        _processed_though_refused(seen, refusals),
    )


def accepted_and_processed(seen: Observation) -> Verdict:
    """Judge as ``as_expected`` does, and that nothing was lost that was acknowledged.

    The latter only where somebody can be asked.
    """
    verdict = as_expected(seen)
    if verdict.state != "passed" or seen.processed is None:
        return verdict
    for each in seen.ends:
        lost = [event.id for event in each.events if not seen.processed[event.id]]
        if lost:
            done = f"{received(each)}, and event {lost[0]} processed never{IN_TIME}"
            return failed("a 2xx for what is processed", done, each)
    return passed()


def refused_at_home(seen: Observation) -> Verdict:
    """Judge that each delivery was refused, and that nobody went to the foreign host for it."""
    strangers = [visit.path for visit in seen.visits if visit.host == "foreign"]
    verdict = as_expected(seen)
    if not strangers or verdict.exchange is not None:
        return verdict
    asked = f"the foreign host was asked for {strangers[0]}"
    return failed("no request to a foreign host", asked, seen.ends[-1])


def finally_refused(seen: Observation) -> Verdict:
    """Judge that each delivery was refused for good: with a 4xx that is not asked for again."""

    def is_final(each: Exchange) -> bool:
        return 400 <= each.status < 500 and each.status != 429

    accepted = [each for each in seen.ends if each.is_accepted]
    if accepted:
        return not_judged(f"the event was not refused at all: {received(accepted[0])}")
    return every(seen.ends, is_final, "a 4xx, which ends the retries")


def processed_once(seen: Observation) -> Verdict:
    """Judge that each event that was acknowledged was processed exactly once."""
    counts = seen.processed or {}
    acknowledged = {
        event.id: each
        for each in seen.exchanges
        if each.is_accepted and _is_welcome(each)
        for event in each.events
    }
    refused = [each for each in seen.ends if _is_welcome(each) and not each.is_accepted]
    missing = [event_id for event_id in _welcome_ids(seen) if event_id not in acknowledged]
    if missing:
        return not_judged(f"an event was not acknowledged: {received(refused[0])}")
    wrong = {name: counts[name] for name in acknowledged if counts[name] != 1}
    if not wrong:
        return passed(f"{len(acknowledged)} of {len(acknowledged)} events" * (len(counts) > 1))
    event_id, times = next(iter(wrong.items()))
    when = "" if times else IN_TIME
    others = f", and {len(wrong) - 1} more of {len(counts)} not once" if len(wrong) > 1 else ""
    return failed(
        "each event processed once",
        f"event {event_id} processed {spell_times(times)}{when}{others}",
        acknowledged[event_id],
    )


def every(
    exchanges: Sequence[Exchange], is_right: Callable[[Exchange], bool], expected: str
) -> Verdict:
    """Judge that all exchanges are right; the first that is not is shown."""
    wrong = [each for each in exchanges if not is_right(each)]
    if not wrong:
        return passed()
    found = received(wrong[0])
    if len(exchanges) > 1:
        faults = named(wrong)
        of = f"{len(wrong)} of {len(exchanges)}" + (f": {faults}" if faults else "")
        found = f"{found} ({of})"
    return failed(expected, found, wrong[0])


def spell_times(number: int) -> str:
    """Return ``never``, ``once`` or ``3 times``."""
    return {0: "never", 1: "once", 2: "twice"}.get(number, f"{number} times")


def _is_welcome(exchange: Exchange) -> bool:
    return is_accepted(exchange.events[0].expect)


def _welcome_ids(seen: Observation) -> list[str]:
    ids = (event.id for each in seen.ends if _is_welcome(each) for event in each.events)
    return list(dict.fromkeys(ids))


def _is_refused(seen: Observation, exchange: Exchange) -> bool:
    if not exchange.is_accepted:
        return exchange.is_answered
    counts = seen.processed
    return counts is not None and not any(counts[event.id] for event in exchange.events)


def _processed_though_refused(seen: Observation, refusals: Sequence[Exchange]) -> Verdict:
    welcome = {*_welcome_ids(seen)}
    for each in refusals:
        ids = [event.id for event in each.events if event.id not in welcome]
        done = [event_id for event_id in ids if (seen.processed or {}).get(event_id)]
        if done:
            what = f"{received(each)}, and yet event {done[0]} was processed"
            return failed("a refusal without an effect", what, each)
    return passed()


def _first_failed(*verdicts: Verdict) -> Verdict:
    return next((each for each in verdicts if each.state != "passed"), verdicts[0])
