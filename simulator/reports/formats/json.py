"""JSON, for programs: one object a line, and nothing else on standard output."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from ..format_table import CheckFormat, ReplayFormat, ReplayOutput, ReportFormat, ShowFormat

if TYPE_CHECKING:
    from ...checks.check import Check
    from ...checks.findings import Findings
    from ...core.delivery import Attempt
    from ..base import Report


def _report(output: ReplayOutput) -> Report:
    from ..json_lines import JsonLines

    return JsonLines(output.write, output.note)


def _findings(findings: Findings) -> Iterator[str]:
    from ..json_lines import findings_lines

    return findings_lines(findings)


def _listed(checks: Sequence[Check]) -> Iterator[str]:
    from ..json_lines import list_lines

    return list_lines(checks)


def _attempt(attempt: Attempt) -> str:
    from ...core import headers, json_writing

    body = attempt.delivery.signed.payload.body.decode("utf-8")
    return (
        json_writing.one_line({"headers": dict(headers.of_attempt(attempt)), "body": body}) + "\n"
    )


FORMATS = (
    ReportFormat(
        name="json",
        place=20,
        replay=ReplayFormat(_report, "Print one JSON object per line, and the summary last."),
        check=CheckFormat(
            _findings, listed=_listed, help="Print one JSON object per check, and a summary last."
        ),
        show=ShowFormat("headers and body, one delivery per line", attempt=_attempt),
    ),
)
