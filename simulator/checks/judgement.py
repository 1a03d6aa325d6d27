"""Makes the verdicts from the runs of all checks."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace

from ..core.duration import spell
from . import levels
from .attempt_judges import TOO_MANY, puts_off
from .breaking import shown_broken
from .catalogue import FIRST, LAST, SOUND
from .check import Check, Thing, Verdict, failed, not_judged
from .check_run import LONGEST, CheckRun
from .findings import CheckResult
from .inquiry import NOT_EMPTY, WebhookData
from .lost import lost_ids, lost_verdict
from .observation import Exchange, Observation, event_ids, received
from .obstacles import Circumstances, obstacle_of


def judge(runs: Sequence[CheckRun], around: Circumstances) -> list[CheckResult]:
    """Return the results in the order of the runs, each with the level that counts."""
    exchanges = [each for run in runs for each in run.exchanges]
    uses = levels.shown(exchanges, around.known.processed, around.asks_for_keys)
    around = replace(around, challenges=tuple(each for each in exchanges if each.method == "GET"))
    results = [_with_moment(_result(run, around, uses), runs) for run in runs]
    return [*_with_refusals(results)]


def _with_refusals(results: Sequence[CheckResult]) -> Iterator[CheckResult]:
    """Yield the results; a *must* whose event was refused for good fails if no other shows that.

    It is not judged otherwise: the refusal is what another check is about. A webhook that answers
    429 or 503, or not at all, puts an event off.
    """
    shown = {
        each.verdict.exchange.status
        for each in results
        if each.level == "must" and each.verdict.state == "failed" and each.verdict.exchange
    }
    for each in results:
        refused = _final_refusal(each)
        if refused is None or refused.status in shown:
            yield each
            continue
        shown.add(refused.status)
        yield replace(each, verdict=failed("a 2xx", received(refused), refused))


def _final_refusal(result: CheckResult) -> Exchange | None:
    """Return the refusal for good by which a *must* is not judged; ``None`` if there is none."""
    refused = result.verdict.exchange
    is_hindered = result.level == "must" and result.verdict.state == "not judged"
    if not is_hindered or refused is None or not refused.is_answered or puts_off(refused):
        return None
    return refused


def _with_moment(result: CheckResult, runs: Sequence[CheckRun]) -> CheckResult:
    """Return the result of the last check with the moment at which the webhook broke."""
    verdict = result.verdict
    if result.check.name != LAST or verdict.state != "failed" or result.lost:
        return result
    received = f"{verdict.received}{shown_broken(runs)}"
    return replace(result, verdict=replace(verdict, received=received))


def _result(run: CheckRun, around: Circumstances, uses: Mapping[Thing, str]) -> CheckResult:
    obstacle, lost = obstacle_of(run, around), _lost(run, around)
    verdict = not_judged(obstacle) if obstacle else _verdict(run, around)
    if lost and verdict.state != "failed":
        verdict = lost_verdict(run, lost)
    return CheckResult(
        run.check,
        verdict,
        tuple(run.exchanges),
        run.visits,
        run.began,
        run.elapsed,
        run.behind,
        run.aged,
        lost,
        _since(run.check, uses),
    )


def _since(check: Check, uses: Mapping[Thing, str]) -> str:
    """Return what has made a *must* of a check; empty if it has its own level."""
    return "" if check.must_for is None or check.level == "must" else uses.get(check.must_for, "")


def _lost(run: CheckRun, around: Circumstances) -> tuple[str, ...]:
    """Return the events of a check that were acknowledged and never processed."""
    known = around.known
    if known.processed is None:
        return ()
    later = around.restarted.finally_known if around.restarted else {}
    return lost_ids(run, {**known.processed, **later}, known.ignored, known.pending)


def _verdict(run: CheckRun, around: Circumstances) -> Verdict:
    if around.recognised and run.check.name == FIRST:
        return failed("a webhook that reads events", around.recognised, run.exchanges[-1])
    if run.overdue:
        last = run.exchanges[-1] if run.exchanges else None
        found = "attempts that were still going on"
        found += f", after {received(last)}" if last else ""
        return failed(f"an end within {LONGEST:.0f} s", found, last)
    seen, known = _observed(run, around), around.known
    put_off = [each for each in seen.ends if each.status == TOO_MANY]
    if put_off and run.check.group != "load" and run.check.name != FIRST:
        return not_judged(
            f"the webhook answers {TOO_MANY}, and a check does not wait for minutes; "
            "raise its limit of requests for the checks"
        )
    verdict = _as_known(run.check, seen, known)
    is_open = verdict.state == "passed" or _is_too_early(run, verdict)
    if is_open and run.check.again and run.behind is None:
        return not_judged("its deliveries were not sent once more: the run ended before")
    if run.check.name == SOUND and verdict.state == "failed" and not around.asks_for_keys:
        without = f"{verdict.received}, without asking the key host at http://{around.key_host}"
        return replace(verdict, received=without)
    return verdict


def _is_too_early(run: CheckRun, verdict: Verdict) -> bool:
    """Return whether a check about late duplicates lacks them, and nothing was refused."""
    is_unjudged = verdict.state == "not judged" and verdict.exchange is None
    return is_unjudged and run.check.again == "end"


def _passes_if_idle(check: Check, seen: Observation) -> bool:
    """Return whether a webhook would pass that had processed none of the events."""
    nothing = dict.fromkeys(event_ids(seen.exchanges), 0)
    return check.judge(replace(seen, processed=nothing)).state == "passed"


def _as_known(check: Check, seen: Observation, known: WebhookData) -> Verdict:
    """Return the verdict of the judge, unless it may only follow from what is not known."""
    verdict = check.judge(seen)
    if known.is_missing and verdict.state == "failed" and _passes_if_idle(check, seen):
        return not_judged(known.no_effects)
    if (known.pending or known.changing) and not _is_certain(check, seen, verdict, known):
        return not_judged(f"{NOT_EMPTY} {spell(known.waited)}")
    return verdict


def _observed(run: CheckRun, around: Circumstances) -> Observation:
    """Return what a check has seen; events that the webhook leaves out say nothing of a run."""
    known = around.known
    said = {name: each for name, each in known.runs.items() if name not in known.ignored}
    return Observation(
        *(around.url, tuple(run.exchanges), known.processed, run.visits),
        *(around.restarted, run.behind, run.at_once, around.memory),
        all_visits=around.visits,
        until=around.until,
        states=known.states,
        runs=said,
        smallest=tuple(run.smallest),
        challenges=around.challenges,
    )


def _is_certain(check: Check, seen: Observation, verdict: Verdict, known: WebhookData) -> bool:
    """Return whether the verdict stays the same, whatever the webhook's queue still holds.

    It may hold each acknowledged event that is missing, and each of its duplicates.
    """
    counts = dict(seen.processed or {})
    often = Counter(
        event_id
        for each in seen.exchanges
        if each.is_accepted
        for event_id in {event.id for event in each.events}
    )
    if "state" in check.needs:
        late = known.pending | known.changing
        return verdict.state == "passed" or not late & often.keys()
    if not known.pending:
        return True
    once = {**counts, **{name: 1 for name in often if not counts.get(name)}}
    repeated = {**counts, **{name: max(counts.get(name, 0), often[name]) for name in often}}
    states = (check.judge(replace(seen, processed=each)).state for each in (once, repeated))
    return all(state == verdict.state for state in states)
