"""Reports the findings of a check run in pytest: each check is a subtest."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from ..checks.findings import CheckResult, Findings
from ..checks.observation import sent
from ..core.printable import printable, printable_lines
from .wording import in_python


def report(findings: Findings, subtests: Any) -> None:
    """Report each check as a subtest: passed, failed, or skipped if it was not judged.

    ``subtests`` is the fixture of that name, or None if there is none.

    A failed check of level ``should`` is an expected failure, unless ``strict``. Without subtests
    (before pytest 9) all failures are reported as one. The test also
    fails if the counts of processed events are unknown.
    """
    __tracebackhide__ = True
    failures = [_in_python(findings.problem)] if findings.problem else []
    if subtests is None:
        failures += [text for each in findings.results for text in _failures(findings, each)]
    else:
        for result in findings.results:
            with subtests.test(result.check.name):
                _report_one(findings, result)
    if failures:
        pytest.fail("\n\n".join(failures), pytrace=False)


def _report_one(findings: Findings, result: CheckResult) -> None:
    if result.verdict.state == "not judged":
        pytest.skip(f"not judged: {_in_python(result.verdict.note)}")
    if result.verdict.state == "failed" and not result.counts(findings.strict):
        received = in_python(printable(result.verdict.received))
        pytest.xfail(f"{result.check.level}: {result.check.claim}; {received}")
    for text in _failures(findings, result):
        pytest.fail(text, pytrace=False)


def _failures(findings: Findings, result: CheckResult) -> Iterator[str]:
    """Yield the message of a failed check, if the failure counts."""
    if result.counts(findings.strict):
        check, verdict = result.check, result.verdict
        again = f"flowsim.check(…, only=[{check.name!r}], seed={findings.seed})"
        details = {
            "sent": sent(verdict.exchange) if verdict.exchange else "",
            "expected": verdict.expected,
            "received": verdict.received,
            "raised": verdict.exchange.outcome.traceback if verdict.exchange else "",
            "why": f"{check.why} {check.page}",
            "do": check.advice,
            "again": again,
        }
        lines = [f"{name:8} {text}" for name, text in details.items() if text]
        yield "\n".join([f"{check.name}: {check.claim}", *map(_in_python, lines)])


def _in_python(text: str) -> str:
    """Return printable text in which options of the command line are arguments of Python."""
    return in_python(printable_lines(text))
