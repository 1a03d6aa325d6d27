"""The first sentence about a check run, and what it found: for readers who know no check."""

from __future__ import annotations

from collections.abc import Sequence

from ..checks.causes import Cause, causes_of
from ..checks.check import HARMS, Harm
from ..checks.findings import CheckResult, Findings
from ..core.printable import count, printable

_DOES: dict[Harm, str] = {
    "lost": "loses events",
    "forged": "accepts forged events",
    "twice": "processes events twice",
    "wrong": "keeps wrong data",
    "retried": "makes Adobe send events again in vain",
    "untidy": "does not do all that it should",
}
_MAY: dict[Harm, str] = {
    "lost": "may lose events",
    "forged": "may accept forged events",
    "twice": "may process events twice",
    "wrong": "may keep wrong data",
    "retried": "may make Adobe send events again in vain",
    "untidy": "does not do all that it should",
}


def new_causes(findings: Findings) -> list[Cause]:
    """Return the causes of failures that no baseline has, the worst first."""
    return causes_of([each for each in findings.results if not each.known])


def headline(findings: Findings) -> str:
    """Return what is wrong, or what is not known, in one sentence.

    For a run that was stopped, a sentence before it says how far it went.
    """
    return " ".join(each for each in (cancelled(findings), _result(findings)) if each)


def cancelled(findings: Findings) -> str:
    """Return after how many checks a run was stopped, as a sentence; empty if it was not."""
    if not findings.stopped:
        return ""
    return f"Cancelled after {findings.sent} of {count(len(findings.results), 'check')}."


def _result(findings: Findings) -> str:
    if findings.results and not findings.is_answered:
        return _unanswered(findings.results[0])
    causes = new_causes(findings)
    counted = [cause for cause in causes if cause.counts(strict=False)]
    milder = [cause for cause in causes if cause.level == "should" and cause not in counted]
    if counted or milder:
        words = _words(counted, _DOES) if counted else _words(milder, _MAY)
        number = count(len(counted) + len(milder), "mistake")
        return f"This webhook {_joined(words)}: {number}{_known(findings)}."
    return f"{_without_mistake(findings)}."


def verdict_sentence(findings: Findings) -> str:
    """Return the verdict as a sentence; unlike the headline, it says nothing of milder mistakes."""
    return f"{_sentence(findings.verdict)}."


def is_no_webhook(findings: Findings) -> bool:
    """Return whether nothing answers, or something that is recognised as no webhook."""
    first = findings.results[0] if findings.results else None
    return first is not None and not findings.is_answered and not _is_status(first)


def _is_status(first: CheckResult) -> bool:
    """Return whether the first check received an answer to judge, which begins with its status."""
    return first.verdict.received[:1].isdigit()


def _unanswered(first: CheckResult) -> str:
    exchange, said = first.verdict.exchange, printable(first.verdict.received)
    if _is_status(first):
        return f"This webhook does not answer events: {said}."
    if exchange is not None and not exchange.is_answered and exchange.outcome.problem:
        said = printable(exchange.outcome.problem)
    return f"{_sentence(said)}."


def _words(causes: Sequence[Cause], words: dict[Harm, str]) -> list[str]:
    """Return what becomes of events, the worst first."""
    found = {cause.harm for cause in causes}
    return [words[harm] for harm in HARMS if harm in found]


def _joined(words: Sequence[str]) -> str:
    *others, last = words
    return f"{', '.join(others)} and {last}" if others else last


def _without_mistake(findings: Findings) -> str:
    """Return what is known if nothing is wrong, in the words of the verdict."""
    if findings.stopped:
        return count(len(findings.with_state("not judged")), "claim") + " not judged"
    if not findings.ok:
        return _sentence(findings.verdict)
    parts = [f"No {'new ' if findings.known else ''}mistake found{_known(findings)}"]
    if notes := len(new_causes(findings)):
        parts.append(count(notes, "note"))
    if unjudged := len(findings.with_state("not judged")):
        parts.append(f"{count(unjudged, 'claim')} not judged")
    elif not notes and not findings.known:
        parts.append(f"{count(len(findings.results), 'claim')} judged")
    return "; ".join(parts)


def _known(findings: Findings) -> str:
    number = len(findings.known)
    return f"; {count(number, 'failed check')} known" if number else ""


def _sentence(text: str) -> str:
    return f"{text[:1].upper()}{text[1:]}"
