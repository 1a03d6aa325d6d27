"""The plan of a check run, and its results."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from ..core.shell_words import curl_command, quoted
from ..delivery.summary import STOPPED
from .check import Check, State, Verdict
from .observation import Exchange, Visit

LONGEST_BODY = 20_000
"""Up to how many bytes a body stands in a curl command."""


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

    ``behind`` is how many other events came before late duplicates, if it has any.
    """

    check: Check
    verdict: Verdict
    exchanges: tuple[Exchange, ...]
    visits: tuple[Visit, ...]
    began: float
    elapsed: float
    behind: int | None = None

    def counts(self, strict: bool) -> bool:
        """Return whether the result makes the whole run fail."""
        levels = ("must", "should") if strict else ("must",)
        return self.verdict.state == "failed" and self.check.level in levels


@dataclass(frozen=True, slots=True)
class Findings:
    """All results, in the order of the checks.

    ``elapsed`` is in seconds of real time; ``finished`` says whether all checks were sent.
    ``problem`` says why requested counts of processed events are unknown;
    ``stopped`` says whether Ctrl-C or another signal has ended the sending. ``trust`` is the
    option by which the webhook's certificate was accepted, as flowsim and curl have it.
    ``left_out`` are checks about events of another family than those that were sent.
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
    trust: str = ""
    left_out: Sequence[Check] = ()

    @property
    def exit_code(self) -> int:
        """The process's exit code: 0 if all is well, 1 if not, 2 if something is not known."""
        if self.stopped:
            return STOPPED
        return 2 if self.problem else 0 if self.ok else 1

    @property
    def ok(self) -> bool:
        """Whether the webhook passed all selected checks that count."""
        failures = (each for each in self.results if each.counts(self.strict))
        return self.finished and not self.problem and not any(failures)

    @property
    def is_answered(self) -> bool:
        """Whether the webhook answers at all, by the first check."""
        return self.results[0].verdict.state != "failed"

    def with_state(self, state: State, level: str = "") -> list[CheckResult]:
        """Return the results in a state; with a ``level``, only those of that level."""
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
            if "restart" not in each.check.needs or each.verdict.state == "failed"
        ]
        if "failed" in states:
            return "UNSAFE"
        return "SAFE" if "passed" in states and "not judged" not in states else "not judged"


def command_of(findings: Findings, result: CheckResult) -> str:
    """Return a shell command: curl for the failed request, or a run of this check alone."""
    exchange = result.verdict.exchange
    if exchange is not None and _can_be_curled(exchange):
        request = exchange.url, exchange.headers, exchange.body, exchange.method
        return curl_command(*request, option=findings.trust)
    client_id = f"--client-id {quoted(findings.client_id)}"
    file = f" --checks {quoted(result.check.file)}" if result.check.file else ""
    only = f"{file} --only {result.check.name}"
    trust = f" {findings.trust}" if findings.trust else ""
    return f"flowsim check {quoted(findings.url)} {client_id}{only} --seed {findings.seed}{trust}"


def _can_be_curled(exchange: Exchange) -> bool:
    """Return whether curl can send the request: no fault changes its HTTP, and it is short."""
    is_plain = exchange.wire is None and bool(exchange.headers)
    return is_plain and len(exchange.body) <= LONGEST_BODY
