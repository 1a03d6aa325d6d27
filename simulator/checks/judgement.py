"""Makes the verdicts from the runs of all checks."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

from ..core.trace import is_accepted
from . import levels
from .catalogue import FIRST, SOUND
from .check import Check, Thing, Verdict, failed, not_judged
from .check_run import LONGEST, CheckRun
from .findings import CheckResult
from .observation import Observation, event_ids, received
from .obstacles import Circumstances, obstacle_of

TOO_MANY = 429
"""The answer that only asks for the event to come again (docs/adobe/io-events-protocol.md §4.2)."""


def judge(runs: Sequence[CheckRun], around: Circumstances) -> list[CheckResult]:
    """Return the results in the order of the runs, each with the level that counts."""
    exchanges = (each for run in runs for each in run.exchanges)
    uses = levels.shown(exchanges, around.processed, around.asks_for_keys)
    return [_result(run, around, uses) for run in runs]


def _result(run: CheckRun, around: Circumstances, uses: Mapping[Thing, str]) -> CheckResult:
    obstacle = obstacle_of(run, around)
    verdict = not_judged(obstacle) if obstacle else _verdict(run, around)
    return CheckResult(
        run.check,
        verdict,
        tuple(run.exchanges),
        run.visits,
        run.began,
        run.elapsed,
        run.behind,
        since=_since(run.check, uses),
    )


def _since(check: Check, uses: Mapping[Thing, str]) -> str:
    """Return what has made a *must* of a check; empty if it has its own level."""
    return "" if check.must_for is None or check.level == "must" else uses.get(check.must_for, "")


def _verdict(run: CheckRun, around: Circumstances) -> Verdict:
    if around.recognised and run.check.name == FIRST:
        return failed("a webhook that reads events", around.recognised, run.exchanges[-1])
    if run.overdue:
        last = run.exchanges[-1] if run.exchanges else None
        found = "attempts that were still going on"
        found += f", after {received(last)}" if last else ""
        return failed(f"an end within {LONGEST:.0f} s", found, last)
    seen = Observation(
        *(around.url, tuple(run.exchanges), around.processed, run.visits),
        *(around.restarted, run.behind, run.at_once),
        all_visits=around.visits,
        until=around.until,
        smallest=tuple(run.smallest),
    )
    put_off = [each for each in seen.ends if each.status == TOO_MANY]
    if put_off and run.check.group != "load" and run.check.name != FIRST:
        return not_judged(
            f"the webhook answers {TOO_MANY}, and a check does not wait for minutes; "
            "raise its limit of requests for the checks"
        )
    verdict = run.check.judge(seen)
    if around.is_missing and verdict.state == "failed" and _passes_if_idle(run.check, seen):
        return not_judged(around.unknown)
    if run.check.name == SOUND and verdict.state == "failed" and not around.asks_for_keys:
        without = f"{verdict.received}, without asking the key host at http://{around.key_host}"
        return replace(verdict, received=without)
    return verdict


def _passes_if_idle(check: Check, seen: Observation) -> bool:
    """Return whether a webhook would pass that had processed none of the events."""
    nothing = dict.fromkeys(event_ids(seen.exchanges), 0)
    return check.judge(replace(seen, processed=nothing)).state == "passed"


def awaited_ids(runs: Sequence[CheckRun]) -> list[str]:
    """Return the ids of acknowledged events that have to be processed, each once."""
    ids = (
        event.id
        for run in runs
        for each in run.exchanges
        if each.is_accepted
        for event in each.events
        if is_accepted(event.expect)
    )
    return list(dict.fromkeys(ids))
