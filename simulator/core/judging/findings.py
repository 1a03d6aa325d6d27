"""What the checks of a webhook came to."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from ..summary import STOPPED
from .check import Check
from .exchange import Exchange
from .verdict import State, Verdict
from .visit import Visit


@dataclass(frozen=True, slots=True)
class Result:
    """One check and its verdict; ``began`` and ``elapsed`` are seconds of real time."""

    check: Check
    verdict: Verdict
    exchanges: tuple[Exchange, ...]
    visits: tuple[Visit, ...]
    began: float
    elapsed: float

    def counts(self, strict: bool) -> bool:
        """Tell whether the result is a failure that the whole run fails by."""
        levels = ("must", "should") if strict else ("must",)
        return self.verdict.state == "failed" and self.check.level in levels


@dataclass(frozen=True, slots=True)
class Findings:
    """All results, in the order of the checks.

    ``elapsed`` is in seconds of real time; ``finished`` tells whether all checks were sent.
    ``problem`` says why nobody could tell what was processed, though somebody was to;
    ``stopped`` tells whether Ctrl-C or another signal has ended the sending. ``trust`` is the
    option by which the webhook's certificate was accepted, as flowsim and curl have it.
    """

    url: str
    client_id: str
    seed: int
    strict: bool
    results: Sequence[Result]
    elapsed: float
    finished: bool
    problem: str = ""
    stopped: bool = False
    trust: str = ""

    @property
    def exit_code(self) -> int:
        """What the process ends with: 0 if all is well, 1 if not, 2 if something was not told."""
        if self.stopped:
            return STOPPED
        return 2 if self.problem else 0 if self.ok else 1

    @property
    def ok(self) -> bool:
        """Tell whether the webhook does all that it is held to, as far as it was asked for."""
        failures = (each for each in self.results if each.counts(self.strict))
        return self.finished and not self.problem and not any(failures)

    @property
    def is_answered(self) -> bool:
        """Tell whether the webhook answers at all, which its first check says."""
        return self.results[0].verdict.state != "failed"

    def with_state(self, state: State, level: str = "") -> list[Result]:
        """Return the results of one state, of one level if it is stated."""
        return [
            each
            for each in self.results
            if each.verdict.state == state and level in ("", each.check.level)
        ]

    @property
    def idempotency(self) -> str:
        """``SAFE`` if each event was processed exactly once, else ``UNSAFE``; or not judged."""
        states = [
            each.verdict.state
            for each in self.results
            if each.check.group == "identity" and each.check.needs_effects
        ]
        if "failed" in states:
            return "UNSAFE"
        return "SAFE" if "passed" in states and "not judged" not in states else "not judged"
