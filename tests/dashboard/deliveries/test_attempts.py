"""Attempts as a timeline: waits, meanings, remedies, and what comes next."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from flowsim.core import causes, outcome
from flowsim.core.delivery import Delivery, Wait, attempt, backoff, is_retried
from flowsim.core.outcome import LABELS, Outcome
from flowsim.core.signature import SignedPayload
from flowsim.core.trace import Trace
from flowsim.dashboard.deliveries.attempts import timeline
from flowsim.dashboard.deliveries.delivery_source import AttemptDetail
from flowsim.dashboard.deliveries.status_meanings import meaning_of
from flowsim.events_service.tracing import debug_trace
from flowsim.runtime.chance import Chance
from flowsim.story.opening import open_story

from ...cases import for_each
from ...strategies import JSON

BEGIN = datetime(2026, 1, 15, 9, 30, tzinfo=UTC)


def seen(number: int, at: datetime, status: int, ending: str, **more: Any) -> AttemptDetail:
    fields = {"cause": None, "wall": None, **more}
    return AttemptDetail(
        number,
        f"id-{number}",
        at,
        fields["wall"],
        status,
        12.0,
        ending,
        fields["cause"],
        fields.get("trace"),
    )


def ladder(count: int, status: int = 503) -> list[AttemptDetail]:
    """Return attempts that failed, on the schedule of retries."""
    at, found = BEGIN, []
    for number in range(1, count + 1):
        found.append(seen(number, at, status, "retry"))
        at += timedelta(seconds=backoff(number))
    return found


def test_each_attempt_says_how_long_was_waited_before_it() -> None:
    entries = timeline([*ladder(5), seen(6, BEGIN + timedelta(minutes=30), 200, "delivered")])
    assert [each.wait for each in entries] == [None, 60, 120, 240, 480, 900]
    assert entries[5].wait_text == "15m after attempt 5"
    assert entries[0].next == "Attempt 2 followed at 09:31:00."
    assert entries[5].next == "The delivery has ended: it was delivered."


def test_the_last_failure_says_when_the_next_attempt_is_due() -> None:
    due = BEGIN + timedelta(minutes=3)
    assert timeline(ladder(2), due)[1].next == "Attempt 3 is due at 09:33:00."
    assert timeline(ladder(2))[1].next == "Attempt 3 follows after 2m."
    tomorrow = BEGIN + timedelta(days=1)
    assert timeline(ladder(2), tomorrow)[1].next == "Attempt 3 is due at 2026-01-16 09:30:00."


@for_each(
    ("status", "means", "remedy"),
    [
        (204, "acknowledged", ""),
        (302, "redirect is not followed", "Register the address"),
        (400, "never retried", "parsed"),
        (401, "never retried", "raw bytes"),
        (413, "never retried", "2 MB"),
        (418, "never retried", "5xx for a problem that passes"),
        (429, "Retry-After is not documented", "queue"),
        (500, "retried for 24 hours", "log of the webhook"),
        (505, "dropped at once", "HTTP/1.1"),
        (602, "only in debug traces; the event is retried", "listens at this address"),
        (604, "10 seconds", "answer at once"),
        (611, "TLS handshake failed", "whole chain"),
    ],
)
def test_a_status_says_what_it_means_and_what_helps(status: int, means: str, remedy: str) -> None:
    found = meaning_of(status)
    assert means in found.means
    assert remedy in found.remedy
    assert found.status_class == f"{status // 100}xx"
    assert found.source.startswith("io-events")


@for_each(
    ("status", "cause", "remedy"),
    [
        (602, causes.refused(), "Start the webhook"),
        (602, causes.refused("[::1]:3000"), "Register that address"),
        (602, causes.cut("answer", 0, was_reset=False), "ended before its answer was complete"),
        (602, causes.cut("answer", 7, was_reset=True), "ended before its answer was complete"),
        (602, causes.no_name("a.example", "Unknown"), "Correct the host name"),
        (611, causes.cut("handshake", 0, was_reset=False), "speaks TLS at this port"),
        (611, causes.no_handshake("CERTIFICATE_REQUIRED", b""), "trust the authority"),
        (611, "its certificate is self-signed and not trusted", "whole chain"),
        (604, causes.late("address", 10, 0), "name server"),
        (604, causes.late("connection", 10, 0), "firewall"),
        (604, causes.late("answer", 10, 0), "answer at once"),
        (601, causes.not_http(b"SSH-2.0", "bad"), "does not speak HTTP"),
        (602, "a cause of another version", "Read the cause"),
    ],
)
def test_the_remedy_follows_from_the_cause(status: int, cause: str, remedy: str) -> None:
    assert remedy in meaning_of(status, cause).remedy
    (entry,) = timeline([seen(1, BEGIN, status, "retry", cause=cause)])
    assert entry.remedy == meaning_of(status, cause).remedy


@for_each("status", range(100, 700))
def test_a_meaning_says_retried_exactly_where_the_sender_retries(status: int) -> None:
    means = meaning_of(status).means
    is_dropped = "dropped at once" in means
    assert is_dropped is not (200 <= status < 300 or is_retried(status))


@for_each("status", [0, -5, 99, 10**9])
def test_any_number_has_a_meaning(status: int) -> None:
    assert meaning_of(status).means


def test_every_code_without_an_answer_has_a_remedy() -> None:
    assert all(meaning_of(code).remedy and meaning_of(code).label for code in LABELS)


def traced(found: Outcome, url: str = "https://user:secret@host.example/hook") -> Any:
    """Return the trace of an attempt as the service keeps it."""
    payload = next(open_story("partial").payloads())
    signed = SignedPayload(payload, ("a", "b"), ("/a", "/b"))
    delivery = Delivery(1, signed, BEGIN, url, "provider")
    trace = Trace(attempt(delivery, 1, Chance.of(1, "")), BEGIN, found, Wait(60))
    return debug_trace.of_attempt(trace, "client", "registration")


def test_request_and_answer_are_shown_with_secrets_masked() -> None:
    answer = Outcome(
        401, 0.2, b'{"reason":"\x1b[2J"}', headers=[(b"set-cookie", b"sid=abcdef1234")]
    )
    (entry,) = timeline([seen(1, BEGIN, 401, "dropped", trace=traced(answer))])
    assert entry.request is not None
    assert entry.answer is not None
    assert entry.request.line == "POST https://XXXX@host.example/hook"
    assert entry.request.body.text.startswith('{"event_id"')
    assert all(each.means for each in entry.request.headers)
    assert entry.answer.line == "401 after 200 ms"
    assert entry.answer.body.text == '{"reason":"\\x1b[2J"}'
    assert entry.answer.headers[0].value == "XXX=XXXXXX1234"
    assert entry.next.endswith("401 is not retried.")


def test_an_attempt_without_an_answer_says_cause_and_remedy() -> None:
    refused = Outcome(602, 0.0, problem=causes.refused("127.0.0.1"))
    entries = timeline([seen(1, BEGIN, 602, "retry", trace=traced(refused))])
    assert entries[0].cause == causes.refused("127.0.0.1")
    plain = Outcome(611, 0.0, problem=causes.SPEAKS_PLAIN)
    url = "https://host.example/hook"
    entries = timeline([seen(1, BEGIN, 611, "retry", trace=traced(plain, url))])
    assert entries[0].remedy.endswith("use http://host.example/hook")
    assert entries[0].meaning.label == outcome.LABELS[611]
    late = seen(1, BEGIN, 604, "retry", cause=causes.late("answer", 10, 0))
    assert timeline([late])[0].cause == "no complete answer within 10s: nothing came"


@given(JSON, st.integers(), st.sampled_from(["delivered", "retry", "dropped", ""]), st.text())
def test_any_trace_has_an_entry(trace: Any, status: int, ending: str, cause: str) -> None:
    for each in (trace, {"trace": trace}, {"trace": {"tracingRequest": trace}}):
        for shape in (each, {"trace": {"tracingRequest": {"requestHeaders": each}}}):
            found = seen(0, BEGIN, status, ending, cause=cause, trace=shape)
            (entry,) = timeline([found])
            assert (entry.cause + entry.remedy + entry.next).isprintable()
    assert timeline([]) == []
