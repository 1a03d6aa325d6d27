"""A check run in lines to read: what to mend first, and what else there is, in two screens."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from functools import partial

import click

from ..checks.causes import Cause
from ..checks.check import Check
from ..checks.findings import CheckResult, Findings, command_of
from ..checks.groups import groups
from ..core.printable import listed, printable
from .check_headline import headline, is_no_webhook, known, new_causes

_bold = partial(click.style, bold=True)
_dim = partial(click.style, dim=True)
_green = partial(click.style, fg="green")
_red = partial(click.style, fg="red")
_yellow = partial(click.style, fg="yellow")

_WHOLE = 5
"""So many causes are shown with what to do; the others have a line each."""

_LINES = 10
"""So many causes have a line, at most."""

_REASONS = 6
"""So many reasons why checks were not judged stand in full, at most."""

_LONGEST = 200
"""So many characters of what was received are shown, at most."""

_NAMES = 8
"""So many names of checks stand in a list, at most."""


def findings_lines(findings: Findings) -> Iterator[str]:
    """Yield what to mend, the worst first, then the other checks in a few lines."""
    yield from headline_lines(findings)
    if is_no_webhook(findings):
        yield from closing(findings)
        return
    causes = new_causes(findings)
    for number, cause in enumerate(causes[:_WHOLE], 1):
        yield from _cause_lines(findings, cause, number)
    yield from _more_lines(findings, causes[_WHOLE:])
    yield from _passed_lines(findings)
    yield from _unjudged_lines(findings)
    yield from closing(findings)


def headline_lines(findings: Findings) -> Iterator[str]:
    """Yield the first sentence."""
    is_unsure = any(cause.level != "note" for cause in new_causes(findings))
    is_unsure = is_unsure or bool(findings.with_state("not judged"))
    colour = _red if not findings.ok else _yellow if is_unsure else _green
    yield colour(headline(findings), bold=True)


def _cause_lines(findings: Findings, cause: Cause, number: int) -> Iterator[str]:
    first = cause.first
    yield f"{number}. {_claim(findings, cause)}"
    verdict = first.verdict
    words = {
        "received": f"{_short(verdict.received)}; expected {_short(verdict.expected)}",
        "do": first.check.advice,
        "also": _also(cause),
        "again": command_of(findings, first),
    }
    yield from _detail_lines(words)


def _short(text: str) -> str:
    shown = printable(text)
    return shown if len(shown) <= _LONGEST else f"{shown[: _LONGEST - 1]}…"


def _claim(findings: Findings, cause: Cause) -> str:
    check = cause.first.check
    colour = _red if cause.counts(findings.strict) else _yellow
    level = level_of(cause.first) if cause.first.level == cause.level else cause.level
    return f"{colour('✗')} {_bold(check.name)} [{level}]: {colour(printable(check.claim))}"


def _also(cause: Cause) -> str:
    """Return which checks fail for the same cause."""
    names = [each.check.name for each in cause.others]
    return f"fails {listed(names, _NAMES)}" if names else ""


def _detail_lines(words: Mapping[str, str]) -> Iterator[str]:
    for name, text in words.items():
        if text:
            yield f"   {_dim(f'{name:8}')}  {printable(text)}"


def _more_lines(findings: Findings, causes: Sequence[Cause]) -> Iterator[str]:
    """Yield a line for each of some causes, and how many there are beyond them."""
    for number, cause in enumerate(causes[:_LINES], _WHOLE + 1):
        more = f" (and {len(cause.others)} more checks)" if cause.others else ""
        yield f"{number}. {_claim(findings, cause)}{_dim(more)}"
    if names := [cause.first.check.name for cause in causes[_LINES:]]:
        yield f"and {len(names)} more: {listed(names, _NAMES)}"
    if causes:
        yield _dim("--verbose shows all of them in full")


def _passed_lines(findings: Findings) -> Iterator[str]:
    found = Counter(each.check.group for each in findings.with_state("passed"))
    if found:
        words = ", ".join(f"{name} {found[name]}" for name in groups() if name in found)
        yield f"{_green('✓')} {found.total()} passed: {words}"


def _unjudged_lines(findings: Findings) -> Iterator[str]:
    """Yield each reason why checks were not judged, once, with the number and some names."""
    found = unjudged(findings)
    for reason, names in [*found.items()][:_REASONS]:
        which = f" ({listed(names)})" if len(names) < len(findings.results) - 1 else ""
        yield _dim(f"· {len(names)} not judged{which}: {printable(reason)}")
    if others := [name for names in [*found.values()][_REASONS:] for name in names]:
        yield _dim(
            f"· {len(others)} not judged ({listed(others)}) for other reasons: see --verbose"
        )
    yield from map(_dim, left_out(findings.left_out))


def closing(findings: Findings) -> Iterator[str]:
    """Yield how the run ended."""
    if found := known(findings):
        names = listed([each.check.name for each in found], _NAMES)
        yield _dim(f"known, by the baseline: {len(found)}: {names}")
    if findings.gone:
        names = listed(findings.gone, _NAMES)
        yield f"fails no longer: {names}; write the baseline again with --write-baseline"
    if findings.problem:
        yield _red(printable(findings.problem))
    yield from map(_dim, scope_lines(findings))
    yield tally(findings)
    yield f"idempotency: {_idempotency(findings)}"
    yield verdict_line(findings)


def scope_lines(findings: Findings) -> Iterator[str]:
    """Yield what the run could find and what it could not, a line each; printable."""
    scope = findings.scope
    if scope is not None and findings.is_answered:
        for word, parts in (
            ("looked for", scope.looked_for),
            ("not looked for", scope.not_looked_for),
        ):
            if parts:
                yield f"{word}: {printable('; '.join(parts))}"


def verdict_line(findings: Findings) -> str:
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
    is_known = " (known)" if word == "UNSAFE" and findings.ok else ""
    return f"{colour(word, bold=True) if colour else word}{is_known}"


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


def unjudged(findings: Findings) -> dict[str, list[str]]:
    """Return reason → names of the checks that were not judged for it."""
    found: dict[str, list[str]] = {}
    for each in findings.with_state("not judged"):
        found.setdefault(each.verdict.note, []).append(each.check.name)
    return found


def reasons(findings: Findings) -> list[str]:
    """Return why checks were not judged or left out, each reason once, with their number."""
    counted = (
        f"{len(names)} not judged: {printable(reason)}"
        for reason, names in unjudged(findings).items()
    )
    return [*counted, *left_out(findings.left_out)]


def left_out(checks: Sequence[Check]) -> Iterator[str]:
    """Yield how many checks of each group were left out, if any were."""
    found = Counter(check.group for check in checks)
    if found:
        named = ", ".join(f"{number} of {group}" for group, number in found.items())
        yield f"left out, since they are about events of another family: {named}"
