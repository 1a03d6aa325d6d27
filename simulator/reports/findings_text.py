"""What the verdicts on a webhook have in common, whichever way they are shown."""

from __future__ import annotations

from collections import Counter

from ..checks.findings import CheckResult, Findings, command_of
from ..checks.observation import sent
from ..printable import printable


def details(findings: Findings, result: CheckResult) -> dict[str, str]:
    """Return what there is to say of a failed check, by what it is; nothing is empty."""
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
    """Return how many checks there are, and what they came to."""
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
    """Return why checks were not judged, each reason once, with the number of checks."""
    counted = Counter(result.verdict.note for result in findings.with_state("not judged"))
    return [f"{number} not judged: {printable(reason)}" for reason, number in counted.items()]
