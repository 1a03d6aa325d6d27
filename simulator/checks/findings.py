"""The plan of a check run, and its results."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from ..core.printable import count
from ..delivery.summary import STOPPED
from .check import Check, Harm, State, Verdict
from .observation import Exchange
from .visits import Visit

if TYPE_CHECKING:
    from .scope import Scope


@dataclass(frozen=True, slots=True)
class Plan:
    """The checks in their order; ``key_host`` is as ``127.0.0.1:4020``.

    ``tls_port`` is where the key host speaks HTTPS, ``proxy_port`` where a proxy leads there; if
    there are any.
    """

    url: str
    checks: Sequence[Check]
    seed: int
    key_host: str
    tls_port: int | None
    proxy_port: int | None


@dataclass(frozen=True, slots=True)
class CheckResult:
    """One check and its verdict; ``began`` and ``elapsed`` are seconds of real time.

    ``behind`` is how many other events came before late duplicates, if it has any, and ``aged`` how
    many seconds passed.
    ``lost`` are the ids of events that the webhook acknowledged and never processed.
    ``since`` says what has made a *must* of it, as in ``the webhook takes batches``; it is empty if
    the check has its own level.
    ``known`` says that a baseline has this failure: it does not make the run fail.
    """

    check: Check
    verdict: Verdict
    exchanges: tuple[Exchange, ...]
    visits: tuple[Visit, ...]
    began: float
    elapsed: float
    behind: int | None = None
    aged: float = 0.0
    lost: tuple[str, ...] = ()
    since: str = ""
    known: bool = False

    @property
    def level(self) -> str:
        """The level that counts for this webhook: ``must``, ``should`` or ``note``."""
        return "must" if self.since else self.check.level

    @property
    def is_unsafe(self) -> bool:
        """Whether it shows that events are not processed exactly once."""
        return self.verdict.state == "failed" and self.check.judges_once

    @property
    def is_grave(self) -> bool:
        """Whether it counts at every level: an event was lost, or not processed exactly once."""
        return self.is_unsafe or bool(self.lost)

    @property
    def harm(self) -> Harm:
        """What becomes of events if it failed."""
        return "lost" if self.lost else self.check.harm

    def counts(self, strict: bool) -> bool:
        """Return whether the result makes the whole run fail.

        A lost event, and one that is not processed exactly once, do so at every level.
        """
        levels = ("must", "should") if strict else ("must",)
        is_failed = self.verdict.state == "failed" and self.level in levels
        return (self.is_grave or is_failed) and not self.known


@dataclass(frozen=True, slots=True)
class Findings:
    """All results, in the order of the checks.

    ``elapsed`` is in seconds of real time; ``finished`` says whether all checks were sent.
    ``problem`` says why requested counts of processed events, or states of runs, are unknown, and
    ``unanswered`` names the options by which they were requested;
    ``stopped`` says whether Ctrl-C or another signal has ended the sending.
    ``left_out`` are checks about events of another family than those that were sent. With
    ``require_judged`` a *must* that is not judged counts as a failure.
    ``options`` are those that the command was given and that a repetition needs: name of the
    parameter → words for a shell. ``scope`` says what the run could find, and what it could not.
    Of the known failures of a baseline, ``gone`` names checks that passed, ``dropped`` those that
    are no checks any more, and ``not_compared`` those that were not judged in this run.
    """

    url: str
    client_id: str
    seed: int
    strict: bool
    results: Sequence[CheckResult]
    elapsed: float
    finished: bool
    problem: str = ""
    stopped: bool = False
    left_out: Sequence[Check] = ()
    require_judged: bool = False
    unanswered: Sequence[str] = ()
    options: Mapping[str, str] = field(default_factory=dict)
    gone: Sequence[str] = ()
    dropped: Sequence[str] = ()
    not_compared: Sequence[str] = ()
    scope: Scope | None = None

    @property
    def exit_code(self) -> int:
        """The process's exit code: 0 if no failure counts, 1 if one does, 2 if nothing is known.

        It is 130 if the run was stopped before a failure counted.
        """
        return self._conclusion[1]

    @property
    def ok(self) -> bool:
        """Whether no failure counts: the exit code is 0.

        Claims may be unjudged all the same; ``verdict`` says so, and ``unjudged`` names them.
        """
        return self.exit_code == 0

    @property
    def verdict(self) -> str:
        """The result in a few words, which docs/check.md lists.

        ``ok`` says that each *must* was judged, and that no failure counts or is known. It stands
        alone if no *should* failed either.
        """
        return self._conclusion[0]

    @property
    def _conclusion(self) -> tuple[str, int]:
        """The verdict and the exit code: a failure that counts comes before all else."""
        unjudged = f"{count(len(self.with_state('not judged')), 'claim')} not judged"
        if self.failures:
            return "not ok", 1
        if self.stopped:
            return f"stopped; {unjudged}", STOPPED
        if self.problem or not self.is_judged:
            return f"could not judge; {unjudged}", 2
        if self.require_judged and self.unjudged:
            return f"not ok; {count(len(self.unjudged), 'claim')} of level must not judged", 1
        if not (self.known or self.unjudged):
            return self._ok, 0
        return "; ".join([self._found, *([unjudged] if self.unjudged else [])]), 0

    @property
    def _ok(self) -> str:
        """``ok``, and how many checks of level *should* failed, if any did."""
        milder = len(self.with_state("failed", "should"))
        return f"ok; {milder} of level should failed" if milder else "ok"

    @property
    def _found(self) -> str:
        """What was found if no failure counts, in a few words."""
        is_milder = len(self.with_state("failed")) > len(self.known)
        mistake = "new mistake" if self.known else "mistake"
        if is_milder:
            mistake += " that counts"
        elif not self.known:
            mistake += " found"
        return f"no {mistake}; {len(self.known)} known" if self.known else f"no {mistake}"

    @property
    def sent(self) -> int:
        """How many checks were sent, at least in part."""
        return sum(bool(each.exchanges) for each in self.results)

    @property
    def known(self) -> list[CheckResult]:
        """The failed results that a baseline has."""
        return [each for each in self.with_state("failed") if each.known]

    @property
    def failures(self) -> list[CheckResult]:
        """The failed results that make the whole run fail."""
        return [each for each in self.results if each.counts(self.strict)]

    @property
    def unjudged(self) -> list[CheckResult]:
        """The results that are not judged although the webhook must pass them."""
        return self.with_state("not judged", "must")

    @property
    def is_judged(self) -> bool:
        """Whether anything was judged that was asked for.

        The first check is always sent, so it counts only if it fails, or if it is the only one.
        """
        asked = self.results[1:] or self.results
        return not self.is_answered or any(each.verdict.state != "not judged" for each in asked)

    @property
    def is_answered(self) -> bool:
        """Whether the webhook answers at all, by the first check."""
        first = self.results[0] if self.results else None
        return first is None or first.verdict.state != "failed" or bool(first.lost)

    def with_state(self, state: State, level: str = "") -> list[CheckResult]:
        """Return the results in a state; with a ``level``, only those of that level."""
        return [
            each
            for each in self.results
            if each.verdict.state == state and level in ("", each.level)
        ]

    @property
    def idempotency(self) -> str:
        """``SAFE`` if each event was processed exactly once, else ``UNSAFE``; or not judged.

        All checks that decide about that are looked at, of any group. One that is not judged leaves
        it open if its level is *must*, unless only a restart would show it.
        """
        decided = [each for each in self.results if each.check.judges_once]
        if any(each.is_unsafe for each in decided):
            return "UNSAFE"
        is_open = any(
            each.check.judges_once and "restart" not in each.check.needs for each in self.unjudged
        )
        is_shown = any(each.verdict.state == "passed" for each in decided)
        return "SAFE" if is_shown and not is_open else "not judged"

    @property
    def is_known_unsafe(self) -> bool:
        """Whether it is UNSAFE only by failures that a baseline has."""
        unsafe = [each for each in self.results if each.is_unsafe]
        return bool(unsafe) and all(each.known for each in unsafe)

    @property
    def idempotency_said(self) -> str:
        """``idempotency`` as all reports for people say it: ``UNSAFE (known)`` by a baseline."""
        return f"{self.idempotency}{' (known)' if self.is_known_unsafe else ''}"
