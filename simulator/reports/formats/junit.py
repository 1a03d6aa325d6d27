"""A check run as JUnit XML, as GitHub, GitLab and Jenkins read it (Jenkins' ``junit-10.xsd``).

Each check is a test case; its group is the class. A failed check is a failure if it makes the run
fail. Otherwise the case passes, with a note in its output. A check that was not judged is skipped.
Text from outside is made printable, so that XML 1.0 can hold it.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from ...core.printable import printable
from ..format_table import CheckFormat, ReportFormat

if TYPE_CHECKING:
    from xml.etree.ElementTree import Element

    from ...checks.findings import CheckResult, Findings


@dataclass(slots=True)
class JUnitCase:
    """A test case; it took ``elapsed`` seconds.

    ``skipped`` is the reason, ``failure`` kind, message and text, ``error`` kind and message;
    a case with none of them passed. ``output`` are lines of printable text.
    """

    group: str
    name: str
    elapsed: float | None = None
    output: list[str] = field(default_factory=list)
    skipped: str = ""
    failure: tuple[str, str, str] | None = None
    error: tuple[str, str] | None = None


def findings_document(findings: Findings) -> Iterator[str]:
    """Yield the whole file."""
    from ...checks.causes import first_of
    from ..check_headline import headline, new_causes
    from ..check_words import of_baseline

    properties = {
        "headline": headline(findings),
        "url": findings.url,
        "client id": findings.client_id,
        "seed": str(findings.seed),
        "strict": str(findings.strict).lower(),
        "idempotency": findings.idempotency_said,
        "verdict": findings.verdict,
    }
    if findings.scope is not None:
        properties["looked for"] = "; ".join(findings.scope.looked_for)
        properties["not looked for"] = "; ".join(findings.scope.not_looked_for)
    for word, names in of_baseline(findings).items():
        properties[word] = " ".join(names)
    if findings.left_out:
        properties["left out"] = " ".join(check.name for check in findings.left_out)
    firsts = first_of(new_causes(findings))
    cases = [*(_case(findings, each, firsts) for each in findings.results), *_errors(findings)]
    yield document("flowsim check", properties, cases, findings.elapsed)


def _case(findings: Findings, result: CheckResult, firsts: Mapping[str, str]) -> JUnitCase:
    from ..check_words import level_of

    check, verdict = result.check, result.verdict
    case = JUnitCase(check.group, check.name, result.elapsed)
    case.output.append(f"{level_of(result)}: {check.claim}")
    if verdict.state == "not judged" and findings.require_judged and result in findings.unjudged:
        case.failure = result.level, f"{check.claim} Not judged: {verdict.note}", ""
    elif verdict.state == "not judged":
        case.skipped = f"not judged: {verdict.note}"
    elif verdict.state == "failed" and result.counts(findings.strict):
        message = f"{check.claim} Expected {verdict.expected}; received {verdict.received}"
        case.failure = result.level, message, "\n".join(_lines(findings, result, firsts))
    elif verdict.state == "failed":
        why = "is known, by the baseline" if result.known else "does not count at this level"
        case.output += [f"failed, which {why}", *_lines(findings, result, firsts)]
    elif verdict.note:
        case.output.append(printable(verdict.note))
    return case


def _lines(findings: Findings, result: CheckResult, firsts: Mapping[str, str]) -> list[str]:
    from ..check_details import details

    return [f"{name:8} {text}" for name, text in details(findings, result, firsts).items()]


def _errors(findings: Findings) -> Iterator[JUnitCase]:
    """Yield cases that are errors: without them, a run that was cut short looks correct.

    Each option that did not answer has a case of its own, as in ``processed-told``.
    """
    from ..check_words import unanswered

    if findings.stopped:
        reason = findings.results[-1].verdict.note or "the checks were stopped"
        error = "unfinished", f"not all sent: {reason}"
        yield JUnitCase("flowsim", "all-checks-sent", error=error)
    for option, sentence in unanswered(findings).items():
        why = findings.problem if option == findings.unanswered[0] else sentence
        yield JUnitCase("flowsim", f"{option.strip('-')}-told", error=("untold", why))
    if not (findings.stopped or findings.problem or findings.is_judged):
        yield JUnitCase("flowsim", "anything-judged", error=("unjudged", findings.verdict))


def document(
    name: str, properties: Mapping[str, str], cases: Iterable[JUnitCase], elapsed: float
) -> str:
    """Return the whole file with one suite, which took ``elapsed`` seconds."""
    from xml.etree import ElementTree

    suites = ElementTree.Element("testsuites", name=name)
    suite = ElementTree.SubElement(suites, "testsuite", name=name)
    listed = ElementTree.SubElement(suite, "properties")
    for key, value in properties.items():
        ElementTree.SubElement(listed, "property", name=key, value=printable(value))
    for case in cases:
        _add_case(suite, case)
    totals = _totals(suite, elapsed)
    suite.attrib.update(totals)
    del totals["skipped"]  # junit-10.xsd has it at a suite only
    suites.attrib.update(totals)
    ElementTree.indent(suites)
    text = ElementTree.tostring(suites, encoding="unicode")
    return f'<?xml version="1.0" encoding="utf-8"?>\n{text}\n'


def _add_case(suite: Element, case: JUnitCase) -> None:
    from xml.etree.ElementTree import SubElement

    time = "0" if case.elapsed is None else _seconds(case.elapsed)
    element = SubElement(suite, "testcase", classname=case.group, name=case.name, time=time)
    if case.skipped:
        SubElement(element, "skipped", message=printable(case.skipped))
    if case.failure is not None:
        kind, message, text = case.failure
        SubElement(element, "failure", type=kind, message=printable(message)).text = text
    if case.error is not None:
        kind, message = case.error
        SubElement(element, "error", type=kind, message=printable(message))
    if case.output:
        SubElement(element, "system-out").text = "\n".join(case.output)


def _totals(suite: Element, elapsed: float) -> dict[str, str]:
    kinds = {"tests": "", "failures": "/failure", "errors": "/error", "skipped": "/skipped"}
    totals = {name: str(len(suite.findall(f"testcase{kind}"))) for name, kind in kinds.items()}
    return {**totals, "time": _seconds(elapsed)}


def _seconds(elapsed: float) -> str:
    return f"{elapsed:.3f}"


FORMATS = (
    ReportFormat(
        name="junit",
        place=30,
        ending="xml",
        check=CheckFormat(findings_document, help="Write JUnit XML for CI"),
    ),
)
