"""The verdict on a webhook as JUnit XML, as GitHub, GitLab and Jenkins read it.

One test case a check: its group is the class. A failure is what the whole run fails by; what
else failed says so in the output of a case that passes. What was not judged is skipped.
Foreign text is made printable, which leaves nothing that XML 1.0 cannot hold.
"""

from __future__ import annotations

from xml.etree import ElementTree
from xml.etree.ElementTree import Element, SubElement

from ..checks.findings import CheckResult, Findings
from ..printable import printable
from ._words import details

SUITE = "flowsim check"


def document(findings: Findings) -> str:
    """Return the whole file."""
    suites = Element("testsuites", name=SUITE)
    suite = SubElement(suites, "testsuite", name=SUITE)
    _add_properties(suite, findings)
    for result in findings.results:
        _add_case(suite, findings, result)
    if not findings.finished:
        reason = findings.results[-1].verdict.note or "the checks were stopped"
        _add_error(suite, "all-checks-sent", "unfinished", f"not all sent: {reason}")
    if findings.problem:
        _add_error(suite, "processed-told", "untold", findings.problem)
    for element in (suites, suite):
        element.attrib.update(_totals(suite, findings))
    ElementTree.indent(suites)
    text = ElementTree.tostring(suites, encoding="unicode")
    return f'<?xml version="1.0" encoding="utf-8"?>\n{text}\n'


def _add_properties(suite: Element, findings: Findings) -> None:
    properties = SubElement(suite, "properties")
    known = {
        "url": findings.url,
        "client id": findings.client_id,
        "seed": str(findings.seed),
        "strict": str(findings.strict).lower(),
        "idempotency": findings.idempotency,
    }
    for name, value in known.items():
        SubElement(properties, "property", name=name, value=printable(value))


def _add_case(suite: Element, findings: Findings, result: CheckResult) -> None:
    check, verdict = result.check, result.verdict
    case = SubElement(
        suite, "testcase", classname=check.group, name=check.name, time=_seconds(result.elapsed)
    )
    output = [f"{check.level}: {check.claim}"]
    if verdict.state == "not judged":
        SubElement(case, "skipped", message=printable(f"not judged: {verdict.note}"))
    elif verdict.state == "failed" and result.counts(findings.strict):
        message = f"{check.claim} Expected {verdict.expected}; received {verdict.received}"
        failure = SubElement(case, "failure", type=check.level, message=printable(message))
        failure.text = "\n".join(_lines(findings, result))
    elif verdict.state == "failed":
        output += ["failed, which does not count at this level", *_lines(findings, result)]
    elif verdict.note:
        output.append(printable(verdict.note))
    SubElement(case, "system-out").text = "\n".join(output)


def _lines(findings: Findings, result: CheckResult) -> list[str]:
    return [f"{name:8} {text}" for name, text in details(findings, result).items()]


def _add_error(suite: Element, name: str, kind: str, message: str) -> None:
    """Add a case that is an error: without it, a run that was cut short looks sound."""
    case = SubElement(suite, "testcase", classname="flowsim", name=name, time="0")
    SubElement(case, "error", type=kind, message=printable(message))


def _totals(suite: Element, findings: Findings) -> dict[str, str]:
    kinds = {"tests": "", "failures": "/failure", "errors": "/error", "skipped": "/skipped"}
    totals = {name: str(len(suite.findall(f"testcase{kind}"))) for name, kind in kinds.items()}
    return {**totals, "time": _seconds(findings.elapsed)}


def _seconds(elapsed: float) -> str:
    return f"{elapsed:.3f}"
