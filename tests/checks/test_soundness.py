"""A webhook that breaks during the run: it is said once, and what follows from it is not."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import Any, ClassVar

import pytest

from flowsim.checks import back_pressure, held, soundness
from flowsim.checks.catalogue import BURST, LAST
from flowsim.checks.causes import Cause, causes_of
from flowsim.checks.check import failed
from flowsim.checks.findings import Findings
from flowsim.checks.options import Watcher

from ..consumers.correct import Answer, CorrectConsumer, Request
from ..reports.findings import exchange, result
from .consumers import candidate, named
from .consumers import result as result_of

PAYLOADS = ("failed-runs", "file-counts", "flat-run", "partial-ingestion", "references", "statuses")
UNASKED: dict[str, Any] = {"processed": None, "state": None}


class Breaks(CorrectConsumer):
    """It refuses the next ``left`` events with ``status``, whatever they are."""

    status: ClassVar[int] = 500

    def __post_init__(self) -> None:
        super().__post_init__()
        self.left = 0

    def handle(self, request: Request) -> Answer:
        if request.method == "POST" and self.left > 0:
            self.left -= 1
            return self.status, "text/plain", "no connection"
        return super().handle(request)


class IsBusy(Breaks):
    status = 503


class ForgetsKeys(Breaks):
    status = 401


@pytest.fixture(autouse=True)
def short_waits(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(held, "LATER", (0.01, 0.05))
    monkeypatch.setattr(back_pressure, "_PAUSES", (0.01, 0.01))
    monkeypatch.setattr(soundness, "_PAUSE", 0.01)
    monkeypatch.setattr(soundness, "_PATIENCE", 0.05)


def broken_at(name: str, kind: type[Breaks], left: int, *only: str, **options: Any) -> Findings:
    """Check a webhook that refuses so many events from a check on."""
    with candidate(kind) as webhook:
        consumer: Any = webhook.running.webhook

        def running(check: Any) -> None:
            if check.name == name:
                consumer.left = left

        return webhook.check(*only, LAST, watcher=Watcher(running=running), **options)


def causes(findings: Findings) -> Iterator[tuple[str, set[str]]]:
    for cause in causes_of(findings.results):
        yield cause.first.check.name, {each.check.name for each in cause.others}


@pytest.mark.parametrize("kind", [Breaks, IsBusy])
def test_a_webhook_that_broke_is_one_mistake_and_gets_no_more_checks(kind: type[Breaks]) -> None:
    found = broken_at("file-counts", kind, 10_000, "unsigned", *PAYLOADS, **UNASKED)
    sent = {"file-counts", "flat-run", "partial-ingestion"}
    unjudged = sent if kind is IsBusy else set[str]()  # they were put off, and plain events too
    assert [*causes(found)] == [(LAST, sent - unjudged)]
    said = f"{kind.status} 'no connection'; the last event that it accepted is of the check "
    assert result_of(found, LAST).verdict.received == f"{said}failed-runs"
    reason = result_of(found, "references").verdict.note
    assert reason.startswith("the webhook has stopped accepting events: ")
    assert reason.endswith(" to a plain event, after failed-runs")
    assert named(found, "not judged") == {"references", "statuses"} | unjudged
    assert (found.exit_code, found.verdict) == (1, "not ok")


def test_what_was_to_be_tried_later_is_not_judged_if_the_webhook_broke() -> None:
    """Its later attempts are not made any more; the break is said although nothing asked for it."""
    later = "key-host-back"
    with candidate(IsBusy) as webhook:
        consumer: Any = webhook.running.webhook

        def running(check: Any) -> None:
            if check.name == later:
                consumer.left = 10_000

        watcher = Watcher(running=running)
        found = webhook.check(later, *PAYLOADS[:3], watcher=watcher, **UNASKED)
    assert named(found, "failed") == {LAST}
    assert named(found, "not judged") == {later, *PAYLOADS[:3]}
    assert found.exit_code == 1


def test_a_webhook_that_broke_in_the_end_is_not_restarted() -> None:
    """Any refusal counts there; a restart would only hide that it is broken."""
    only = ("restart-duplicate", "restart-loss")
    found = broken_at(LAST, ForgetsKeys, 10_000, *only)
    assert named(found, "failed") == {LAST}
    notes = {result_of(found, name).verdict.note for name in only}
    assert len(notes) == 1
    assert notes.pop().startswith("the webhook has stopped accepting events: 401")


@pytest.mark.parametrize(("kind", "left"), [(Breaks, 1), (IsBusy, 3)])
def test_a_webhook_that_puts_an_event_off_is_asked_again(
    kind: type[Breaks], left: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(soundness, "_PATIENCE", 30.0)  # no wait: the event is accepted before
    found = broken_at(LAST, kind, left, **UNASKED)
    assert named(found, "passed") == {"answers", LAST}


def test_checks_in_vain_do_not_stop_a_run_if_a_plain_event_is_accepted() -> None:
    class CrashesAtForgeries(CorrectConsumer):
        def handle(self, request: Request) -> Answer:
            status, kind, text = super().handle(request)
            return (500, kind, text) if status == 401 else (status, kind, text)

    only = ("foreign-key", "forgery-final", "signatures-invalid", "tampered-body", "unsigned")
    with candidate(CrashesAtForgeries) as webhook:
        found = webhook.check(*only, "failed-runs", LAST, **UNASKED)
    assert named(found, "failed") == {"forgery-final"}
    assert named(found, "passed") == {"answers", *only, "failed-runs", LAST} - {"forgery-final"}


def test_nothing_is_said_of_the_end_if_the_beginning_was_refused_too() -> None:
    found = broken_at("answers", ForgetsKeys, 10_000, "sound-event", **UNASKED)
    assert named(found, "failed") == {"sound-event"}
    assert "refuses correct events too" in result_of(found, LAST).verdict.note


@pytest.mark.many_at_once
@pytest.mark.parametrize(("said", "is_one"), [("slow down", True), ("", False)])
def test_what_was_refused_like_events_of_a_burst_is_one_mistake(said: str, is_one: bool) -> None:
    """A webhook that limits requests by a 403 refuses any event, of any check."""

    class LimitsRequests(Breaks):
        status = 403
        name = ""

        def handle(self, request: Request) -> Answer:
            status, kind, text = super().handle(request)
            return status, kind, (said or self.name) if status == self.status else text

    refused = {*PAYLOADS, BURST}
    with candidate(LimitsRequests) as webhook:
        consumer: Any = webhook.running.webhook

        def running(check: Any) -> None:
            consumer.name, consumer.left = check.name, 10_000 if check.name in refused else 0

        watcher = Watcher(running=running)
        found = webhook.check(BURST, *PAYLOADS, "unsigned", LAST, watcher=watcher, **UNASKED)
    assert named(found, "failed") == refused
    like_burst = dict(causes(found))[BURST]
    assert like_burst == ({*PAYLOADS} if is_one else set())


def cause_of_break(*others: Any) -> list[Cause]:
    """Return the causes if the last accepted event was answered at second 5."""
    at_end = exchange(500, began=9.0)
    last = result(failed("a 2xx", "500", at_end), "must", at_end, name=LAST)
    return causes_of([*others, last])


def test_only_refusals_after_the_break_follow_from_it() -> None:
    """What was accepted wrongly, or processed twice, is a mistake of its own."""

    def of(name: str, status: int) -> Any:
        shown = exchange(status, began=3.0)
        return result(failed("b", "a", shown), "must", shown, name=name)

    refused, forged, twice = of("refused", 500), of("forged", 200), of("twice", 500)
    twice = replace(twice, check=replace(twice.check, judges_once=True))
    found = {each.first.check.name: each for each in cause_of_break(refused, forged, twice)}
    assert [*found] == [LAST, "forged", "twice"]
    assert [each.check.name for each in found[LAST].others] == ["refused"]
    assert found[LAST].relation == "perhaps only since the webhook had broken"
