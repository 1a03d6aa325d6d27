"""Reports the findings of a check run in pytest: each check is a subtest."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from ..checks.findings import CheckResult, Findings
from ..checks.observation import sent
from ..core.printable import printable, printable_lines
from ..reports.check_words import level_of
from .wording import in_python


def report(findings: Findings, subtests: Any) -> None:
    """Report each check as a subtest: passed, failed, or skipped if it was not judged.

    ``subtests`` is the fixture of that name, or None if there is none.

    A failed check of level ``should`` is an expected failure, unless ``strict``. Without subtests
    (before pytest 9) all failures are reported as one. The test also fails if the counts of
    processed events are unknown, or if nothing could be judged.
    """
    __tracebackhide__ = True
    failures = [_in_python(each) for each in _obstacles(findings)]
    if subtests is None:
        failures += [text for each in findings.results for text in _failures(findings, each)]
    else:
        for result in findings.results:
            with subtests.test(result.check.name):
                _report_one(findings, result)
    if failures:
        pytest.fail("\n\n".join(failures), pytrace=False)


def _obstacles(findings: Findings) -> Iterator[str]:
    """Yield why the whole run says too little, if it does."""
    if findings.problem:
        yield findings.problem
    elif not findings.is_judged:
        notes = dict.fromkeys(each.verdict.note for each in findings.results[1:])
        yield "\n".join([findings.verdict, *notes])


def _report_one(findings: Findings, result: CheckResult) -> None:
    is_unjudged = result.verdict.state == "not judged"
    if is_unjudged and not (findings.require_judged and result in findings.unjudged):
        pytest.skip(f"not judged: {_in_python(result.verdict.note)}")
    if result.verdict.state == "failed" and not result.counts(findings.strict):
        received = in_python(printable(result.verdict.received))
        pytest.xfail(f"{level_of(result)}: {result.check.claim}; {received}")
    for text in _failures(findings, result):
        pytest.fail(text, pytrace=False)


def _failures(findings: Findings, result: CheckResult) -> Iterator[str]:
    """Yield the message of a failed check, if the failure counts, or of one that must be judged."""
    if findings.require_judged and result in findings.unjudged:
        yield f"{result.check.name}: not judged: {_in_python(result.verdict.note)}"
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
