"""A check run in lines to read: what to mend first, and what else there is, in two screens."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence

from ..checks.causes import Cause
from ..checks.findings import Findings
from ..checks.groups import groups
from ..checks.repeating import command_of
from ..core.printable import listed, printable
from .check_headline import headline, is_no_webhook, new_causes
from .check_words import left_out, level_of, of_baseline, scope_lines, tally, unjudged
from .styles import bold, dim, green, red, yellow

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
    colour = red if not findings.ok else yellow if is_unsure else green
    yield colour(headline(findings), bold=True)


def _cause_lines(findings: Findings, cause: Cause, number: int) -> Iterator[str]:
    first = cause.first
    yield f"{number}. {_claim(findings, cause)}"
    verdict = first.verdict
    words = {
        "received": f"{_short(cause.received)}; expected {_short(verdict.expected)}",
        "do": cause.advice,
        "also": _also(cause),
        "again": command_of(findings, first),
    }
    yield from _detail_lines(words)


def _short(text: str) -> str:
    shown = printable(text)
    return shown if len(shown) <= _LONGEST else f"{shown[: _LONGEST - 1]}…"


def _claim(findings: Findings, cause: Cause) -> str:
    check = cause.first.check
    colour = red if cause.counts(findings.strict) else yellow
    level = level_of(cause.first) if cause.first.level == cause.level else cause.level
    return f"{colour('✗')} {bold(check.name)} [{level}]: {colour(printable(cause.claim))}"


def _also(cause: Cause) -> str:
    """Return which checks fail for the same cause."""
    names = [each.check.name for each in cause.others]
    word = f"fails, perhaps only since it {cause.since}:" if cause.since else "fails"
    return f"{word} {listed(names, _NAMES)}" if names else ""


def _detail_lines(words: Mapping[str, str]) -> Iterator[str]:
    for name, text in words.items():
        if text:
            yield f"   {dim(f'{name:8}')}  {printable(text)}"


def _more_lines(findings: Findings, causes: Sequence[Cause]) -> Iterator[str]:
    """Yield a line for each of some causes, and how many there are beyond them."""
    for number, cause in enumerate(causes[:_LINES], _WHOLE + 1):
        more = f" (and {len(cause.others)} more checks)" if cause.others else ""
        yield f"{number}. {_claim(findings, cause)}{dim(more)}"
    if names := [cause.first.check.name for cause in causes[_LINES:]]:
        yield f"and {len(names)} more: {listed(names, _NAMES)}"
    if causes:
        yield dim("--verbose shows all of them in full")


def _passed_lines(findings: Findings) -> Iterator[str]:
    found = Counter(each.check.group for each in findings.with_state("passed"))
    if found:
        words = ", ".join(f"{name} {found[name]}" for name in groups() if name in found)
        yield f"{green('✓')} {found.total()} passed: {words}"


def _unjudged_lines(findings: Findings) -> Iterator[str]:
    """Yield each reason why checks were not judged, once, with the number and some names."""
    found = unjudged(findings)
    for reason, names in [*found.items()][:_REASONS]:
        which = f" ({listed(names)})" if len(names) < len(findings.results) - 1 else ""
        yield dim(f"· {len(names)} not judged{which}: {printable(reason)}")
    if others := [name for names in [*found.values()][_REASONS:] for name in names]:
        yield dim(f"· {len(others)} not judged ({listed(others)}) for other reasons: see --verbose")
    yield from map(dim, left_out(findings.left_out))


def closing(findings: Findings) -> Iterator[str]:
    """Yield how the run ended."""
    yield from _baseline_lines(findings)
    if findings.problem:
        yield red(printable(findings.problem))
    yield from map(dim, scope_lines(findings))
    yield tally(findings)
    yield f"idempotency: {_idempotency(findings)}"
    yield verdict_line(findings)


def _baseline_lines(findings: Findings) -> Iterator[str]:
    """Yield what has become of known failures; of those that are no more, with what to do."""
    over = {*findings.gone, *findings.dropped}
    for word, names in of_baseline(findings).items():
        shown = listed(names, _NAMES)
        if over.issuperset(names):
            yield f"{word}: {shown}; write the baseline again with --write-baseline"
        else:
            yield dim(f"{word}: {len(names)}: {shown}")


def verdict_line(findings: Findings) -> str:
    """Return the verdict: green if it is ``ok``, yellow if nothing that counts failed."""
    colour = red if not findings.ok else green if findings.verdict == "ok" else yellow
    return colour(findings.verdict, bold=True)


def _idempotency(findings: Findings) -> str:
    colour = {"SAFE": green, "UNSAFE": red}.get(findings.idempotency)
    said = findings.idempotency_said
    return colour(said, bold=True) if colour else said
