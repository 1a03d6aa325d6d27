"""Replays and check runs as JSON: one object a line, the summary last."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import Any

from ..checks.check import Check
from ..checks.findings import CheckResult, Findings, command_of
from ..checks.observation import sent
from ..core import json_writing
from ..core.printable import printable, printable_json
from ..core.trace import Trace
from ..delivery.summary import Summary
from .base import Opening, attempt_object, summary_object
from .hints import Hints


class JsonLines:
    """Writes each attempt of a replay, and at last the summary, with ``write``.

    What repeats the story, and hints, go to ``note``, which does not write to standard
    output.
    """

    def __init__(self, write: Callable[[str], None], note: Callable[[str], None]) -> None:
        self._write = write
        self._note = note
        self._hints = Hints()

    def opened(self, opening: Opening) -> None:
        self._hints.opened(opening)
        if opening.repeat_with:
            self._note(f"{printable(opening.scenario)}: repeat with {opening.repeat_with}")

    def attempted(self, trace: Trace) -> None:
        self._write(_line(attempt_object(trace)))
        if hint := self._hints.attempted(trace):
            self._note(hint)

    def closed(self, summary: Summary, elapsed: float) -> None:
        if hint := self._hints.closed(summary):
            self._note(hint)
        self._write(_line(summary_object(summary, elapsed)))


def _line(content: dict[str, Any]) -> str:
    return printable_json(json_writing.compact(content).decode())


def findings_lines(findings: Findings) -> Iterator[str]:
    """Yield one line for each check, then the summary."""
    for result in findings.results:
        yield json_writing.one_line(check_object(findings, result))
    yield json_writing.one_line(check_summary(findings))


def list_lines(checks: Sequence[Check]) -> Iterator[str]:
    """Yield one line for each check, which has not run."""
    return (json_writing.one_line(_described(check)) for check in checks)


def check_object(findings: Findings, result: CheckResult) -> dict[str, Any]:
    """Return one check; what is known only of a failed one is null otherwise."""
    verdict = result.verdict
    has_failed = verdict.state == "failed"
    return {
        "type": "check",
        **_described(result.check),
        "verdict": verdict.state,
        "note": verdict.note or None,
        "sent": sent(verdict.exchange) if verdict.exchange else None,
        "expected": verdict.expected or None,
        "received": verdict.received or None,
        "again": command_of(findings, result) if has_failed else None,
        "requests": len(result.exchanges),
        "elapsed_ms": round(result.elapsed * 1000, 3),
    }


def check_summary(findings: Findings) -> dict[str, Any]:
    """Return the counts and how it ended; ``idempotency`` is null if it was not judged."""
    word = findings.idempotency
    return {
        "type": "summary",
        "url": findings.url,
        "seed": findings.seed,
        "checks": len(findings.results),
        "passed": len(findings.with_state("passed")),
        "failed": {
            level: len(findings.with_state("failed", level)) for level in ("must", "should", "note")
        },
        "not_judged": len(findings.with_state("not judged")),
        "idempotency": None if word == "not judged" else word,
        "elapsed_s": round(findings.elapsed, 3),
        "finished": findings.finished,
        "problem": findings.problem or None,
        "ok": findings.ok,
        "error": findings.problem or None,
        "exit_code": findings.exit_code,
    }


def empty_check_summary() -> dict[str, Any]:
    """Return the summary of checks that could not begin; what is not known of it is null."""
    nothing = Findings("", "", 0, strict=False, results=(), elapsed=0.0, finished=False)
    return check_summary(nothing) | {"url": None, "seed": None}


def _described(check: Check) -> dict[str, Any]:
    return {
        "name": check.name,
        "group": check.group,
        "level": check.level,
        "claim": check.claim,
        "why": check.why,
        "page": check.page,
        "advice": check.advice,
    }
