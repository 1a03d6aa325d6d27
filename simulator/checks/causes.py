"""The causes of failed checks: a mistake that fails several checks stands once, the worst first."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from .breaking import MANY, SINCE, consequences, refused_like_burst
from .catalogue import BURST, LAST, find
from .check import HARMS, LEVELS, Harm
from .findings import CheckResult
from .lost import LOST

ALL_LOST = "acknowledged-is-processed"
"""The check that lost events of other checks follow, if it fails too."""


LOADED = "burst-processed"
"""The same check under load: it shows the loss best if single events are not lost."""


@dataclass(frozen=True, slots=True)
class Cause:
    """Failed checks that have one cause: ``first`` shows it most directly, ``others`` follow it.

    ``is_loss`` says that events of ``MANY`` different checks were acknowledged and lost.
    """

    first: CheckResult
    others: tuple[CheckResult, ...] = ()
    is_loss: bool = False

    @property
    def since(self) -> str:
        """What "it", the webhook, does or did that the others may only follow from, if anything."""
        return "" if self.first.lost else SINCE.get(self.first.check.name, "")

    @property
    def relation(self) -> str:
        """What the others have to do with the first, as a word before their names."""
        return (
            f"perhaps only since the webhook {self.since}" if self.since else "for the same cause"
        )

    @property
    def claim(self) -> str:
        """What is not so."""
        return (find(ALL_LOST) if self.is_loss else self.first.check).claim

    @property
    def advice(self) -> str:
        """What to do."""
        return (find(ALL_LOST) if self.is_loss else self.first.check).advice

    @property
    def received(self) -> str:
        """What was received; if many checks lost events, how many."""
        said = self.first.verdict.received
        if not self.is_loss:
            return said
        losing = [each for each in self.results if each.lost]
        events = sum(len(each.lost) for each in losing)
        return f"{LOST}{events} events of {len(losing)} checks; here: {said.removeprefix(LOST)}"

    @property
    def results(self) -> tuple[CheckResult, ...]:
        """All of its failed checks."""
        return (self.first, *self.others)

    @property
    def level(self) -> str:
        """The highest level of its checks."""
        return min((each.level for each in self.results), key=LEVELS.index)

    @property
    def harm(self) -> Harm:
        """The worst of what becomes of events, by those of its checks that weigh most."""
        results = [each for each in self.results if each.is_grave] or [
            each for each in self.results if each.level == self.level
        ]
        return min((each.harm for each in results), key=_place)

    def counts(self, strict: bool) -> bool:
        """Return whether it makes the whole run fail."""
        return any(each.counts(strict) for each in self.results)


def causes_of(results: Sequence[CheckResult]) -> list[Cause]:
    """Return the causes of failed checks: those that count, by level, by what becomes of events.

    Each failed check follows the first failed one that it names. An event that was acknowledged
    and lost follows ``ALL_LOST``, or else the first check that lost one. What was refused after the
    webhook had broken follows ``LAST``, and what was refused like events of a burst ``BURST``.
    """
    failures = {each.check.name: each for each in results if each.verdict.state == "failed"}
    parents, is_loss = _parents(failures), len(_unrelated(failures)) >= MANY
    parents |= dict.fromkeys(refused_like_burst(failures), BURST)
    parents |= dict.fromkeys(consequences(failures, results), LAST)
    order = {name: number for number, name in enumerate(failures)}
    by_root: dict[str, list[CheckResult]] = {}
    for name, result in failures.items():
        by_root.setdefault(_root(name, parents, order), []).append(result)
    causes = [_cause(failures[root], found, is_loss=is_loss) for root, found in by_root.items()]
    return sorted(causes, key=_rank)


def first_of(causes: Sequence[Cause]) -> dict[str, str]:
    """Return each failed check → the check that shows its cause most directly."""
    return {each.check.name: cause.first.check.name for cause in causes for each in cause.results}


def _rank(cause: Cause) -> tuple[bool, bool, int, int]:
    level = LEVELS.index(cause.level)
    is_milder = not cause.counts(strict=False)
    return not cause.since, is_milder, level if is_milder else 0, _place(cause.harm)


def _place(harm: Harm) -> int:
    return HARMS.index(harm)


def _cause(root: CheckResult, found: Sequence[CheckResult], *, is_loss: bool) -> Cause:
    others = tuple(each for each in found if each is not root)
    return Cause(root, others, is_loss=is_loss and bool(root.lost))


def _unrelated(failures: Mapping[str, CheckResult]) -> list[str]:
    """Return the checks that lost events and follow no other failed check."""
    lost = [name for name, each in failures.items() if each.lost]
    return [name for name in lost if not {*failures[name].check.follows} & {*failures}]


def _parents(failures: Mapping[str, CheckResult]) -> dict[str, str]:
    """Return name → the failed check that it follows, for those that follow one."""
    lost = [name for name, each in failures.items() if each.lost]
    own = _unrelated(failures)
    best = [name for name in (ALL_LOST, *[LOADED] * (len(own) >= MANY)) if name in failures]
    first_lost = next(iter([*best, *own, *lost]), "")
    parents = {}
    for name, each in failures.items():
        followed = [*each.check.follows, *([first_lost] if each.lost else [])]
        found = next((other for other in followed if other in failures and other != name), None)
        if found is not None:
            parents[name] = found
    return parents


def _root(name: str, parents: Mapping[str, str], order: Mapping[str, int]) -> str:
    """Return where the way up ends; of checks that follow each other, the first one counts."""
    path = [name]
    while (parent := parents.get(path[-1])) is not None:
        if parent in path:
            return min(path[path.index(parent) :], key=lambda each: order[each])
        path.append(parent)
    return path[-1]
