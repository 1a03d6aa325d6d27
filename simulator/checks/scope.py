"""What a check run could find, and what it could not: said beside its verdict."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass

from . import held
from .check import Need
from .findings import CheckResult
from .observation import event_ids
from .options import CheckOptions

BEYOND = (
    "memories that end after minutes or hours, and work that a kill of the process cuts off "
    "(no option adds it)"
)
"""What no run looks for: it would have to last hours, and to know when the webhook works."""


@dataclass(frozen=True, slots=True)
class Scope:
    """What a run looked for, and what it did not: each with its remedy, if there is one."""

    looked_for: tuple[str, ...] = ()
    not_looked_for: tuple[str, ...] = ()


def scope_of(
    options: CheckOptions,
    results: Sequence[CheckResult],
    *,
    has_effects: bool,
    unanswered: Collection[str] = (),
    unkept: Sequence[str] = (),
) -> Scope:
    """Return what a run with these results looked for.

    ``has_effects`` says whether it is known what was processed. ``unanswered`` names the options
    that did not answer to the end, ``unkept`` the members that ``--state`` says of no run.
    """
    remedies = _remedies(options, unanswered)
    judged = [each for each in results if each.verdict.state != "not judged"]
    missed = [*_not_looked_for(options, remedies, results, judged, has_effects=has_effects)]
    if unkept and _need(judged, "state"):
        missed.insert(0, f"{' and '.join(unkept)} of a run (--state does not say it of any run)")
    return Scope(tuple(_looked_for(judged, has_effects=has_effects)), tuple(missed))


def _remedies(options: CheckOptions, unanswered: Collection[str]) -> dict[Need, str]:
    """Return what would make each thing known, or why it is not although its option was given."""
    given = {"--processed": options.processed, "--state": options.state}
    words = {
        option: f" (add {option})"
        if asked is None
        else f" ({option} did not answer)" * (option in unanswered)
        for option, asked in given.items()
    }
    restart = " (add --restart)"
    if options.restart is not None:
        is_alone = all(each is None for each in given.values())
        restart = words["--processed"] if is_alone else ""
    return {"effects": words["--processed"], "state": words["--state"], "restart": restart}


def _looked_for(judged: Sequence[CheckResult], *, has_effects: bool) -> Iterator[str]:
    if has_effects:
        exchanges = [each for result in judged for each in result.exchanges]
        yield f"events that are lost or processed twice, among {len(event_ids(exchanges)):,}"
    if behind := _behind(judged):
        age = _age(judged)
        yield f"memories of fewer than {behind:,} event ids, or that end within {age:.0f} s"
    if _need(judged, "state"):
        yield "a wrong state of a run"
    if _need(judged, "restart"):
        yield "what a restart wipes"
    if any(each.check.sweep for each in judged):
        yield "combinations of unusual values"


def _not_looked_for(
    options: CheckOptions,
    remedies: Mapping[Need, str],
    results: Sequence[CheckResult],
    judged: Sequence[CheckResult],
    *,
    has_effects: bool,
) -> Iterator[str]:
    """Yield what the checks of the run would have found with another option, or more time."""
    if not has_effects:
        yield f"events that are lost after the answer, or processed twice{remedies['effects']}"
    if _need(results, "state") and not _need(judged, "state"):
        yield f"what is kept of a run{remedies['state']}"
    if _need(results, "restart") and not _need(judged, "restart"):
        yield f"what a restart wipes{remedies['restart']}"
    if not options.thorough:
        longer = "longer memories, " if _behind(judged) else ""
        yield f"{longer}rare races, and combinations of unusual values (add --thorough)"
    elif longer := " or ".join(_longer(judged)):
        yield f"memories {longer} (add --time-limit)"
    yield BEYOND


def _longer(judged: Sequence[CheckResult]) -> Iterator[str]:
    """Yield which memories a thorough run would find if it had more time."""
    behind, age = _behind(judged), _age(judged)
    if 0 < behind < held.FAR_MEMORY:
        yield f"of more than {behind:,} event ids"
    if behind and age < held.AGE:
        yield f"that end after {age:.0f} s"


def _need(results: Sequence[CheckResult], need: Need) -> bool:
    return any(need in each.check.needs for each in results)


def _behind(judged: Sequence[CheckResult]) -> int:
    """Return how many other events came before late duplicates; 0 if there were none."""
    return max((each.behind or 0 for each in judged), default=0)


def _age(judged: Sequence[CheckResult]) -> float:
    """Return how many seconds after the first copies late duplicates came."""
    return max((each.aged for each in judged if each.behind is not None), default=0.0)
