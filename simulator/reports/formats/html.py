"""A check run as one HTML file that needs no script and nothing from outside."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING

from ..format_table import CheckFormat, ReportFormat

if TYPE_CHECKING:
    from ...checks.findings import CheckResult, Findings

MOST = 20
"""Up to how many requests of a check are listed."""


def findings_page(findings: Findings) -> Iterator[str]:
    """Yield the whole file; all that a webhook said is printable and escaped in it."""
    from ...checks.check import GROUPS
    from ...checks.findings import command_of
    from ...checks.observation import received, sent
    from .. import chart
    from ..check_lines import reasons, tally
    from ..page import filled_in

    yield filled_in(
        "check.html",
        findings=findings,
        tally=tally(findings),
        reasons=reasons(findings),
        groups=_groups(findings, GROUPS),
        about=GROUPS,
        chart=chart.draw(findings),
        most=MOST,
        again=lambda result: command_of(findings, result),
        kind_of=chart.kind_of,
        received=received,
        sent=sent,
    )


def _groups(findings: Findings, names: Iterable[str]) -> dict[str, list[CheckResult]]:
    """Return the results by group; the first check of all stands with its group, too."""
    found = {
        name: [each for each in findings.results if each.check.group == name] for name in names
    }
    return {name: results for name, results in found.items() if results}


FORMATS = (
    ReportFormat(
        name="html",
        place=40,
        ending="html",
        check=CheckFormat(findings_page, help="Write an HTML page to read and share"),
    ),
)
