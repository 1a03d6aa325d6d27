"""Events that are acknowledged and then lost, and those that a webhook leaves out on purpose."""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import partial
from typing import Any

import pytest

from flowsim.checks import settling
from flowsim.checks.check import Check
from flowsim.checks.event_judges import NOTHING_TO_PROCESS
from flowsim.checks.lost import IGNORED
from flowsim.checks.own_checks import read
from flowsim.core.event import Event

from ..consumers.correct import CorrectConsumer, RefusedError, Request
from ..consumers.losing import MISTAKES
from ..consumers.runs import run_of
from .consumers import Candidate, candidate, named, result
from .own import of

Write = Callable[..., str]
ORDINARY = "sources_flow_run_success"


def own(text: str, scenario: Write) -> list[Check]:
    return read([scenario(text, "own.yaml")])


def test_a_lost_event_is_named_with_the_remedy() -> None:
    with candidate(MISTAKES["drops-failed-runs"]) as webhook:
        findings = webhook.check("failed-runs", "unsigned")
    found = result(findings, "failed-runs")
    assert found.verdict.expected == (
        "processing of each event that is acknowledged; "
        "--ignores sources_flow_run_failed if it is left out on purpose"
    )
    assert re.fullmatch(
        r"acknowledged, then lost: 200 'taken', and event \S{36} was never processed, within the "
        r"time of --settle, and 2 more of 3",
        found.verdict.received,
    )
    assert found.verdict.exchange is not None
    assert len(found.lost) == 3
    assert result(findings, "unsigned").lost == ()
    assert findings.exit_code == 1


def test_a_webhook_that_only_acknowledges_answers_all_the_same() -> None:
    """Its first check fails, and the others are reported too."""
    with candidate(MISTAKES["only-acknowledges"]) as webhook:
        findings = webhook.check("unsigned", "duplicate")
    assert named(findings, "failed") == {"answers", "duplicate"}
    assert named(findings, "passed") == {"unsigned"}
    assert findings.is_answered
    assert all(each.lost for each in findings.results if each.verdict.state == "failed")


def test_a_check_that_failed_already_stays_as_it_is() -> None:
    with candidate(MISTAKES["only-acknowledges"]) as webhook:
        findings = webhook.check("batch-each")
    assert result(findings, "batch-each").verdict.expected == "each event processed once"
    assert len(result(findings, "batch-each").lost) == 20


def test_codes_that_are_left_out_on_purpose_are_not_asked_for() -> None:
    asked: list[str] = []
    with candidate(MISTAKES["drops-failed-runs"]) as webhook:

        def processed(event_id: str) -> int:
            asked.append(event_id)
            return webhook.running.webhook.processed(event_id)

        ignores = ("sources_flow_run_failed", "source_flow_run_error", "of_another_webhook")
        findings = webhook.check(
            "failed-runs", "codes-of-2023", processed=processed, ignores=ignores
        )
    assert named(findings, "failed") == set()
    sent = [event for each in findings.results for one in each.exchanges for event in one.events]
    assert {each.id for each in sent if each.code not in ignores} <= {*asked}
    assert {each.id for each in sent if each.code in ignores}.isdisjoint(asked)


def test_a_function_may_say_what_is_left_out(scenario: Write) -> None:
    """It gets the event: its code, its id and what it says."""

    class DropsOtherSandboxes(CorrectConsumer):
        def take(self, request: Request, element: dict[str, object]) -> None:
            if run_of(element)["sandboxName"] == "prod":
                super().take(request, element)

    seen: list[Event] = []

    def ignores(event: Event) -> bool:
        seen.append(event)
        return bool(event.content["sandboxName"] == "dev")

    checks = own(of("events: [{flow_run: {sandbox: dev}}, {after: 1s}]"), scenario)
    with candidate(DropsOtherSandboxes) as webhook:
        assert named(webhook.check("our-check", own=checks), "failed") == {"our-check"}
        assert webhook.check("our-check", own=checks, ignores=ignores).ok
    assert {each.code for each in seen} == {ORDINARY}
    assert all(webhook.running.webhook.times[each.id] == (not ignores(each)) for each in seen[:])


def test_checks_that_need_ignored_events_are_not_judged(correct: Candidate) -> None:
    findings = correct.check("duplicate", "run-state", "unsigned", ignores=[ORDINARY])
    assert named(findings, "not judged") == {"duplicate", "run-state"}
    assert {each.verdict.note for each in findings.results if each.verdict.note} >= {IGNORED}
    assert named(findings, "passed") == {"answers", "unsigned"}
    assert findings.idempotency == "not judged"


def test_an_ignored_start_says_nothing_about_the_end_of_its_run(correct: Candidate) -> None:
    findings = correct.check("late-start-state", ignores=["source_flow_run_info"])
    assert named(findings, "passed") == {"answers", "late-start-state"}


def test_a_check_may_say_that_its_events_may_be_left_out(scenario: Write) -> None:
    event = "events: [{flow_run: {status: failed}}]"
    text = of(event, "strict") + of(f"{event}\nmay_be_ignored: true", "lenient")
    with candidate(MISTAKES["drops-failed-runs"]) as webhook:
        findings = webhook.check("strict", "lenient", own=own(text, scenario))
    assert named(findings, "failed") == {"strict"}
    assert named(findings, "passed") == {"answers", "lenient"}


def test_an_empty_array_holds_no_event_that_could_be_lost(
    correct: Candidate, scenario: Write
) -> None:
    """The same is said by a judge that needs the counts, and by one that does not."""
    event = "events: [{faults: [empty-batch], expect: delivered}]"
    text = of(event, "lost") + of(f"{event}\njudge: processed_once", "once")
    findings = correct.check("lost", "once", own=own(text, scenario))
    assert named(findings, "failed") == set()
    assert result(findings, "once").verdict.note == NOTHING_TO_PROCESS


class PutsUnreadableAside(CorrectConsumer):
    """An event without content is acknowledged and left out; the others are processed."""

    answer = 200

    def deliver(self, request: Request) -> None:
        self.admit(request)
        elements = self.read(request)
        for element in elements:
            if run_of(element):
                self.take(request, element)
        if not all(map(run_of, elements)) and self.answer != 200:
            raise RefusedError(self.answer, "not all of it")


class PutsTheBatchOff(PutsUnreadableAside):
    """The batch is asked for again, although all that can be processed is."""

    answer = 503


@pytest.mark.parametrize("kind", [PutsUnreadableAside, PutsTheBatchOff])
def test_an_unreadable_event_is_not_waited_for_and_the_others_are(
    kind: type[CorrectConsumer],
) -> None:
    """Each that the webhook may leave out would cost the whole time for processing."""
    asked: list[str] = []
    with candidate(kind) as webhook:

        def processed(event_id: str) -> int:
            asked.append(event_id)
            return webhook.running.webhook.processed(event_id)

        findings = webhook.check("batch-bad-event-others", processed=processed)
    assert named(findings, "passed") == {"answers", "batch-bad-event-others"}
    (exchange, *_) = result(findings, "batch-bad-event-others").exchanges
    good = [each.id for each in exchange.events if each != exchange.odd]
    assert len(good) == 4
    assert {*good} < {*asked}
    assert exchange.odd is not None
    assert exchange.odd.id not in asked


def test_what_must_be_processed_is_the_same_for_every_judge(scenario: Write) -> None:
    """An unreadable event is none of those that are processed once, at the first place too."""
    text = of("events: [{faults: [{batch: 3}, {unreadable-in-batch: 1}]}]\njudge: processed_once")
    with candidate(PutsUnreadableAside) as webhook:
        findings = webhook.check("our-check", own=own(text, scenario))
    assert named(findings, "passed") == {"answers", "our-check"}
    assert result(findings, "our-check").verdict.note == "2 of 2 events"


def test_what_is_in_a_queue_when_the_time_is_over_is_not_judged(
    correct: Candidate, monkeypatch: pytest.MonkeyPatch
) -> None:
    """With each hundredth question one more event is done, which would go on for long."""
    monkeypatch.setattr(settling, "ANSWERS_LIMIT", 0.1)
    done: set[str] = set()
    asked: list[str] = []

    def processed(event_id: str) -> int:
        asked.append(event_id)
        if len(asked) % 100 == 0:
            done.add(event_id)
        return int(event_id in done)

    options = {"processed": processed, "settle": 0.3, "skip": ["slow-sender", "burst"]}
    findings = correct.check("load", "failed-runs", **options)
    notes = {each.verdict.note for each in findings.results if each.verdict.state == "not judged"}
    assert notes == {"the queue of the webhook was not empty yet after 400ms"}
    assert named(findings, "failed") == set()
    assert not any(each.lost for each in findings.results)


class WorksInOrder(CorrectConsumer):
    """One event leaves its queue for each of so many questions."""

    asked, questions = 0, 3

    def __post_init__(self) -> None:
        super().__post_init__()
        self.queue: list[tuple[Request, dict[str, Any]]] = []

    def take(self, request: Request, element: dict[str, Any]) -> None:
        self.queue.append((request, element))

    def answer(self, answer: Callable[[str], Any], name: str) -> Any:
        self.asked += 1
        if self.asked % self.questions == 0 and self.queue:
            super().take(*self.queue.pop(0))
        return answer(name)


def asked_of(webhook: Candidate) -> dict[str, Any]:
    own: Any = webhook.running.webhook
    return {
        "processed": partial(own.answer, own.processed),
        "state": partial(own.answer, own.state_of),
    }


@pytest.mark.parametrize("asked_for", ["processed", "state"])
def test_events_behind_others_that_no_check_is_about_are_waited_for(
    asked_for: str, scenario: Write
) -> None:
    """A queue works on what measures the webhook first, and on what it may leave out."""
    optional = of("events: [{repeat: 30}]\nmay_be_ignored: true", "a-first")
    with candidate(WorksInOrder) as webhook:
        options = {**asked_of(webhook), **dict.fromkeys({"processed", "state"} - {asked_for})}
        only = ("a-first", "failed-run-state", "failed-runs", "run-state")
        findings = webhook.check(*only, own=read([scenario(optional, "own.yaml")]), **options)
    assert named(findings, "failed") == set()
    assert findings.verdict.startswith("ok" if asked_for == "state" else "no mistake found")


def test_a_webhook_whose_queue_is_not_empty_is_not_restarted(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """What comes after the restart would only be put behind all that."""
    monkeypatch.setattr(settling, "ANSWERS_LIMIT", 0.05)
    restarts: list[str] = []
    with candidate(WorksInOrder) as webhook:
        webhook.running.webhook.questions = 40  # type: ignore[attr-defined]
        findings = webhook.check(
            *("optional-parts", "unknown-fields", "restart-duplicate", "restart-loss"),
            **{**asked_of(webhook), "state": None},
            restart=lambda: restarts.append("once"),
        )
    assert named(findings, "failed") == set()
    assert restarts == []
    note = result(findings, "restart-loss").verdict.note
    assert note.startswith("the queue of the webhook was not empty yet after ")
