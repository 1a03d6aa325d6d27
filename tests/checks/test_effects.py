"""What was processed: what is asked, how long it may take, and what happens if it fails."""

from __future__ import annotations

import asyncio
import re
from collections.abc import Callable
from typing import Any

import pytest

from flowsim.checks import effects, questions, settling
from flowsim.checks.findings import Findings
from flowsim.checks.inquiry import UNKNOWN_EFFECTS

from ..consumers.strict_runs import MISTAKES
from ..webhook import Answer, Webhook, status
from .consumers import Candidate, candidate, named, result


def check_with(answer: Answer, webhook: Candidate, *only: str) -> Findings:
    """Check it; the owner answers 0 for the event that was never sent, and then this."""
    with Webhook([status(200, "0"), answer]) as owner:
        return webhook.check(*only, processed=f"{owner.url}/{{event_id}}")


def late(then: Callable[[], Any], first: object = 0) -> Callable[[str], Any]:
    """Return a function that returns ``first`` for what was never sent, and then does this."""
    asked: list[str] = []

    def processed(event_id: str) -> Any:
        asked.append(event_id)
        return first if len(asked) == 1 else then()

    return processed


@pytest.mark.parametrize(
    ("answer", "problem"),
    [
        (status(500, "oops"), r"answers 500 'oops'; expected 200 and how often"),
        (status(200, "many"), r"answers 200 'many'; expected 200 and how often"),
        (lambda _: iter(()), r"--processed http://\S+: .*\w"),
    ],
    ids=["an error", "no number", "hangs up"],
)
def test_a_failing_effects_address_costs_only_verdicts_that_need_it(
    correct: Candidate, answer: Answer, problem: str
) -> None:
    findings = check_with(answer, correct, "unsigned", "duplicate", "burst-processed")
    assert named(findings, "passed") == {"answers", "unsigned"}
    assert named(findings, "not judged") == {"duplicate", "burst-processed"}
    assert result(findings, "duplicate").verdict.note == UNKNOWN_EFFECTS
    assert re.search(problem, findings.problem)
    assert findings.finished
    assert (findings.ok, findings.idempotency) == (False, "not judged")


def test_an_effects_address_that_hangs_is_given_up_at_once(
    correct: Candidate, never: Answer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(questions, "TIMEOUT", 0.2)
    findings = check_with(never, correct, "unsigned", "burst-processed")
    assert findings.problem.endswith(": no complete answer within 200ms: nothing came")
    assert named(findings, "not judged") == {"burst-processed"}


def test_an_effects_address_that_is_slow_has_a_limit(
    correct: Candidate, never: Answer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(settling, "ANSWERS_LIMIT", 0.1)
    with Webhook([status(200, "0"), never]) as owner:
        asked = f"{owner.url}/{{event_id}}"
        findings = correct.check("duplicate", processed=asked, state=None, settle=0.1)
    assert (
        findings.problem
        == "--processed did not answer for all events in 0.2 s; --settle allows more"
    )


@pytest.mark.parametrize(("settle", "state"), [(0.0, "failed"), (0.5, "passed")])
def test_processing_after_the_answer_counts_within_settle(
    correct: Candidate, settle: float, state: str
) -> None:
    """Each event is asked for twice before its work is done."""
    asked: list[str] = []

    def processed(event_id: str) -> int:
        asked.append(event_id)
        return int(asked.count(event_id) > 2)

    findings = correct.check("acknowledged-is-processed", processed=processed, settle=settle)
    assert named(findings, state) >= {"acknowledged-is-processed"}


def answering(event_id: str, *answers: int) -> Callable[[str], int]:
    """Return a function that gives these answers for one event, and 1 for others."""
    left = list(answers)

    def processed(asked: str) -> int:
        return 1 if asked != event_id else left.pop(0) if len(left) > 1 else left[0]

    return processed


def test_a_late_second_processing_is_counted() -> None:
    """The second time comes when nothing is missing any more."""
    assert settled(answering("a", 0, 0, 1, 1)) == {"a": 1, "b": 1}
    assert settled(answering("a", 0, 0, 1, 2, 2)) == {"a": 2, "b": 1}
    assert settled(answering("a", 0, 0, 1, 2, 3, 3)) == {"a": 3, "b": 1}


def settled(processed: Callable[[str], int]) -> dict[str, int]:
    """Return the counts of two events in the end."""

    async def ask() -> dict[str, int]:
        async with effects.EffectsClient(processed, 0.05) as asking:
            return await asking.settled(["a", "b"], ["a", "b"])

    return asyncio.run(ask())


def test_an_older_count_does_not_replace_a_newer_one() -> None:
    """An answer with older data does not lower a count."""
    assert settled(answering("a", 0, 1, 0, 0)) == {"a": 1, "b": 1}


def test_wrong_processing_is_waited_for_too() -> None:
    """A forgery may be processed by a queue, after all the others."""
    late = answering("a", 0, 1)

    async def ask() -> dict[str, int]:
        async with effects.EffectsClient(late, 0.05) as asking:
            return await asking.settled([], ["a"])

    assert asyncio.run(ask()) == {"a": 1}


def test_processing_is_waited_for_while_counts_grow() -> None:
    """Each event may take its time, however many there are before it."""
    names = [f"event {number}" for number in range(10)]
    asked: list[str] = []

    def processed(event_id: str) -> int:
        """One more event is done with each question about the last one."""
        asked.append(event_id)
        return int(names.index(event_id) < asked.count(names[-1]) / 2)

    async def ask(settle: float) -> dict[str, int]:
        async with effects.EffectsClient(processed, settle) as asking:
            return await asking.settled(names, names)

    assert set(asyncio.run(ask(0.1)).values()) == {1}


def test_a_failure_by_status_stays_a_failure() -> None:
    with candidate(MISTAKES["knows-codes"]) as webhook:
        findings = check_with(status(500), webhook, "unknown-codes", "duplicate")
    assert named(findings, "failed") == {"unknown-codes"}


def test_an_acknowledged_forgery_is_not_judged_if_effects_are_unknown() -> None:
    with candidate(MISTAKES["verifies-nothing"]) as webhook:
        findings = check_with(status(500), webhook, "tampered-body")
    assert named(findings, "not judged") == {"tampered-body"}
    assert named(findings, "failed") == set()


def test_an_exception_of_a_function_has_its_own_traceback(correct: Candidate) -> None:
    def broken() -> int:
        raise LookupError("no such table")

    with pytest.raises(LookupError, match="no such table") as raised:
        correct.check("duplicate", processed=late(broken))
    assert "broken" in [each.name for each in raised.traceback]


def test_an_effects_function_that_returns_no_number_is_a_problem(correct: Candidate) -> None:
    findings = correct.check("unsigned", "duplicate", processed=late(lambda: None))
    assert findings.problem.endswith("how often an event was processed returned None")
    assert named(findings, "passed") == {"answers", "unsigned"}


def test_what_went_wrong_with_each_option_is_said(correct: Candidate) -> None:
    with Webhook([status(200, "0"), status(500, "no table")]) as owner:
        findings = correct.check(
            *("duplicate", "run-state", "unsigned"),
            processed=f"{owner.url}/{{event_id}}",
            state=late(lambda: 5, first=None),
        )
    assert findings.unanswered == ["--processed", "--state"]
    processed, state = findings.problem.split("; and ")
    assert re.match(r"--processed \S+ answers 500 'no table'; expected 200 and how", processed)
    assert state.startswith("the function for --state returned 5; expected")


def test_ctrl_c_while_processed_is_asked_is_not_a_success(correct: Candidate) -> None:
    def interrupt() -> int:
        raise KeyboardInterrupt

    findings = correct.check("unsigned", "duplicate", processed=late(interrupt))
    assert findings.problem == (
        "the checks were stopped before --processed had answered for all events; "
        "and the checks were stopped before --state had answered for all runs"
    )
    assert not findings.ok
    assert named(findings, "not judged") == {"duplicate"}
