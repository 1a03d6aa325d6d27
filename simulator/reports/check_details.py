"""Every check of a run in full: what failed and how, and what was sent and answered."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from ..checks.breaking import SINCE
from ..checks.causes import first_of
from ..checks.findings import CheckResult, Findings
from ..checks.observation import Exchange, received, sent
from ..checks.repeating import command_of
from ..core.printable import printable
from .check_headline import headline, new_causes
from .check_lines import closing, headline_lines, verdict_line
from .check_words import WIDTH, left_out, level_of, reasons
from .styles import bold, dim, green, red, yellow

MOST = 500
"""So many requests of a check are listed, at most."""


def all_lines(findings: Findings) -> Iterator[str]:
    """Yield all results by group, then why some were not judged, then how it ended."""
    yield from headline_lines(findings)
    firsts, group = first_of(new_causes(findings)), ""
    for result in findings.results:
        if result.check.group != group:
            group = result.check.group
            yield bold(group)
        yield from _result_lines(findings, result, firsts)
        if not findings.is_answered:
            break
    said = left_out(findings.left_out) if findings.is_answered else reasons(findings)
    yield from map(dim, said)
    yield from closing(findings)


def repeated_lines(findings: Findings, asked: Sequence[str]) -> Iterator[str]:
    """Yield each request of the checks that were ``asked`` for and its answer, and the verdict."""
    wanted = [each for each in findings.results if {each.check.name, each.check.group} & {*asked}]
    failed = [each for each in findings.results[:1] if each.verdict.state == "failed"]
    for result in failed or wanted:
        for exchange in result.exchanges[:MOST]:
            yield _exchange_line(exchange)
        if (more := len(result.exchanges) - MOST) > 0:
            yield dim(f"    and {more} more requests")
        yield from _result_lines(findings, result, {})
    yield headline(findings)
    yield verdict_line(findings)


def _exchange_line(exchange: Exchange) -> str:
    milliseconds = f"{exchange.outcome.elapsed * 1000:.0f} ms"
    answer = printable(received(exchange))
    return f"    {printable(sent(exchange))}  {answer} {dim(f'({milliseconds})')}"


def _result_lines(
    findings: Findings, result: CheckResult, firsts: Mapping[str, str]
) -> Iterator[str]:
    check, verdict = result.check, result.verdict
    claim = f"{check.name:{WIDTH}} {printable(check.claim)}"
    if verdict.state == "passed":
        note = dim(f" ({printable(verdict.note)})") if verdict.note else ""
        yield f"  {green('✓')} {claim}{note}"
    elif verdict.state == "not judged":
        yield dim(f"  · {claim} (not judged: {printable(verdict.note)})")
    else:
        yield from _failed_lines(findings, result, firsts)


def _failed_lines(
    findings: Findings, result: CheckResult, firsts: Mapping[str, str]
) -> Iterator[str]:
    check = result.check
    colour = red if result.counts(findings.strict) else yellow
    is_known = " (known, by the baseline)" if result.known else ""
    claim = colour(printable(check.claim))
    yield f"  {colour('✗')} {check.name:{WIDTH}} {claim} [{level_of(result)}]{is_known}"
    for name, text in details(findings, result, firsts).items():
        yield f"      {dim(f'{name:8}')} {text}"


def _cause(first: str) -> str:
    return f"{'perhaps ' if first in SINCE else ''}the same as of {first}"


def details(findings: Findings, result: CheckResult, firsts: Mapping[str, str]) -> dict[str, str]:
    """Return the details of a failed check, label → text, without empty ones.

    ``firsts`` are the checks that show the cause of each failed one most directly.
    """
    check, verdict = result.check, result.verdict
    first = firsts.get(check.name, check.name)
    words = {
        "sent": sent(verdict.exchange) if verdict.exchange else "",
        "expected": verdict.expected,
        "received": verdict.received,
        "why": f"{check.why} {check.page}",
        "do": check.advice,
        "cause": _cause(first) if first != check.name else "",
        "again": command_of(findings, result),
    }
    return {name: printable(text) for name, text in words.items() if text}
