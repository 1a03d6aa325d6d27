"""The state of runs: how answers are read, and what is compared with what the events say."""

from __future__ import annotations

import json
import re
import sys
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta, timezone
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from flowsim.checks.asking import Command
from flowsim.checks.findings import Findings
from flowsim.checks.inquiry import UNKNOWN_STATE
from flowsim.checks.states import States
from flowsim.errors import StateError
from flowsim.families.entities import RunState

from ..consumers.correct import CorrectConsumer
from ..consumers.losing import MISTAKES
from ..webhook import Answer, Webhook, status
from .consumers import Candidate, candidate, named, result

STARTED, ENDED = 1_796_000_000.25, 1_796_000_065.5
RUN = RunState("a run", "success", 1000, 30, STARTED, ENDED, ENDED)
CONTROL = replace(RUN, id="control", started=STARTED - 900, ended=ENDED - 900)
MOMENTS = st.floats(1.6e9, 4e9).map(lambda each: round(each, 3))


def answer_of(run: RunState, time: Callable[[float], Any], **members: Any) -> dict[str, Any]:
    """Return the answer about a run; ``time`` writes its times."""
    assert run.started is not None
    assert run.ended is not None
    whole = {"status": run.status, "records": run.records, "failed": run.failed}
    return {**whole, "started": time(run.started), "ended": time(run.ended), **members}


def differences(answer: dict[str, Any], control: dict[str, Any]) -> list[str] | None:
    """Return what is wrong in the answer about the run."""
    found = States({RUN.id: answer, CONTROL.id: control}, CONTROL).differences(RUN)
    return None if found is None else [f"{each.expected}: {each.received}" for each in found]


def iso(zone: timezone | None) -> Callable[[float], str]:
    return lambda time: datetime.fromtimestamp(time, zone or UTC).replace(tzinfo=zone).isoformat()


WAYS: list[Callable[[float], Any]] = [
    lambda time: time,
    int,
    lambda time: round(time * 1000),
    lambda time: datetime.fromtimestamp(time, UTC),
    iso(UTC),
    iso(timezone(timedelta(hours=-7))),
    iso(None),
    lambda time: iso(UTC)(time).replace("+00:00", "Z"),
]
"""Ways to write a time: two units, text with and without an offset, and that of a function."""


@given(st.sampled_from(WAYS), MOMENTS, st.floats(0.0, 10**6))
def test_a_time_is_the_same_in_every_way_in_which_it_is_written(
    way: Callable[[float], Any], started: float, length: float
) -> None:
    run = replace(RUN, started=started, ended=started + round(length, 3))
    states = States({run.id: answer_of(run, way)}, run)
    assert states.differences(run) == []


@given(st.sampled_from(WAYS), st.floats(1.5, 10**6), st.sampled_from([1, -1]))
def test_another_moment_is_found_however_it_is_written(
    way: Callable[[float], Any], seconds: float, sign: int
) -> None:
    wrong = replace(RUN, ended=ENDED + sign * seconds)
    assert differences(answer_of(wrong, way), answer_of(CONTROL, way)) is not None
    (found,) = differences(answer_of(wrong, way), answer_of(CONTROL, way)) or []
    assert found.startswith("ended 2026-11-30T")


def test_a_unit_is_held_once_it_is_known() -> None:
    """The same run in seconds is right, unless the ordinary run is in milliseconds."""
    seconds, milliseconds = WAYS[1], WAYS[2]
    assert differences(answer_of(RUN, seconds), answer_of(CONTROL, seconds)) == []
    assert len(differences(answer_of(RUN, seconds), answer_of(CONTROL, milliseconds)) or []) == 2
    assert len(differences(answer_of(RUN, milliseconds), answer_of(CONTROL, seconds)) or []) == 2


def test_counts_are_text_only_if_those_of_the_ordinary_run_are() -> None:
    text = {"records": "1000", "failed": " 30 "}
    is_text, is_number = answer_of(CONTROL, int, **text), answer_of(CONTROL, int)
    assert differences(answer_of(RUN, int, **text), is_text) == []
    assert differences(answer_of(RUN, int), is_text) == []
    assert differences(answer_of(RUN, int, **text), is_number) == [
        "records 1000: records '1000'",
        "failed 30: failed ' 30 '",
    ]


def test_a_count_that_is_called_unknown_is_no_negative_number() -> None:
    run = RunState("a run", "success", unknown=("records", "failed"))
    kept = {"status": "success", "records": -1, "failed": "-1"}
    found = States({run.id: kept}).differences(run) or []
    assert [each.expected for each in found] == [
        "records null or left out",
        "failed null or left out",
    ]
    assert [each.received for each in found] == ["records -1", "failed '-1'"]
    for counts in ({}, {"records": 0, "failed": 0}, {"records": 1000}):
        assert States({run.id: {"status": "success", **counts}}).differences(run) == []


def test_a_status_is_compared_without_case() -> None:
    assert differences(answer_of(RUN, int, status=" SUCCESS"), answer_of(CONTROL, int)) == []
    found = differences(answer_of(RUN, int, status="failed"), answer_of(CONTROL, int))
    assert found == ["status success: status 'failed'"]


def test_only_what_is_left_out_everywhere_is_not_compared() -> None:
    little = {"status": "success"}
    assert differences(little, little) == []
    assert differences(little, {**little, "records": 5}) == ["records 1000: records missing"]
    states = States({RUN.id: {"status": "success", "records": 7}}, None)
    assert states.differences(replace(RUN, records=None)) == []
    assert states.compared == ["status", "records"]


def test_a_run_that_is_not_known_has_no_differences() -> None:
    assert States({RUN.id: None}).differences(RUN) is None
    assert States().differences(RUN) is None


def check_with(answer: Answer, webhook: Candidate, **options: Any) -> Findings:
    """Check it; nothing is known of the run that was never sent, and then this comes."""
    with Webhook([status(404), answer]) as owner:
        asked = {"state": f"{owner.url}/{{run_id}}", "processed": None, **options}
        return webhook.check("run-state", "unsigned", **asked)


@pytest.mark.parametrize(
    ("answer", "problem"),
    [
        (
            status(500, "oops"),
            r"--state http://\S+ answers 500 'oops'; expected 200 and \{\"status",
        ),
        (status(302, "", location="/login"), r"answers 302 ''; expected 200 and"),
        (status(200, "<html>"), r"answers 200 '<html>'; expected JSON, as in \{\"status\": \"suc"),
        (
            status(200, ""),
            r"answers 200 ''; expected JSON, .*; 404, null or \{\} if the run is not",
        ),
        (status(200, "[" * 5000), r"answers 200 '\[+…'; expected JSON"),
        (status(200, "NaN"), r"answers 200 'NaN'; expected JSON"),
        (status(200, "[1]"), r"answers 200 '\[1\]'; expected \{\"status\""),
        (status(200, '"success"'), r"expected \{\"status\""),
        (status(200, '{"state": "ok"}'), r"expected \{\"status\": .*, with some of these members"),
        (status(200, '{"status": 5}'), r"expected text for status and not 5; 404, null or \{\}"),
        (status(200, '{"records": "many"}'), r"expected a number for records and not 'many'"),
        (status(200, '{"failed": true}'), r"expected a number for failed and not True"),
        (status(200, '{"records": 1e400}'), r"expected a number for records and not inf"),
        (status(200, '{"ended": "today"}'), r"expected ISO 8601 text or a number for ended and no"),
        (status(200, '{"started": {}}'), r"expected ISO 8601 text or a number for started"),
        (status(200, f'{{"started": {10**400}}}'), r"expected ISO 8601 text or a number for start"),
        (lambda _: iter(()), r"--state http://\S+: .*\w"),
    ],
)
def test_a_wrong_answer_is_one_sentence_and_costs_only_what_needs_it(
    correct: Candidate, answer: Answer, problem: str
) -> None:
    findings = check_with(answer, correct)
    assert re.search(problem, findings.problem)
    assert "\n" not in findings.problem
    assert findings.exit_code == 2
    assert named(findings, "passed") == {"answers", "unsigned"}
    assert result(findings, "run-state").verdict.note == UNKNOWN_STATE


@pytest.mark.parametrize(
    "answer", [status(404, "no such run"), status(200, "null"), status(200, " {} ")]
)
def test_a_run_that_was_acknowledged_and_is_not_known_fails(
    correct: Candidate, answer: Answer
) -> None:
    findings = check_with(answer, correct)
    verdict = result(findings, "run-state").verdict
    assert verdict.state == "failed"
    assert re.fullmatch(r"200 'taken', and the run \S{36} is not known", verdict.received)
    assert findings.exit_code == 1


@pytest.mark.parametrize(
    ("known", "named_in_it"),
    [({"status": "success"}, "status 'success'"), ({"status": None, "records": 0}, "records 0")],
)
def test_a_state_of_a_run_that_was_never_sent_is_a_mistake_in_the_address(
    correct: Candidate, known: dict[str, Any], named_in_it: str
) -> None:
    with (
        Webhook([status(200, json.dumps(known))]) as owner,
        pytest.raises(StateError) as caught,
    ):
        correct.check("run-state", state=f"{owner.url}/{{run_id}}")
    assert str(caught.value) == (
        f"--state says that a run that was never sent has the {named_in_it}; expected 404, null or "
        "{} if the run is not known, and {run_id} in the place of its id"
    )


def test_a_state_with_nothing_but_null_is_not_known(correct: Candidate) -> None:
    nothing = status(200, '{"status": null, "records": null, "also": 1}')
    findings = check_with(nothing, correct)
    assert result(findings, "run-state").verdict.received.endswith("is not known")


def test_without_a_state_it_is_not_judged_and_says_what_is_needed(correct: Candidate) -> None:
    findings = correct.check("run-state", "late-start-state", state=None)
    assert {each.verdict.note for each in findings.results[1:]} == {
        "--state is needed to see what the webhook keeps of a run"
    }


@pytest.mark.skipif(sys.platform == "win32", reason="the command is of a POSIX system")
def test_a_command_may_say_what_is_known(correct: Candidate) -> None:
    url = correct.running.state.replace("{run_id}", "")
    script = (
        "import sys, urllib.error, urllib.request\n"
        f"try: print(urllib.request.urlopen({url!r} + sys.argv[1]).read().decode())\n"
        "except urllib.error.HTTPError: print('null')\n"
    )
    command = Command((sys.executable, "-c", script, "{run_id}"))
    findings = correct.check("run-state", "failed-run-state", state=command)
    assert named(findings, "passed") == {"answers", "run-state", "failed-run-state"}


def test_a_state_that_comes_later_is_waited_for(correct: Candidate) -> None:
    """Nothing is known when a run is asked for the first time, as behind a queue."""
    asked: set[str] = set()

    def state(run_id: str) -> dict[str, Any] | None:
        is_first = run_id not in asked
        asked.add(run_id)
        return None if is_first else correct.running.webhook.state_of(run_id)

    findings = correct.check("run-state", "run-revised-state", state=state, settle=0.5)
    assert named(findings, "failed") == set()


def test_the_unit_of_some_runs_only_is_found(correct: Candidate) -> None:
    """A webhook that keeps milliseconds of failed runs and seconds of others mixes units."""

    def state(run_id: str) -> dict[str, Any] | None:
        found = correct.running.webhook.state_of(run_id)
        if found is None or found["status"] == "success":
            return found
        return {**found, "started": found["started"] * 1000}

    findings = correct.check("run-state", "failed-run-state", state=state)
    assert named(findings, "failed") == {"failed-run-state"}
    assert result(findings, "failed-run-state").verdict.expected.startswith("started 20")


def test_what_a_mistake_keeps_stands_beside_what_is_true() -> None:
    with candidate(MISTAKES["derives-status-from-errors"]) as webhook:
        findings = webhook.check("partial-ingestion-state")
    verdict = result(findings, "partial-ingestion-state").verdict
    assert verdict.expected == "status success"
    assert re.fullmatch(r"the run \S{36} with status 'failed'", verdict.received)
    assert verdict.exchange is not None


def test_an_event_that_is_refused_says_nothing_about_the_state() -> None:
    with candidate(MISTAKES["refuses-late-starts"]) as webhook:
        findings = webhook.check("late-start", "late-start-state")
    verdict = result(findings, "late-start-state").verdict
    assert verdict.state == "not judged"
    assert verdict.note.startswith("an event was not acknowledged: 409")


def test_checks_about_flow_runs_are_left_out_with_events_of_another_family() -> None:
    with candidate(CorrectConsumer) as webhook:
        findings = webhook.check("payload", "unsigned", event="segment_evaluation_job_info")
    assert {"run-state", "times-state"} <= {each.name for each in findings.left_out}
    assert named(findings, "passed") == {"answers", "unsigned"}
