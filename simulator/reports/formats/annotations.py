"""A check run as annotations: GitHub shows these lines of a job at the change that it tests.

GitHub reads a line ``::error title=…::message`` wherever it stands in the output of a step.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from ...core.printable import brief
from ..format_table import CheckFormat, ReportFormat

if TYPE_CHECKING:
    from ...checks.causes import Cause
    from ...checks.findings import Findings

MOST = 10
"""GitHub shows so many errors and so many warnings of a step, and leaves out the others."""

_KINDS = ("error", "warning", "notice")


def findings_lines(findings: Findings) -> Iterator[str]:
    """Yield a line for each cause, those first that make the run fail.

    Each of these is an ``error``; others are a ``warning``, and a ``notice`` if all of their checks
    are notes. A run that fails without a failure has an ``error`` that says why.
    """
    from ..check_headline import new_causes, verdict_sentence

    causes = new_causes(findings)
    for kind in _KINDS:
        of_kind = [cause for cause in causes if _kind(findings, cause) == kind]
        yield from (_line(kind, findings, cause) for cause in of_kind[:MOST])
    if not (findings.ok or findings.failures):
        yield annotation("error", "flowsim check", verdict_sentence(findings))
    if findings.problem:
        yield annotation("error", "flowsim check", brief(findings.problem))
    yield ""  # the last line ends


def _kind(findings: Findings, cause: Cause) -> str:
    if cause.counts(findings.strict):
        return "error"
    return "notice" if cause.level == "note" else "warning"


def _line(command: str, findings: Findings, cause: Cause) -> str:
    from ...checks.repeating import command_of

    check, verdict = cause.first.check, cause.first.verdict
    also = ", ".join(each.check.name for each in cause.others)
    lines = [
        cause.claim,
        f"received {brief(cause.received)}; expected {brief(verdict.expected)}",
        cause.advice,
        *([f"{cause.relation}: {also}"] if also else []),
        command_of(findings, cause.first),
    ]
    return annotation(command, f"flowsim: {check.name}", "\n".join(lines))


def annotation(command: str, title: str, message: str) -> str:
    """Return one line for GitHub; what would end a title or the line is escaped."""
    return f"::{command} title={_property(title)}::{_data(message)}"


def _data(text: str) -> str:
    return text.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")


def _property(text: str) -> str:
    return _data(text).replace(":", "%3A").replace(",", "%2C")


FORMATS = (
    ReportFormat(
        name="annotations",
        place=44,
        ending="txt",
        check=CheckFormat(
            findings_lines, help="Write lines that GitHub shows as annotations, if printed"
        ),
    ),
)
