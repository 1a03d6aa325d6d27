"""Text to read in a terminal, and what is printed if no other format is asked for."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from ..format_table import CheckFormat, ReplayFormat, ReplayOutput, ReportFormat, ShowFormat

if TYPE_CHECKING:
    from ...checks.check import Check
    from ...checks.findings import Findings, Plan
    from ...checks.pace import Pace
    from ...core.delivery import Attempt
    from ..replay_report import Report


def _report(output: ReplayOutput) -> Report:
    from ..replay_lines import ReplayLines

    return ReplayLines(output.write, output.progress, shows_all=output.shows_all)


def _pace(pace: Pace, seconds: float) -> str:
    from ..check_plan import pace_line

    return pace_line(pace, seconds)


def _plan(plan: Plan) -> Iterator[str]:
    from ..check_plan import plan_lines

    return plan_lines(plan)


def _findings(findings: Findings) -> Iterator[str]:
    from ..check_lines import findings_lines

    return findings_lines(findings)


def _all(findings: Findings) -> Iterator[str]:
    from ..check_details import all_lines

    return all_lines(findings)


def _repeated(findings: Findings, asked: Sequence[str]) -> Iterator[str]:
    from ..check_details import repeated_lines

    return repeated_lines(findings, asked)


def _listed(checks: Sequence[Check]) -> Iterator[str]:
    from ..check_plan import list_lines

    return list_lines(checks)


def _attempt(attempt: Attempt) -> str:
    """Return request line, headers and body, which is indented if it is JSON."""
    import json

    import click

    from ...core import headers, json_writing
    from ...core.printable import printable, printable_lines

    body = attempt.delivery.signed.payload.body
    own = {printable(key): printable(value) for key, value in headers.of_attempt(attempt).items()}
    styled = [f"{click.style(name, fg='cyan')}: {value}" for name, value in own.items()]
    try:
        content = json_writing.indented(json.loads(body))
    except ValueError:  # a fault broke it
        content = printable_lines(body.decode("utf-8", "replace"))
    head = click.style(f"POST {printable(attempt.delivery.url)}", bold=True)
    return "\n".join([head, *styled, "", content, "", ""])


FORMATS = (
    ReportFormat(
        name="pretty",
        place=10,
        replay=ReplayFormat(_report),
        check=CheckFormat(_findings, _plan, _pace, _listed, verbose=_all, repeated=_repeated),
        show=ShowFormat("to read", attempt=_attempt),
    ),
)
