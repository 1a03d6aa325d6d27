"""Judges of the results of events: accepted, refused, processed, and how keys were fetched."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from functools import partial
from urllib.parse import parse_qs, urlsplit

from ..core.printable import count
from ..core.trace import fits, is_refused
from .attempt_judges import accepted_at_first
from .check import Verdict, failed, not_judged, passed
from .observation import (
    Exchange,
    Observation,
    acknowledged,
    named,
    not_acknowledged,
    received,
)

_WANTED: Mapping[str | int, str] = {
    "delivered": "a 2xx",
    "rejected": "a 4xx such as 401, which ends the retries",
    "not-delivered": "a refusal such as 401",
    "not-retried": "a 2xx or a 4xx, so that it is not retried",
}
"""What an event expects → how reports say it; a status code speaks for itself."""

ONCE = "each event processed once"
NOTHING_TO_PROCESS = "no event of this check has to be processed"
IN_TIME = ", within the time of --settle"
UNKNOWN_AFTER_2XX = "the answer is a 2xx; --processed is needed to see whether it is processed"
NO_CONTROL = "the same event without the fault is refused too, so this refusal proves nothing"


def as_expected(seen: Observation) -> Verdict:
    """Judge that each delivery ended as its event expects, by the rules of a replay.

    An event to accept gets its 2xx at the first attempt, unless something excuses that. If the
    counts of processed events are known, an event to refuse may also get a 2xx and not be
    processed.
    """
    ends = seen.ends
    refusals = [each for each in ends if is_refused(each.events[0].expect)]
    others = [each for each in ends if not is_refused(each.events[0].expect)]
    if refusals and not all(map(_fits, others)):
        return not_judged(NO_CONTROL)
    kinds = dict.fromkeys(each.events[0].expect for each in ends)
    verdicts = (
        *(_as_one_expects(seen, expect) for expect in kinds),
        accepted_at_first(seen),
        _processed_though_refused(seen, refusals),
    )
    return next((each for each in verdicts if each.state != "passed"), verdicts[0])


def _as_one_expects(seen: Observation, expect: str | int) -> Verdict:
    """Judge the deliveries of all events that expect the same."""
    ends = [each for each in seen.ends if each.events[0].expect == expect]
    is_right = partial(_is_kept_out, seen) if is_refused(expect) else _fits
    return every(ends, is_right, _WANTED.get(expect, f"{expect}"))


def refused_or_not_processed(seen: Observation) -> Verdict:
    """Judge as ``as_expected``, but a 2xx says nothing if it is not known what was processed."""
    taken = [each for each in seen.ends if each.is_accepted and not each.welcome]
    if taken and seen.processed is None:
        return not_judged(UNKNOWN_AFTER_2XX)
    return as_expected(seen)


def processed_once(seen: Observation) -> Verdict:
    """Judge that each event that was acknowledged was processed exactly once."""
    counts, found = seen.processed or {}, acknowledged(seen.exchanges)
    if (refused := not_acknowledged(seen.exchanges)) is not None:
        return hindered_by(refused)
    if not found:
        return not_judged(NOTHING_TO_PROCESS)
    wrong = {name: counts.get(name, 0) for name in found if counts.get(name) != 1}
    if not wrong:
        return passed(f"{len(found)} of {len(found)} events" * (len(found) > 1))
    event_id, times = _not_once(wrong, len(found))
    return failed(ONCE, times, found[event_id][1])


def hindered_by(refused: Exchange) -> Verdict:
    """Return that a check is not judged, since an event was refused that it is about."""
    return not_judged(f"an event was not acknowledged: {received(refused)}", refused)


def _not_once(wrong: Mapping[str, int], number: int) -> tuple[str, str]:
    """Return the first event that was not processed once, and a sentence about all of them."""
    event_id, times = next(iter(wrong.items()))
    when = "" if times else IN_TIME
    others = f", and {len(wrong) - 1} more of {number} events not once" if len(wrong) > 1 else ""
    return event_id, f"{spell_processed(event_id, times)}{when}{others}"


def refused_without_foreign_visit(seen: Observation) -> Verdict:
    """Judge that each delivery was refused without any request to the foreign host."""
    asked = seen.visits_to_foreign()
    verdict = as_expected(seen)
    if not asked or verdict.exchange is not None:
        return verdict
    found = f"the foreign host was asked for {asked[0]}"
    return failed("no request to a foreign host", found, seen.ends[-1])


def finally_refused(seen: Observation) -> Verdict:
    """Judge that each delivery that was refused got a 4xx that ends the retries."""
    refused = [each for each in seen.ends if not each.is_accepted]
    if not refused:
        return not_judged(f"the event was not refused at all: {received(seen.ends[0])}")
    return every(refused, lambda each: fits("rejected", each.status), _WANTED["rejected"])


def no_server_error(seen: Observation) -> Verdict:
    """Judge that each delivery ended with an answer below 500."""
    return every(seen.ends, lambda each: each.status < 500, "an answer other than 5xx")


def accepted_after_first(seen: Observation, expected: str) -> Verdict:
    """Judge that all events but the first are accepted; ``expected`` says so in a report."""
    if len(seen.ends) < 2:
        return not_judged("all events of this check came in one request, so none came after it")
    return every(seen.ends[1:], lambda each: each.is_accepted, expected)


def answered_directly(seen: Observation) -> Verdict:
    """Judge that the last delivery is answered, and not by a redirect."""
    last = seen.ends[-1]
    expected = "an answer of the webhook itself within 10 s"
    if not last.is_answered or 300 <= last.status < 400:
        return failed(expected, received(last), last)
    return passed(f"{last.outcome.elapsed * 1000:.0f} ms")


def keys_fetched_at_most(seen: Observation, most: int) -> Verdict:
    """Judge that each key was fetched ``most`` times at most; each process may have a cache."""
    refused = [each for each in seen.ends if not each.is_accepted]
    if refused:
        return not_judged(f"an event was not accepted: {received(refused[0])}")
    often = Counter(visit.path for visit in seen.visits if visit.is_for_key)
    path, times = max(often.items(), key=lambda each: each[1], default=("", 0))
    if times > most:
        found = f"{path} fetched {times} times for {count(len(seen.ends), 'event')}"
        return failed(f"each key fetched at most {most} times", found)
    if len(seen.ends) <= most:
        return not_judged(
            f"{count(len(seen.ends), 'event')} came, and it takes more than {most} to fetch a key "
            "more often"
        )
    if not often:
        return not_judged("no key was fetched meanwhile; let the check state new_keys: true")
    fetched = spell_times(sum(often.values()))
    return passed(f"keys fetched {fetched} for {count(len(seen.ends), 'event')}")


def no_parameter_ends_in(seen: Observation, endings: Sequence[str]) -> Verdict:
    """Judge that no parameter of the webhook's address has a name with one of the endings."""
    query = parse_qs(urlsplit(seen.url).query)
    found = [name for name in query if name.lower().endswith(tuple(endings))]
    if found:
        return failed("no secret in the address", f"the parameter {found[0]}")
    return passed()


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


def spell_processed(event_id: str, number: int) -> str:
    """Return what became of an event, as in ``event 8f1c… processed twice``."""
    return f"event {event_id} processed {spell_times(number)}"


def _fits(exchange: Exchange) -> bool:
    """Return whether an answer is what its event expects."""
    return fits(exchange.events[0].expect, exchange.status)


def _is_kept_out(seen: Observation, exchange: Exchange) -> bool:
    """Return whether an event was refused, or acknowledged and not processed as far as is known."""
    if not exchange.is_accepted:
        return _fits(exchange)
    counts = seen.processed
    return counts is not None and not any(counts.get(event.id) for event in exchange.events)


def _processed_though_refused(seen: Observation, refusals: Sequence[Exchange]) -> Verdict:
    welcome = {event.id for each in seen.ends for event in each.welcome}
    for each in refusals:
        ids = [event.id for event in each.events if event.id not in welcome]
        done = [event_id for event_id in ids if (seen.processed or {}).get(event_id)]
        if done:
            what = f"{received(each)}, and yet event {done[0]} was processed"
            return failed("a refusal, and no processing", what, each)
    return passed()
