"""Findings as a run of checks returns them, made by hand."""

from __future__ import annotations

from collections.abc import Sequence

from flowsim.checks.check import Check, Verdict, failed, not_judged, passed
from flowsim.checks.findings import CheckResult, Findings
from flowsim.checks.observation import Exchange
from flowsim.core.outcome import NETWORK, Outcome

URL = "http://127.0.0.1:3000/hook"


def exchange(
    status: int = 200, body: bytes = b"taken", began: float = 0.0, elapsed: float = 0.25
) -> Exchange:
    problem = "connection refused" if status == NETWORK else ""
    outcome = Outcome(status, elapsed, body, problem)
    return Exchange("POST", URL, {"a": "b"}, b"{}", outcome, began)


def result(
    verdict: Verdict,
    level: str = "must",
    *exchanges: Exchange,
    name: str = "a-check",
    group: str = "http",
) -> CheckResult:
    check = Check(
        *(name, group, level, "It answers.", "Else events are lost.", "https://example.com/page"),
        "Answer 200.",
        lambda _: verdict,
    )
    return CheckResult(check, verdict, exchanges, (), 0.0, 0.5)


def findings(
    *results: CheckResult, strict: bool = False, finished: bool = True, problem: str = ""
) -> Findings:
    unanswered = ("--processed",) if problem else ()
    return Findings(
        *(URL, "a" * 32, 7, strict, results, 1.25, finished, problem), unanswered=unanswered
    )


def refused(level: str = "must", received: str = "500 'no'", name: str = "refuses") -> CheckResult:
    """Return a check that failed by an answer that says ``received``."""
    at_fault = exchange(500, b"no")
    return result(failed("200", received, at_fault), level, at_fault, name=name)


def some() -> Sequence[CheckResult]:
    """Return one result of each kind, in two groups."""
    return (
        result(passed("p99 5 ms"), "must", exchange(), name="answers"),
        refused(),
        refused("should", name="lags"),
        result(not_judged("it takes --processed"), name="blind", group="identity"),
    )
