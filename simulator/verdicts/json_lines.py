"""The verdict on a webhook as JSON: one object a check, and a summary last."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from ..checks.check import Check
from ..checks.findings import CheckResult, Findings, command_of
from ..checks.observation import sent
from ..core.json_texts import printed_json


def lines(findings: Findings) -> Iterator[str]:
    """Yield one line for each check, then the summary."""
    for result in findings.results:
        yield printed_json.line(check_object(findings, result))
    yield printed_json.line(summary_object(findings))


def list_lines(checks: list[Check]) -> Iterator[str]:
    """Yield one line for each check, without a verdict."""
    return (printed_json.line(_described(check)) for check in checks)


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


def summary_object(findings: Findings) -> dict[str, Any]:
    """Return the counts and the verdict; ``idempotency`` is null if it was not judged."""
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


def empty_summary() -> dict[str, Any]:
    """Return the summary of checks that could not begin; what is not known of it is null."""
    nothing = Findings("", "", 0, strict=False, results=(), elapsed=0.0, finished=False)
    return summary_object(nothing) | {"url": None, "seed": None}


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
