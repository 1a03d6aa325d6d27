"""A check run as Markdown, for the summary of a job or a comment on a change.

Text from outside stands in ``<code>``, and each character of it that could mean anything in
Markdown or HTML is written as a number: it makes no markup, no link and no mention.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from ...core.printable import brief, listed
from ..format_table import CheckFormat, ReportFormat

if TYPE_CHECKING:
    from ...checks.causes import Cause
    from ...checks.findings import Findings

MOST = 50
"""So many causes stand in the table, at most."""

_NAMES = 20
_ACTIVE = re.compile(r"[^A-Za-z0-9 ,;()]")
_ACTIVE_WITHIN = re.compile(r"(?!\.(?: |$))[^A-Za-z0-9 ,;()/'-]")
"""What may mean something in Markdown, and what may in the middle of a line."""


def findings_text(findings: Findings) -> Iterator[str]:
    """Yield the whole file."""
    from ..check_headline import headline, new_causes
    from ..check_words import of_baseline, scope_lines, tally

    causes = new_causes(findings)
    mark = "✅" if findings.ok else "❌"
    yield f"### {mark} flowsim check: {plain(headline(findings))}\n"
    yield from _table(findings, causes)
    for word, names in of_baseline(findings).items():
        yield from _list(word, names)
    yield from _unjudged(findings)
    for line in scope_lines(findings):
        yield f"- {plain(line)}"
    if findings.scope is not None:
        yield ""
    if findings.problem:
        yield f"{code(findings.problem)}\n"
    yield f"{plain(tally(findings))}; idempotency: {plain(findings.idempotency_said)}\n"


def plain(text: str) -> str:
    """Return a text that means itself in Markdown, behind the beginning of a line."""
    return _escaped(text, _ACTIVE_WITHIN).replace("&#64;", "&#64;<!-- -->")


def code(text: str) -> str:
    """Return foreign text as code, on one line: nothing in it is markup, a link or a mention."""
    return f"<code>{_escaped(brief(text), _ACTIVE)}</code>"


def _escaped(text: str, active: re.Pattern[str]) -> str:
    return active.sub(lambda found: f"&#{ord(found[0])};", " ".join(text.split()))


def _table(findings: Findings, causes: Sequence[Cause]) -> Iterator[str]:
    if causes:
        yield "| | check | what is wrong | what to do |"
        yield "|---|---|---|---|"
        yield from (_row(findings, cause) for cause in causes[:MOST])
        yield ""
    yield from _list("more", [cause.first.check.name for cause in causes[MOST:]])


def _row(findings: Findings, cause: Cause) -> str:
    from ...checks.repeating import command_of

    check = cause.first.check
    also = [each.check.name for each in cause.others]
    wrong = f"{plain(cause.claim)}<br>received {code(cause.received)}"
    wrong += f"<br>{cause.relation}: {plain(listed(also, _NAMES))}" if also else ""
    advice = f"{plain(cause.advice)}<br>{code(command_of(findings, cause.first))}"
    return f"| {cause.level} | {plain(check.name)} | {wrong} | {advice} |"


def _unjudged(findings: Findings) -> Iterator[str]:
    from ..check_words import unjudged

    for reason, names in unjudged(findings).items():
        yield f"- {len(names)} not judged: {code(reason)}: {plain(listed(names, _NAMES))}"
    if findings.with_state("not judged"):
        yield ""


def _list(word: str, names: Sequence[str]) -> Iterator[str]:
    if names:
        yield f"{word}: {plain(listed(names, _NAMES))}\n"


FORMATS = (
    ReportFormat(
        name="markdown",
        place=42,
        ending="md",
        check=CheckFormat(findings_text, help="Write Markdown for the summary of a job"),
    ),
)
