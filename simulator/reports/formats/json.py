"""JSON, for programs: one object a line, the summary last, and nothing else on standard output."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Any

from ...core.printable import printable, printable_json
from ..format_table import CheckFormat, ReplayFormat, ReplayOutput, ReportFormat, ShowFormat

if TYPE_CHECKING:
    from ...checks.check import Check
    from ...checks.findings import CheckResult, Findings
    from ...core.delivery import Attempt
    from ...core.trace import Trace
    from ...delivery.summary import Summary
    from ..replay_report import Opening


class JsonLines:
    """Writes each attempt of a replay, and at last the summary.

    Hints, and how to repeat the story, are messages: they do not go to standard output.
    """

    def __init__(self, output: ReplayOutput) -> None:
        from ...families.registry import shipped
        from ..replay_report import Hints

        self._output = output
        self._hints = Hints()
        self._families = shipped()

    def opened(self, opening: Opening) -> None:
        self._families = opening.families
        self._hints.opened(opening)
        if opening.repeat_with:
            self._output.note(f"{printable(opening.scenario)}: repeat with {opening.repeat_with}")

    def attempted(self, trace: Trace) -> None:
        from ..replay_report import attempt_object

        self._write(attempt_object(trace, self._families))
        if hint := self._hints.attempted(trace):
            self._output.note(hint)

    def closed(self, summary: Summary, elapsed: float) -> None:
        from ..replay_report import summary_object

        if hint := self._hints.closed(summary):
            self._output.note(hint)
        self._write(summary_object(summary, elapsed))

    def _write(self, content: dict[str, Any]) -> None:
        from ...core import json_writing

        self._output.write(printable_json(json_writing.compact(content).decode()))


def findings_lines(findings: Findings) -> Iterator[str]:
    """Yield one line for each check, then the summary."""
    from ...checks.causes import first_of
    from ...core import json_writing
    from ..check_headline import new_causes

    firsts = first_of(new_causes(findings))
    for result in findings.results:
        cause = firsts.get(result.check.name)
        yield json_writing.one_line(check_object(findings, result) | {"cause": cause})
    yield json_writing.one_line(check_summary(findings))


def list_lines(checks: Sequence[Check]) -> Iterator[str]:
    """Yield one line for each check, which has not run; ``thorough``: it needs such a run."""
    from ...core import json_writing

    return (
        json_writing.one_line({**_described(check), "thorough": check.is_thorough})
        for check in checks
    )


def check_object(findings: Findings, result: CheckResult) -> dict[str, Any]:
    """Return one check; fields that only a failed check has are null otherwise."""
    from ...checks.observation import sent
    from ...checks.repeating import command_of

    verdict = result.verdict
    has_failed = verdict.state == "failed"
    return {
        "type": "check",
        **_described(result.check),
        "level": result.level,
        "since": result.since or None,
        "harm": result.harm,
        "verdict": verdict.state,
        "lost": [*result.lost],
        "note": verdict.note or None,
        "sent": sent(verdict.exchange) if verdict.exchange else None,
        "expected": verdict.expected or None,
        "received": verdict.received or None,
        "known": result.known,
        "again": command_of(findings, result) if has_failed else None,
        "requests": len(result.exchanges),
        "elapsed_ms": round(result.elapsed * 1000, 3),
    }


def _described(check: Check) -> dict[str, Any]:
    names = ("name", "group", "level", "harm", "claim", "why", "page", "advice")
    return {name: getattr(check, name) for name in names}


def check_summary(findings: Findings) -> dict[str, Any]:
    """Return the counts and how it ended; ``idempotency`` is null if it was not judged.

    ``unjudged`` names the checks of level ``must`` that were not judged. ``idempotency_known`` says
    that it is UNSAFE only by failures of the baseline.
    """
    from ..check_headline import headline
    from ..check_words import by_level

    word = findings.idempotency
    return {
        "type": "summary",
        "headline": headline(findings),
        "url": findings.url,
        "seed": findings.seed,
        "checks": len(findings.results),
        "passed": len(findings.with_state("passed")),
        "failed": by_level(findings),
        "not_judged": len(findings.with_state("not judged")),
        "known": len(findings.known),
        "known_not_judged": [*findings.not_compared],
        "fails_no_longer": [*findings.gone],
        "no_check_any_more": [*findings.dropped],
        "looked_for": [*findings.scope.looked_for] if findings.scope else [],
        "not_looked_for": [*findings.scope.not_looked_for] if findings.scope else [],
        "left_out": [check.name for check in findings.left_out],
        "unjudged": [each.check.name for each in findings.unjudged],
        "idempotency": None if word == "not judged" else word,
        "idempotency_known": findings.is_known_unsafe,
        "elapsed_s": round(findings.elapsed, 3),
        "finished": findings.finished,
        "stopped": findings.stopped,
        "checks_sent": findings.sent,
        "problem": findings.problem or None,
        "ok": findings.ok,
        "verdict": findings.verdict,
        "error": findings.problem or None,
        "exit_code": findings.exit_code,
    }


def empty_check_summary() -> dict[str, Any]:
    """Return the summary of a check run that could not begin; unknown fields are null."""
    from ...checks.findings import Findings

    nothing = Findings("", "", 0, strict=False, results=(), elapsed=0.0, finished=False)
    return check_summary(nothing) | {"headline": None, "url": None, "seed": None}


def _attempt(attempt: Attempt) -> str:
    from ...core import headers, json_writing

    body = attempt.delivery.signed.payload.body.decode("utf-8")
    return (
        json_writing.one_line({"headers": dict(headers.of_attempt(attempt)), "body": body}) + "\n"
    )


FORMATS = (
    ReportFormat(
        name="json",
        place=20,
        replay=ReplayFormat(JsonLines, "Print one JSON object per line, and the summary last."),
        check=CheckFormat(
            findings_lines,
            listed=list_lines,
            help="Print one JSON object per check, and a summary last.",
        ),
        show=ShowFormat("headers and body, one delivery per line", attempt=_attempt),
    ),
)
