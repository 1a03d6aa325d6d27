"""Judges of what the webhook keeps of a run: the state that its events say it has."""

from __future__ import annotations

from ..families.entities import RunState
from .check import Verdict, failed, not_judged, passed
from .observation import Exchange, Observation, not_acknowledged, received
from .states import Deviation, latest


def state_kept(seen: Observation) -> Verdict:
    """Judge that each run is known as its events say, of which the one written last counts.

    A member that the webhook keeps of no run is not compared, nor what the events do not say.
    """
    if (refused := not_acknowledged(seen.ends)) is not None:
        return not_judged(f"an event was not acknowledged: {received(refused)}")
    said = [
        (each, seen.runs[event.id])
        for each in seen.ends
        for event in each.acknowledged
        if event.id in seen.runs
    ]
    if not said:
        return not_judged("no event of this check says anything about a run")
    last = {run.id: exchange for exchange, run in said}
    for run in latest(run for _, run in said).values():
        if (verdict := _wrong(seen, run, last[run.id])) is not None:
            return verdict
    return passed(_compared(seen))


def _wrong(seen: Observation, run: RunState, exchange: Exchange) -> Verdict | None:
    """Return why a run is not known as it should be; ``None`` if it is."""
    assert seen.states is not None
    found = seen.states.differences(run)
    if found is None:
        what = f"{received(exchange)}, and the run {run.id} is not known"
        return failed("the state of each run that was acknowledged", what, exchange)
    return _different(found, run, exchange) if found else None


def _different(found: list[Deviation], run: RunState, exchange: Exchange) -> Verdict:
    expected = ", ".join(each.expected for each in found)
    kept = ", ".join(each.received for each in found)
    return failed(expected, f"the run {run.id} with {kept}", exchange)


def _compared(seen: Observation) -> str:
    return ", ".join(seen.states.compared) if seen.states else ""
