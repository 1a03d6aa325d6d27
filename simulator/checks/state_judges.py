"""Judges of what the webhook keeps of a run: the state that its events say it has."""

from __future__ import annotations

from dataclasses import replace

from ..families.entities import RunState
from .check import Verdict, failed, not_judged, passed
from .event_judges import hindered_by
from .observation import Exchange, Observation, Restarted, not_acknowledged, received
from .states import Deviation, States, latest


def state_kept(seen: Observation) -> Verdict:
    """Judge that each run is known as its events say, of which the one written last counts.

    A member that the webhook keeps of no run is not compared, nor what the events do not say.
    """
    if (refused := not_acknowledged(seen.ends)) is not None:
        return hindered_by(refused)
    said = [
        (each, seen.runs[event.id])
        for each in seen.ends
        for event in each.acknowledged
        if event.id in seen.runs
    ]
    if not said:
        return not_judged("no event of this check says anything about a run")
    assert seen.states is not None
    last = {run.id: exchange for exchange, run in said}
    for run in latest(run for _, run in said).values():
        if (verdict := _wrong(seen.states, run, last[run.id])) is not None:
            return verdict
    return passed(", ".join(seen.states.compared))


def state_kept_over_restart(seen: Observation) -> Verdict:
    """Judge as ``state_kept`` after a restart, and so runs of other checks.

    Of these only those count whose states were right before it.
    """
    restarted = seen.restarted
    if restarted is None or restarted.problem:
        return not_judged(restarted.problem if restarted else "there was no restart")
    if restarted.states is None:
        return not_judged(restarted.no_state)
    verdict = state_kept(replace(seen, states=restarted.states))
    if verdict.state == "failed":
        return replace(verdict, received=f"{verdict.received} after the restart")
    return _others_kept(restarted) if verdict.state == "passed" else verdict


def _others_kept(restarted: Restarted) -> Verdict:
    states, kept = restarted.states, restarted.kept
    assert states is not None
    wrong = [(run, found) for run in kept if (found := states.differences(run)) != []]
    if not wrong:
        return passed(f"{len(kept)} runs of other checks too" if kept else "")
    run, found = wrong[0]
    is_kept = f"kept with {', '.join(each.received for each in found)}" if found else "not known"
    return failed(
        "the state of each run that was known before the restart, also after it",
        f"the run {run.id} is {is_kept} after it ({len(wrong)} of {len(kept)} runs of other "
        "checks)",
    )


def _wrong(states: States, run: RunState, exchange: Exchange) -> Verdict | None:
    """Return why a run is not known as it should be; ``None`` if it is."""
    found = states.differences(run)
    if found is None:
        what = f"{received(exchange)}, and the run {run.id} is not known"
        return failed("the state of each run that was acknowledged", what, exchange)
    return _different(found, run, exchange) if found else None


def _different(found: list[Deviation], run: RunState, exchange: Exchange) -> Verdict:
    expected = ", ".join(each.expected for each in found)
    kept = ", ".join(each.received for each in found)
    return failed(expected, f"the run {run.id} with {kept}", exchange)
