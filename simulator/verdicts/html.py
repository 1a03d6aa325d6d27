"""The verdict on a webhook as one HTML file that needs no script and nothing from outside."""

from __future__ import annotations

from functools import cache
from importlib.resources import files

from jinja2 import Environment, StrictUndefined, Template

from ..checks.check import GROUPS
from ..checks.findings import CheckResult, Findings, command_of
from ..checks.observation import received, sent
from ..printable import printable
from . import _chart
from ._words import reasons, tally

MOST = 20
"""Up to how many requests of a check are listed."""


def document(findings: Findings) -> str:
    """Return the whole file; all that a webhook said is printable and escaped in it."""
    return _template().render(
        findings=findings,
        tally=tally(findings),
        reasons=reasons(findings),
        groups=_groups(findings),
        about=GROUPS,
        chart=_chart.draw(findings),
        most=MOST,
        again=lambda result: command_of(findings, result),
        kind_of=_chart.kind_of,
        received=received,
        sent=sent,
    )


@cache
def _template() -> Template:
    environment = Environment(
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        finalize=_shown,
    )
    return environment.from_string((files(__package__) / "page.html").read_text("utf-8"))


def _shown(value: object) -> object:
    return printable(value) if isinstance(value, str) else value


def _groups(findings: Findings) -> dict[str, list[CheckResult]]:
    """Return the results by group; the first check of all stands with its group, too."""
    found = {
        name: [each for each in findings.results if each.check.group == name] for name in GROUPS
    }
    return {name: results for name, results in found.items() if results}
