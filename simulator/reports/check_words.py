"""What all reports of a check run say in the same words: counts, reasons, levels, the baseline."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence

from ..checks.check import LEVELS, Check
from ..checks.findings import CheckResult, Findings
from ..core.printable import count, printable

WIDTH = 26
"""So many characters have the names of checks in a column."""

_ASKED = {"--processed": "events", "--state": "runs"}
"""What an option is asked about."""


def level_of(result: CheckResult) -> str:
    """Return the level that counts, and why it is not that of the check: ``must, since …``."""
    why = f", since {result.since}" if result.since else ""
    grave = ", counts at every level" if result.is_grave and result.level != "must" else ""
    return f"{result.level}{why}{grave}"


def by_level(findings: Findings) -> dict[str, int]:
    """Return how many checks of each level have failed."""
    return {level: len(findings.with_state("failed", level)) for level in LEVELS}


def tally(findings: Findings) -> str:
    """Return how many checks there are, and how many of them passed, failed or were not judged."""
    levels = ", ".join(
        f"{number} {level}" for level, number in by_level(findings).items() if number
    )
    failed = len(findings.with_state("failed"))
    return (
        f"{count(len(findings.results), 'check')}: {len(findings.with_state('passed'))} passed, "
        f"{failed} failed{f' ({levels})' if failed else ''}, "
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


def of_baseline(findings: Findings) -> dict[str, Sequence[str]]:
    """Return what has become of the known failures of a baseline → their checks, if any."""
    found = {
        "known, by the baseline": [each.check.name for each in findings.known],
        "fails no longer": findings.gone,
        "is no check any more": findings.dropped,
        "known, but not judged": findings.not_compared,
    }
    return {word: names for word, names in found.items() if names}


def unanswered(findings: Findings) -> dict[str, str]:
    """Return each option that did not answer to the end → a sentence that says so."""
    return {
        option: f"{option} did not answer for all {_ASKED[option]}"
        for option in findings.unanswered
    }
