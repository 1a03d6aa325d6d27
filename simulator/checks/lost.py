"""Events that the webhook acknowledged and never processed: which they are, and the verdict."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence

from ..core.trace import is_accepted
from .check import Check, Verdict, failed
from .check_run import CheckRun
from .event_judges import IN_TIME
from .observation import acknowledged, received

IGNORED = "the webhook leaves events of this check out on purpose, as --ignores says"

LOST = "acknowledged, then lost: "
"""How a verdict begins on a check some of whose events are lost."""


def has_ignored(run: CheckRun, ignored: Collection[str]) -> bool:
    """Tell whether a check has an event that the webhook leaves out on purpose."""
    return any(event.id in ignored for each in run.exchanges for event in each.events)


def awaited_ids(runs: Sequence[CheckRun], ignored: Collection[str]) -> list[str]:
    """Return the ids of acknowledged events that have to be processed, each once."""
    return acknowledged_ids([run for run in runs if _is_awaited(run.check)], ignored)


def acknowledged_ids(runs: Sequence[CheckRun], ignored: Collection[str]) -> list[str]:
    """Return the ids of events that were acknowledged and are not left out, each once."""
    ids = (event_id for run in runs for event_id in acknowledged(run.exchanges, ignored))
    return list(dict.fromkeys(ids))


def ids_to_ask(runs: Sequence[CheckRun], ignored: Collection[str]) -> list[str]:
    """Return the ids of all events whose counts matter: the awaited, and those of two kinds.

    Events to be refused must not be processed. Those of a batch that was put off may be processed
    all the same, which matters where the judge needs the counts.
    """
    others = (
        event.id
        for run in runs
        for each in run.exchanges
        for event in each.events
        if not is_accepted(event.expect) or (run.check.needs_effects and event in each.welcome)
    )
    return list(dict.fromkeys([*awaited_ids(runs, ignored), *others]))


def lost_ids(
    run: CheckRun, processed: Mapping[str, int], ignored: Collection[str], pending: Collection[str]
) -> tuple[str, ...]:
    """Return the ids of events that were acknowledged and never processed.

    Those in ``pending`` may still be in the webhook's queue; for others than those in
    ``processed`` nothing was asked.
    """
    if run.check.may_be_ignored:
        return ()
    return tuple(
        event_id
        for event_id in acknowledged(run.exchanges, ignored)
        if processed.get(event_id) == 0 and event_id not in pending
    )


def lost_verdict(run: CheckRun, lost: Sequence[str]) -> Verdict:
    """Return the verdict on a check some of whose events are lost."""
    found = acknowledged(run.exchanges, ())
    event, exchange = found[lost[0]]
    others = f", and {len(lost) - 1} more of {len(found)}" if len(lost) > 1 else ""
    return failed(
        "processing of each event that is acknowledged; "
        f"--ignores {event.code} if it is left out on purpose",
        f"{LOST}{received(exchange)}, and event {event.id} was never processed{IN_TIME}{others}",
        exchange,
    )


def _is_awaited(check: Check) -> bool:
    return check.needs_effects or not check.may_be_ignored
