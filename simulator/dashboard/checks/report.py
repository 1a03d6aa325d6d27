"""The report of a run as the page shows it, in the words of the other reports."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from ...checks.causes import first_of
from ...checks.check import State
from ...checks.findings import CheckResult, Findings
from ...checks.observation import received, sent
from ...core.printable import count
from ...reports.check_details import details
from ...reports.check_headline import headline, new_causes
from ...reports.check_words import left_out, level_of, scope_lines, tally, unanswered
from ...reports.format_table import formats_of
from ...reports.formats.json import check_object, check_summary
from ..deliveries.rows import AttemptMark
from .background import CheckReport

DOWNLOADS = {
    "json": ("JSON", "application/json", "jsonl"),
    "junit": ("JUnit XML", "application/xml", "xml"),
    "html": ("HTML", "text/html; charset=utf-8", "html"),
}
"""Format → its words, content type, and the ending of the file."""

MOST = 20
"""How many requests of a check are listed, at most."""

_LABELS = {
    "sent": "Sent",
    "expected": "Expected",
    "received": "Received",
    "do": "What to do",
    "cause": "Cause",
    "again": "Send it again",
}


@dataclass(frozen=True, slots=True)
class SentRequestLine:
    """A request of a check, and what came back."""

    sent: str
    received: str
    mark: AttemptMark
    milliseconds: float


@dataclass(frozen=True, slots=True)
class ReportRow:
    """One check in the report; ``look`` is ``good``, ``bad``, ``warn`` or empty for not judged.

    ``is_first``: it shows the cause of a failure most directly.
    ``details`` are labels and texts of a failure; ``note`` is the reason of one that is not judged.
    """

    name: str
    group: str
    level: str
    state: State
    look: str
    claim: str
    why: str
    page: str
    note: str
    details: tuple[tuple[str, str], ...]
    again: str
    requests: tuple[SentRequestLine, ...]
    more: int
    is_first: bool


@dataclass(frozen=True, slots=True)
class ReportSection:
    """The checks with one verdict."""

    title: str
    state: State
    rows: tuple[ReportRow, ...]


@dataclass(frozen=True, slots=True)
class ReportSummary:
    """How a run ended; ``look`` is as that of a row. ``exit_code`` is that of the command."""

    url: str
    verdict: str
    look: str
    headline: str
    tally: str
    idempotency: str
    exit_code: int
    seed: int
    client_id: str
    notes: tuple[str, ...]
    command: str


def summary_of(report: CheckReport) -> ReportSummary:
    """Return how a run ended."""
    findings = report.findings
    look = "bad" if not findings.ok else "good" if findings.verdict == "ok" else "warn"
    return ReportSummary(
        findings.url,
        findings.verdict,
        look,
        headline(findings),
        tally(findings),
        findings.idempotency_said,
        findings.exit_code,
        findings.seed,
        findings.client_id,
        tuple(_notes(findings)),
        report.command,
    )


def _notes(findings: Findings) -> Iterator[str]:
    if findings.problem:
        yield findings.problem
    yield from unanswered(findings).values()
    yield from left_out(findings.left_out)
    yield from scope_lines(findings)


def sections_of(findings: Findings) -> list[ReportSection]:
    """Return failed checks, the worst first, then those that are not judged, then passed ones."""
    firsts = first_of(new_causes(findings))
    order = [each.check.name for cause in new_causes(findings) for each in cause.results]
    place = {name: number for number, name in enumerate(order)}
    failed = sorted(
        findings.with_state("failed"), key=lambda each: place.get(each.check.name, len(place))
    )
    found: list[tuple[str, State, list[CheckResult]]] = [
        ("Failed", "failed", failed),
        ("Not judged", "not judged", findings.with_state("not judged")),
        ("Passed", "passed", findings.with_state("passed")),
    ]
    return [
        ReportSection(title, state, tuple(_row(findings, each, firsts) for each in results))
        for title, state, results in found
        if results
    ]


def _row(findings: Findings, result: CheckResult, firsts: dict[str, str]) -> ReportRow:
    check, verdict = result.check, result.verdict
    said = details(findings, result, firsts) if verdict.state == "failed" else {}
    shown = result.exchanges[:MOST]
    return ReportRow(
        check.name,
        check.group,
        level_of(result),
        verdict.state,
        _look(findings, result),
        check.claim,
        check.why,
        check.page,
        verdict.note,
        tuple((_LABELS[name], said[name]) for name in _LABELS if name in said and name != "again"),
        said.get("again", ""),
        tuple(
            SentRequestLine(
                sent(each),
                received(each),
                AttemptMark(number, each.status, each.ending),
                each.outcome.elapsed * 1000,
            )
            for number, each in enumerate(shown, 1)
        ),
        len(result.exchanges) - len(shown),
        is_first=firsts.get(check.name) == check.name,
    )


def _look(findings: Findings, result: CheckResult) -> str:
    if result.verdict.state == "failed":
        return "bad" if result.counts(findings.strict) else "warn"
    return "good" if result.verdict.state == "passed" else ""


def twin(report: CheckReport) -> dict[str, Any]:
    """Return the report as JSON has it: that of the command, in one object."""
    findings = report.findings
    checks = [check_object(findings, each) for each in findings.results]
    return {**check_summary(findings), "command": report.command, "results": checks}


def download(findings: Findings, name: str) -> str:
    """Return the report in a format of the command; ``name`` is one of ``DOWNLOADS``."""
    (found,) = [each.check for each in formats_of("check") if each.name == name]
    assert found is not None
    return "\n".join(found.findings(findings)) + "\n"


def reasons(section: ReportSection) -> list[tuple[str, str]]:
    """Return each reason why checks are not judged, once, with the number of its checks."""
    found: dict[str, int] = {}
    for row in section.rows:
        found[row.note] = found.get(row.note, 0) + 1
    return [(reason, count(number, "check")) for reason, number in found.items()]
