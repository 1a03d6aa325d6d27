"""A check run as JUnit XML, as GitHub, GitLab and Jenkins read it.

One test case a check: its group is the class. A failure is what the whole run fails by; what
else failed says so in the output of a case that passes. What was not judged is skipped.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from ..format_table import CheckFormat, ReportFormat

if TYPE_CHECKING:
    from ...checks.findings import CheckResult, Findings
    from ..junit import JUnitCase


def findings_document(findings: Findings) -> Iterator[str]:
    """Yield the whole file."""
    from ..junit import document

    properties = {
        "url": findings.url,
        "client id": findings.client_id,
        "seed": str(findings.seed),
        "strict": str(findings.strict).lower(),
        "idempotency": findings.idempotency,
    }
    cases = [*(_case(findings, each) for each in findings.results), *_errors(findings)]
    yield document("flowsim check", properties, cases, findings.elapsed)


def _case(findings: Findings, result: CheckResult) -> JUnitCase:
    from ...core.printable import printable
    from ..junit import JUnitCase

    check, verdict = result.check, result.verdict
    case = JUnitCase(check.group, check.name, result.elapsed)
    case.output.append(f"{check.level}: {check.claim}")
    if verdict.state == "not judged":
        case.skipped = f"not judged: {verdict.note}"
    elif verdict.state == "failed" and result.counts(findings.strict):
        message = f"{check.claim} Expected {verdict.expected}; received {verdict.received}"
        case.failure = check.level, message, "\n".join(_lines(findings, result))
    elif verdict.state == "failed":
        case.output += ["failed, which does not count at this level", *_lines(findings, result)]
    elif verdict.note:
        case.output.append(printable(verdict.note))
    return case


def _lines(findings: Findings, result: CheckResult) -> list[str]:
    from ..check_lines import details

    return [f"{name:8} {text}" for name, text in details(findings, result).items()]


def _errors(findings: Findings) -> Iterator[JUnitCase]:
    """Yield cases that are errors: without them, a run that was cut short looks correct."""
    from ..junit import JUnitCase

    if not findings.finished:
        reason = findings.results[-1].verdict.note or "the checks were stopped"
        error = "unfinished", f"not all sent: {reason}"
        yield JUnitCase("flowsim", "all-checks-sent", error=error)
    if findings.problem:
        yield JUnitCase("flowsim", "processed-told", error=("untold", findings.problem))


FORMATS = (
    ReportFormat(
        name="junit",
        place=30,
        ending="xml",
        check=CheckFormat(findings_document, help="Write JUnit XML for CI"),
    ),
)
