"""The result of a replay, as a test reads it and as a failing test shows it."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

import pytest

from flowsim.installation import authority
from flowsim.testing import report as reporting
from flowsim.testing.flowsim import Flowsim

from ..hostile.text import HOSTILE, LINE, SHOWN, assert_harmless
from ..webhook import Webhook as Served

THREE = {
    "seed": 7,
    "at": "2026-01-15T09:30:00Z",
    "events": [
        {"flow_run": {}},
        {"flow_run": {}, "after": "10s", "expect": "rejected"},
        {"flow_run": {}, "after": "10s"},
    ],
}


class Webhook:
    """Answers each event in its turn; what is no number is raised."""

    def __init__(self, *answers: int | Exception) -> None:
        self.answers = list(answers)

    def __call__(self, environ: object, start_response: Any) -> Iterable[bytes]:  # noqa: ARG002
        answer = self.answers.pop(0)
        if isinstance(answer, Exception):
            raise answer
        start_response(f"{answer} Said", [])
        return [b"as told"]


def test_events_say_how_they_ended(sender: Flowsim) -> None:
    report = sender.replay(THREE, Webhook(200, 400, 404))
    first, second, third = report.events
    assert [each.ending for each in report.events] == ["delivered", "dropped", "dropped"]
    assert [each.ok for each in report.events] == [True, True, False]
    assert report.delivered == (first,)
    assert report.dropped == (second, third)
    assert (first.expected, first.received, first.code) == (
        "delivered",
        "delivered (200)",
        "sources_flow_run_success",
    )
    assert first.json["eventid"] == first.id == first.attempts[0].headers["x-adobe-event-id"]
    assert not report.ok


def test_attempts_have_request_and_answer(sender: Flowsim) -> None:
    report = sender.replay(THREE, Webhook(503, 400, 200, 200))
    assert [each.number for each in report.attempts] == [1, 1, 1, 2]
    first, *_, last = report.attempts
    assert (first.event_ids, last.event_ids) == ((report.events[0].id,),) * 2
    assert (first.body, first.json) == (last.body, last.json)
    assert (first.status_code, first.answer, first.ending) == (503, b"as told", "retry")
    assert (last.sent_at - first.sent_at).total_seconds() == 60
    assert last.headers["x-adobe-retry-count"] == "1"
    assert report.ok
    report.assert_delivered()


def test_a_batch_has_several_events_in_one_body(sender: Flowsim) -> None:
    report = sender.replay("batch", Webhook(200, 200, 200))
    assert len(report.events) == 45
    assert len(report.attempts[0].event_ids) == 20
    assert {each.body for each in report.events} == {each.body for each in report.attempts}


def test_each_delivery_of_an_event_must_meet_the_expectation(sender: Flowsim) -> None:
    report = sender.replay("partial", Webhook(200, 404), faults="duplicate")
    (event,) = report.events
    assert (event.statuses, event.ending, event.ok) == ((200, 404), "dropped", False)


def test_the_cause_of_a_failed_attempt_names_what_a_test_can_do(
    sender: Flowsim, tmp_path: Path
) -> None:
    tls = authority.load(tmp_path / "other").server_context()
    with Served(tls=tls) as webhook:
        report = sender.replay("partial", webhook.url, max_attempts=1)
    with pytest.raises(AssertionError) as raised:
        report.assert_delivered()
    cause = (
        "its certificate is of an authority 'flowsim' that is not trusted; SSL_CERT_FILE=FILE in "
        "the environment trusts the authority in that file"
    )
    assert report.attempts[0].cause == report.attempts[0].problem == cause
    assert report.events[0].received == f"dropped: 611 on the only attempt ({cause})"
    assert str(raised.value).count(cause) == 2
    assert "--" not in str(raised.value)


def test_a_failed_assertion_shows_expected_beside_received_and_the_timeline(
    sender: Flowsim,
) -> None:
    report = sender.replay(THREE, Webhook(200, 200, KeyError("metrics"), 404))
    with pytest.raises(AssertionError) as raised:
        report.assert_delivered()
    result = re.sub(r"\d+ ms", "N ms", str(raised.value))
    second, third = (each.id[:8] for each in report.events[1:])
    assert result.splitlines()[:8] == [
        "2 of 3 events did not end as expected",
        "flowsim: the test's scenario to https://testserver/, seed 7",
        "",
        "event     event code                expected   received",
        f"{second}  sources_flow_run_success  rejected   delivered (200)",
        f"{third}  sources_flow_run_success  delivered  dropped: 404 is not retried",
        "",
        f"09:30:00.000 → sources_flow_run_success {report.events[0].id[:8]} try 1 [200] N ms "
        "· delivered",
    ]
    assert result.splitlines()[-1] == "KeyError: 'metrics'"
    assert "try 2 [404] N ms · dropped: 404 is not retried · it said 'as told'" in result


def test_a_wrong_path_gets_a_hint(sender: Flowsim) -> None:
    report = sender.replay("partial", Webhook(404))
    with pytest.raises(AssertionError) as raised:
        report.assert_delivered()
    hint = "is the webhook at another path? say so: path='/hook', or flowsim_path"
    assert str(raised.value).splitlines()[2] == hint


def test_a_story_with_a_drawn_seed_says_how_to_repeat_it(sender: Flowsim) -> None:
    report = sender.replay({"events": [{"flow_run": {}}]}, Webhook(200))
    seed = report.seed
    assert re.search(rf"seed {seed}, repeat with --seed {seed} --at 20\S+Z$", report.title)
    assert repr(report) == "<ReplayReport of the test's scenario: 1 delivered>"


@pytest.mark.slow
def test_a_long_timeline_is_shown_from_both_ends(sender: Flowsim) -> None:
    report = sender.replay(THREE | {"faults": [{"burst": 200}]}, Webhook(*[200] * 600))
    lines = report.timeline.splitlines()
    assert len(lines) == reporting.MOST_LINES + 1
    more = len(report.attempts) - reporting.MOST_LINES
    assert lines[reporting.MOST_LINES // 2] == f"… {more:,} attempts more …"


def test_the_answer_of_an_application_cannot_harm_a_terminal(
    sender: Flowsim, scenario: Callable[..., str]
) -> None:
    class Hostile(Webhook):
        def __call__(self, environ: object, start_response: Any) -> Iterable[bytes]:
            super().__call__(environ, start_response)
            return [HOSTILE.encode()]

    path = scenario(json.dumps(THREE), "\x1b]0;title\x07\x9b\u202e.yaml")
    report = sender.replay(path, Hostile(ValueError(LINE), *[404] * 20))
    with pytest.raises(AssertionError) as raised:
        report.assert_delivered()
    for text in (str(raised.value), report.title, report.timeline, repr(report)):
        assert_harmless(text)
    assert all(each in report.timeline for each in SHOWN)
    assert LINE in report.attempts[0].problem


def test_broken_captures_are_sent_and_unreadable_ones_are_named(
    sender: Flowsim, tmp_path: Path
) -> None:
    for name, length in (("a", 2), ("b", 9)):
        head = f"POST / HTTP/1.1\r\nx-adobe-event-id: {name}\r\ncontent-length: {length}\r\n\r\n"
        (tmp_path / f"{name}.http").write_text(f"{head}{{}}", newline="")
    report = sender.replay(str(tmp_path), Webhook(200, 400))
    assert [each.received for each in report.events] == [
        "delivered (200)",
        "dropped: its body is incomplete (closed in the middle of the body, as it was captured)",
    ]
    report.assert_delivered()
    (tmp_path / "c.http").write_text("no request")
    report = sender.replay(str(tmp_path), Webhook(200, 400))
    (sentence,) = report.left_out
    assert sentence.startswith(f"{tmp_path / 'c.http'}: line 1: 'no request'; expected a request")
    assert not report.ok
    with pytest.raises(AssertionError, match="left out: "):
        report.assert_delivered()


def test_an_event_is_looked_up_or_the_nearest_is_named(sender: Flowsim) -> None:
    report = sender.replay(THREE, Webhook(200, 200, 404))
    first, _, third = report.events
    assert report.event() is report.event("sources_flow_run_success", status=200) is first
    assert report.event(status=404) is report.event(id=third.id, ending="dropped") is third
    with pytest.raises(AssertionError) as raised:
        report.event("sources_flow_run_sucess", status=404)
    assert str(raised.value) == (
        "no event with code='sources_flow_run_sucess', status=404; the nearest of 3 has "
        f"code='sources_flow_run_success' (status=404, ending='dropped', id='{third.id}', "
        "received='dropped: 404 is not retried')"
    )


def test_a_long_timeline_leaves_out_what_went_well(sender: Flowsim) -> None:
    """The one event that was missed is in the middle, where a timeline is cut."""
    many = {"events": [{"flow_run": {}, "repeat": 200}], "seed": 7}
    report = sender.replay(many, Webhook(*[200] * 99, 404, *[200] * 100))
    (missed,) = report.dropped
    with pytest.raises(AssertionError) as raised:
        report.assert_delivered()
    head, line = str(raised.value).splitlines()[-2:]
    assert head == "1 attempt at these:"
    assert f"{missed.id[:8]} try 1 [404]" in line
    assert "it said 'as told'" in line
