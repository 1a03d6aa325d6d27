"""A check run against all kinds of webhooks."""

from __future__ import annotations

import re
import threading
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPublicKey

from flowsim.checks import check_requests, check_run, sending
from flowsim.checks import run as checks_run
from flowsim.checks.findings import Findings, Plan
from flowsim.checks.options import CheckOptions, Watcher, over_http
from flowsim.checks.pace import Pace
from flowsim.checks.run import run
from flowsim.errors import ProcessedError
from flowsim.installation import keys, settings

from ..consumers.correct import CorrectConsumer, KeyUnavailableError
from ..consumers.mistakes import MISTAKES
from ..webhook import Answer, Request, Webhook, for_events, status
from .consumers import CLIENT_ID, Candidate, candidate, named, result


def check(url: str, *only: str, **options: Any) -> Findings:
    line = over_http(url, timeout=options.pop("timeout", 2.0))
    return run(CheckOptions(url, CLIENT_ID, only=only, **options), line)


def first_of(answer: Answer, **options: Any) -> str:
    """Return what the first check received; no other is judged then."""
    with Webhook([answer]) as webhook:
        findings = check(webhook.url, "signature", **options)
    assert not findings.ok
    assert named(findings, "failed") == {"answers"}
    assert named(findings, "passed") == set()
    assert len(webhook.requests) <= checks_run.ATTEMPTS
    received = findings.results[0].verdict.received
    (reason,) = {each.verdict.note for each in findings.results[1:]}
    assert reason.removeprefix("the webhook does not answer events: ") == received
    return received


def test_a_webhook_that_is_down_fails_the_first_check_alone() -> None:
    with Webhook() as webhook:
        url = webhook.url
    findings = check(url, "signature")
    assert not findings.ok
    assert not findings.is_answered
    assert "connection refused" in findings.results[0].verdict.received
    assert {each.verdict.state for each in findings.results[1:]} == {"not judged"}


def test_a_redirect_to_a_login_page_is_named_with_its_target() -> None:
    answer = status(302, "Found", location="https://login.example/?next=%2Fhook")
    assert first_of(answer) == "this looks like a login page at https://login.example/?next=%2Fhook"


def test_a_webhook_without_an_answer_fails_once_after_the_limit(
    never: Answer,
) -> None:
    received = first_of(never, timeout=0.1)
    assert received == "no answer: no complete answer within 100ms: nothing came (604 timeout)"


def test_an_answer_that_is_not_http_is_named() -> None:
    assert "(601 unexpected answer)" in first_of(lambda _: iter([b"220 mail.example ESMTP\r\n"]))


def test_refusals_do_not_count_if_everything_is_refused() -> None:
    with Webhook([status(401, "no")]) as webhook:
        findings = check(webhook.url, "signature")
    assert named(findings, "failed") == {"sound-event"}
    assert named(findings, "passed") == {"answers"}
    reason = result(findings, "tampered-body").verdict.note
    assert reason.endswith("so this refusal proves nothing; see sound-event")


class HasPems(CorrectConsumer):
    """A webhook that was given the public keys, and fetches none."""

    def key(self, path: str) -> RSAPublicKey:
        try:
            return self.parse(keys.public_pem(settings.keys_folder(), path))
        except LookupError:
            raise KeyUnavailableError from None


@pytest.mark.slow
def test_checks_of_keys_are_not_judged_if_none_is_fetched() -> None:
    about_keys = ("keys-rotated", "key-crlf", "keys-kept", "one-key-missing", "slow-key-host")
    with candidate(HasPems) as webhook:
        findings = webhook.check("sound-event", "unsigned", *about_keys)
    assert named(findings, "passed") == {"answers", "sound-event", "unsigned"}
    assert named(findings, "not judged") == {*about_keys}
    reason = result(findings, "keys-rotated").verdict.note
    assert reason.startswith("the webhook never asks the key host at http://127.0.0.1:")


def test_a_verdict_says_where_the_key_host_is(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sending, "_START", 0.01)
    with candidate(CorrectConsumer) as webhook:
        findings = webhook.check("sound-event", keys_port=0)
    received = result(findings, "sound-event").verdict.received
    assert re.fullmatch(
        r"503 'no keys now', without asking the key host at http://127\.0\.0\.1:\d+", received
    )


def test_the_query_of_an_address_is_kept(correct: Candidate) -> None:
    assert correct.check("sound-event", url=f"{correct.running.url}?tenant=a%2Fb").ok


def test_processed_may_be_a_function(correct: Candidate) -> None:
    asked: list[str] = []

    def processed(event_id: str) -> int:
        asked.append(event_id)
        return correct.running.webhook.processed(event_id)

    findings = correct.check("unsigned", "foreign-recipient", processed=processed)
    assert findings.ok
    sent = {one.events[0].id for each in findings.results for one in each.exchanges}
    assert len(sent) == 3
    assert sent < {*asked}  # and one that was never sent, and those that measure the webhook


def test_a_forgery_that_is_refused_and_processed_fails() -> None:
    class Hypocrite(CorrectConsumer):
        def admit(self, request: Any) -> None:
            self.count(request.headers["x-adobe-event-id"])
            super().admit(request)

    with candidate(Hypocrite) as webhook:
        findings = webhook.check("tampered-body")
    verdict = result(findings, "tampered-body").verdict
    assert re.fullmatch(
        r"401 'no signature fits', and yet event \S+ was processed", verdict.received
    )


def test_a_forgery_that_is_acknowledged_and_not_processed_passes() -> None:
    class Polite(MISTAKES["verifies-nothing"]):  # type: ignore[misc]
        def work(self, event_id: str) -> None:
            """Work later, for instance once the signature is verified."""

    with candidate(Polite) as webhook:
        assert "tampered-body" in named(webhook.check("tampered-body"), "passed")
        assert "tampered-body" in named(webhook.check("tampered-body", processed=None), "failed")


@pytest.mark.parametrize(
    ("processed", "message"),
    [
        (lambda _: 1, "an unsent event was processed 1 times"),
        (lambda _: None, "returned None"),
        ("{origin}/nowhere/{event_id}", "answers 404 '<!doctype html>"),
        ("http://127.0.0.1:1/{event_id}", "--processed http://127.0.0.1:1/"),
    ],
)
def test_a_wrong_first_answer_about_effects_ends_the_run(
    correct: Candidate, processed: Any, message: str
) -> None:
    if isinstance(processed, str):
        processed = processed.replace("{origin}", correct.running.origin)
    with pytest.raises(ProcessedError, match=re.escape(message)):
        correct.check("sound-event", processed=processed)


def test_the_same_seed_gives_the_same_story_with_new_events(
    correct: Candidate, monkeypatch: pytest.MonkeyPatch
) -> None:
    now = datetime(2026, 1, 15, 9, 30, tzinfo=UTC)
    monkeypatch.setattr(check_requests, "present", lambda: now)

    def sent(seed: int) -> tuple[bytes, str]:
        exchange = result(correct.check("sound-event", seed=seed), "sound-event").exchanges[0]
        event_id = exchange.events[0].id
        return exchange.body.replace(event_id.encode(), b""), event_id

    (one, first), (same, second), (other, _) = sent(7), sent(7), sent(8)
    assert one == same != other
    assert first != second


@pytest.mark.many_at_once
def test_a_watcher_is_called_with_the_plan_and_each_check(correct: Candidate) -> None:
    plans: list[Plan] = []
    running: list[str] = []
    measured: list[tuple[Pace, float]] = []
    watcher = Watcher(
        plans.append,
        lambda *each: measured.append(each),
        lambda each: running.append(each.name),
    )
    options = CheckOptions(
        correct.running.url, CLIENT_ID, only=["unsigned"], keys_port=correct.keys_port
    )
    run(options, over_http(correct.running.url, timeout=2.0), watcher)
    assert [each.name for each in plans[0].checks] == running == ["answers", "unsigned"]
    assert plans[0].key_host == f"127.0.0.1:{correct.keys_port}"
    ((pace, seconds),) = measured
    assert (pace.at_once, seconds > 0) == (20, True)


def test_ctrl_c_ends_the_sending_and_what_was_sent_is_judged(correct: Candidate) -> None:
    def interrupt(each: Any) -> None:
        if each.name == "unsigned":
            raise KeyboardInterrupt

    options = CheckOptions(correct.running.url, CLIENT_ID, ["tampered-body", "unsigned"])
    line = over_http(correct.running.url, timeout=2.0)
    findings = run(replace(options, keys_port=correct.keys_port), line, Watcher(running=interrupt))
    assert named(findings, "passed") == {"answers", "tampered-body"}
    assert result(findings, "unsigned").verdict.note == "the checks were stopped before"
    assert not findings.ok


def test_the_whole_run_has_a_limit(correct: Candidate) -> None:
    findings = correct.check("signature", time_limit=0.0)
    assert len(named(findings, "not judged")) == len(findings.results)
    assert "of --time-limit were over" in findings.results[0].verdict.note


NEED_COUNTS = ["batch-of-codes", "batch-of-one-run", "activity-counts-state", "cloud-run-state"]
"""The first checks of the group payload that need counts or states."""


def test_three_checks_without_an_end_stop_the_run(
    never: Answer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(check_run, "LONGEST", 0.5)
    is_measured = threading.Event()

    def hangs_later(request: Request) -> Iterator[bytes]:
        yield from (never if is_measured.is_set() else for_events(status(200)))(request)

    watcher = Watcher(measured=lambda *_: is_measured.set())
    with Webhook([hangs_later]) as webhook:
        options = CheckOptions(webhook.url, CLIENT_ID, only=["payload"], skip=NEED_COUNTS)
        findings = run(options, over_http(webhook.url, timeout=2.0), watcher)
    assert named(findings, "passed") == {"answers"}
    overdue = [each for each in findings.results if each.verdict.state == "failed"]
    assert {each.verdict.received for each in overdue} == {"attempts that were still going on"}
    assert len(overdue) == sending.OVERDUE
    reasons = {each.verdict.note for each in findings.results if each.verdict.note}
    assert "3 checks in a row did not end in time: the webhook hangs" in reasons
    assert not findings.ok


@pytest.mark.parametrize(("spare", "is_told"), [(3.0, True), (0.0, False)])
def test_slow_answers_in_time_never_fail_a_long_check(
    monkeypatch: pytest.MonkeyPatch, spare: float, is_told: bool
) -> None:
    """Forty events follow each other; each is answered well in time, all of them are not."""

    def slow(request: Request) -> Iterator[bytes]:
        pause.wait(0.02)
        yield from status(200)(request)

    pause = threading.Event()
    monkeypatch.setattr(check_run, "LONGEST", 0.5)
    monkeypatch.setattr(check_run, "_SPARE", spare)
    with Webhook([for_events(slow)]) as webhook:
        findings = check(webhook.url, "keys-kept")
    seen = result(findings, "keys-kept")
    assert named(findings, "failed") == set()
    assert (len(seen.exchanges) == 40) is is_told
    assert ("s for an answer, and so the requests" in seen.verdict.note) is not is_told


def test_a_check_that_begins_late_ends_with_the_run(never: Answer) -> None:
    with Webhook([never]) as webhook:
        findings = check(webhook.url, "unsigned", timeout=5.0, time_limit=0.2)
    assert named(findings, "failed") == {"answers"}
    assert result(findings, "unsigned").verdict.note == "the webhook does not answer events"
