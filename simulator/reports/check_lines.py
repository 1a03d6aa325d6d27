"""A check run in lines to read: what failed, in full; every other check in a line."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from functools import partial

import click

from ..checks.catalogue import FIRST
from ..checks.check import Check
from ..checks.findings import CheckResult, Findings, Plan, command_of
from ..checks.levels import REASONS
from ..checks.observation import sent
from ..checks.pace import Pace
from ..checks.unchecked import unchecked
from ..core.duration import spell
from ..core.printable import printable

_bold = partial(click.style, bold=True)
_dim = partial(click.style, dim=True)
_green = partial(click.style, fg="green")
_red = partial(click.style, fg="red")
_yellow = partial(click.style, fg="yellow")
_WIDTH = 26


def plan_lines(plan: Plan) -> Iterator[str]:
    """Yield the lines before the first request."""
    yield f"{_bold('check')} {printable(plan.url)}"
    keys = f"http://{printable(plan.key_host)}"
    keys += "" if plan.tls_port is None else f" and by HTTPS on port {plan.tls_port}"
    keys += "" if plan.proxy_port is None else f", proxy on {plan.proxy_port}"
    yield _dim(f"{len(plan.checks)} checks; keys at {keys}, seed {plan.seed}")


def pace_line(pace: Pace, seconds: float) -> str:
    """Return what the webhook needs for an event, and how long the whole run will take."""
    beside = f", {pace.at_once} at once {spell(pace.together)}" if pace.at_once > 1 else ""
    about = spell(max(1, round(seconds)))
    return _dim(f"about {about}: an event takes {spell(pace.alone)}{beside}")


def findings_lines(findings: Findings) -> Iterator[str]:
    """Yield all results by group, then why some were not judged, then how it ended."""
    group = ""
    for result in findings.results:
        if result.check.group != group:
            group = result.check.group
            yield _bold(group)
        yield from _result_lines(findings, result)
        if not findings.is_answered:
            break
    yield from map(_dim, reasons(findings))
    yield from _closing(findings)


def list_lines(checks: Sequence[Check]) -> Iterator[str]:
    """Yield what each check claims, by group, then the mistakes that no check can find."""
    group = ""
    for check in checks:
        if check.group != group:
            group = check.group
            yield _bold(group)
        used = f" (must if {REASONS[check.must_for]})" if check.must_for else ""
        yield f"  {check.name:{_WIDTH}} {check.level:6}  {check.claim}{_dim(used) if used else ''}"
    groups = {check.group for check in checks if check.name != FIRST}
    if found := [each for each in unchecked() if each.group in groups]:
        yield _bold("mistakes of io-events-protocol.md 10 without a check")
        for each in found:
            named = f"no check: mistake {each.number}"
            yield f"  {named:{_WIDTH}} {each.group:9} {each.mistake} {each.why}"


def _result_lines(findings: Findings, result: CheckResult) -> Iterator[str]:
    check, verdict = result.check, result.verdict
    claim = f"{check.name:{_WIDTH}} {check.claim}"
    if verdict.state == "passed":
        note = _dim(f" ({printable(verdict.note)})") if verdict.note else ""
        yield f"  {_green('✓')} {claim}{note}"
    elif verdict.state == "not judged":
        yield _dim(f"  · {claim} (not judged)")
    else:
        yield from _failed_lines(findings, result)


def _failed_lines(findings: Findings, result: CheckResult) -> Iterator[str]:
    check = result.check
    colour = _red if result.counts(findings.strict) else _yellow
    yield f"  {colour('✗')} {check.name:{_WIDTH}} {colour(check.claim)} [{level_of(result)}]"
    for name, text in details(findings, result).items():
        yield f"      {_dim(f'{name:8}')} {text}"


def _closing(findings: Findings) -> Iterator[str]:
    if findings.problem:
        yield _red(printable(findings.problem))
    yield tally(findings)
    yield f"idempotency: {_idempotency(findings)}"
    yield _verdict(findings)


def _verdict(findings: Findings) -> str:
    """Return the verdict: green if it is ``ok``, yellow if nothing that counts failed."""
    colour = _red if not findings.ok else _green if findings.verdict == "ok" else _yellow
    return colour(findings.verdict, bold=True)


def level_of(result: CheckResult) -> str:
    """Return the level that counts, and why it is not that of the check: ``must, since …``."""
    why = f", since {result.since}" if result.since else ""
    grave = ", counts at every level" if result.is_grave and result.level != "must" else ""
    return f"{result.level}{why}{grave}"


def _idempotency(findings: Findings) -> str:
    word = findings.idempotency
    colour = {"SAFE": _green, "UNSAFE": _red}.get(word)
    return colour(word, bold=True) if colour else word


def details(findings: Findings, result: CheckResult) -> dict[str, str]:
    """Return the details of a failed check, label → text, without empty ones."""
    check, verdict = result.check, result.verdict
    words = {
        "sent": sent(verdict.exchange) if verdict.exchange else "",
        "expected": verdict.expected,
        "received": verdict.received,
        "why": f"{check.why} {check.page}",
        "do": check.advice,
        "again": command_of(findings, result),
    }
    return {name: printable(text) for name, text in words.items() if text}


def tally(findings: Findings) -> str:
    """Return how many checks there are, and how many of them passed, failed or were not judged."""
    by_level = ", ".join(
        f"{len(found)} {level}"
        for level in ("must", "should", "note")
        if (found := findings.with_state("failed", level))
    )
    failed = len(findings.with_state("failed"))
    return (
        f"{len(findings.results)} checks: {len(findings.with_state('passed'))} passed, "
        f"{failed} failed{f' ({by_level})' if failed else ''}, "
        f"{len(findings.with_state('not judged'))} not judged in {findings.elapsed:.1f} s"
    )


def reasons(findings: Findings) -> list[str]:
    """Return why checks were not judged or left out, each reason once, with their number."""
    counted = Counter(result.verdict.note for result in findings.with_state("not judged"))
    unjudged = (f"{number} not judged: {printable(reason)}" for reason, number in counted.items())
    return [*unjudged, *_left_out(findings.left_out)]


def _left_out(checks: Sequence[Check]) -> Iterator[str]:
    """Yield how many checks of each group were left out, if any were."""
    groups = Counter(check.group for check in checks)
    if groups:
        named = ", ".join(f"{number} of {group}" for group, number in groups.items())
        yield f"left out, since they are about events of another family: {named}"
