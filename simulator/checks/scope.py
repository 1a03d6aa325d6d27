"""What a check run could find, and what it could not: said beside its verdict."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from .findings import CheckResult
from .held import BEHIND
from .observation import event_ids
from .options import CheckOptions


@dataclass(frozen=True, slots=True)
class Scope:
    """Sentences about what a run looked for, and what it did not; each of these has its remedy."""

    looked_for: tuple[str, ...] = ()
    not_looked_for: tuple[str, ...] = ()


def scope_of(
    options: CheckOptions, results: Sequence[CheckResult], *, has_effects: bool, has_state: bool
) -> Scope:
    """Return what a run with these results looked for.

    ``has_effects`` says whether it is known what was processed, ``has_state`` whether it is known
    what the webhook keeps of a run.
    """
    judged = [each for each in results if each.verdict.state != "not judged"]
    return Scope(
        tuple(_looked_for(judged, has_effects=has_effects, has_state=has_state)),
        tuple(_not_looked_for(options, judged, has_effects=has_effects, has_state=has_state)),
    )


def _looked_for(
    judged: Sequence[CheckResult], *, has_effects: bool, has_state: bool
) -> Iterator[str]:
    if has_effects:
        exchanges = [each for result in judged for each in result.exchanges]
        yield f"events that are lost or processed twice, among {len(event_ids(exchanges)):,}"
    behind = max((each.behind or 0 for each in judged), default=0)
    if behind:
        yield f"memories of fewer than {behind:,} event ids"
    if has_state:
        yield "a wrong state of a run"
    if any("restart" in each.check.needs for each in judged):
        yield "what a restart wipes"
    if any(each.check.is_thorough for each in judged):
        yield "combinations of unusual values"


def _not_looked_for(
    options: CheckOptions, judged: Sequence[CheckResult], *, has_effects: bool, has_state: bool
) -> Iterator[str]:
    if not has_effects:
        yield "events that are lost after the answer, or processed twice (add --processed)"
    if not has_state:
        yield "what is kept of a run (add --state)"
    if not any("restart" in each.check.needs for each in judged):
        yield "what a restart wipes (add --restart)"
    if not options.thorough:
        behind = max((each.behind or 0 for each in judged), default=0)
        yield (
            f"memories of more than {behind or BEHIND:,} event ids, rare races, and combinations "
            "of unusual values (add --thorough)"
        )
