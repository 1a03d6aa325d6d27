"""The last line of ``flowsim check`` and its exit code never contradict each other."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import Result

from flowsim.checks import pace

from ..checks.consumers import Candidate, candidate
from ..consumers.correct import CorrectConsumer
from ..consumers.losing import MISTAKES as LOSING
from ..consumers.mistakes import MISTAKES

Flowsim = Callable[..., Result]

NOTED = """
noted-once:
  group: payload
  level: note
  claim: An event that comes twice is processed once.
  why: It is only a note.
  page: https://example.com/
  advice: Remember it.
  events: [{faults: [duplicate]}]
  judge: processed_once
"""

NOTED_FAILURE = """
noted-failure:
  group: payload
  level: note
  claim: A failed run is taken.
  why: It is only a note.
  page: https://example.com/
  advice: Process it.
  events: [{flow_run: {status: failed}}]
"""
"""Its events are acknowledged, and lost by a webhook that drops failed runs."""


@pytest.fixture(autouse=True)
def few_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pace, "AT_ONCE", 5)


def check(
    flowsim: Flowsim, webhook: Candidate, *given: str, processed: bool = False
) -> tuple[str, str, int]:
    """Return the word about idempotency, the verdict, and the exit code of a check."""
    asks = ["--processed", webhook.running.processed, "--settle", "100ms"] if processed else []
    keys = ["--serve-keys", str(webhook.keys_port), "--seed", "7"]
    result = flowsim("check", webhook.running.url, *keys, *asks, *given)
    *_, idempotency, verdict = result.stdout.splitlines()
    return idempotency.removeprefix("idempotency: "), verdict, result.exit_code


def with_mistake(flowsim: Flowsim, name: str, *given: str, processed: bool = False) -> object:
    with candidate(MISTAKES[name]) as webhook:
        return check(flowsim, webhook, *given, processed=processed)


def test_ok_if_every_must_was_judged(flowsim: Flowsim) -> None:
    with candidate(CorrectConsumer) as webhook:
        found = check(flowsim, webhook, "--only", "unsigned,duplicate", processed=True)
    assert found == ("SAFE", "ok", 0)


def test_no_mistake_found_if_some_were_not(flowsim: Flowsim) -> None:
    given = ("--only", "unsigned,duplicate,late-duplicate")
    with candidate(CorrectConsumer) as webhook:
        found = check(flowsim, webhook, *given)
        strict = check(flowsim, webhook, *given, "--require-judged")
    assert found == ("not judged", "no mistake found; 2 claims not judged", 0)
    assert strict == ("not judged", "not ok; 2 claims of level must not judged", 1)


def test_what_need_not_be_judged_leaves_it_ok(flowsim: Flowsim) -> None:
    """A webhook that takes no batches need not know them."""
    found = with_mistake(flowsim, "wants-one-event", "--only", "unsigned,batch-tampered")
    assert found == ("not judged", "ok", 0)


def test_could_not_judge_if_nothing_was_judged(flowsim: Flowsim) -> None:
    with candidate(CorrectConsumer) as webhook:
        found = check(flowsim, webhook, "--only", "duplicate")
    assert found == ("not judged", "could not judge; 1 claim not judged", 2)


def test_not_ok_if_a_must_failed(flowsim: Flowsim) -> None:
    found = with_mistake(flowsim, "lets-unsigned-in", "--only", "unsigned")
    assert found == ("not judged", "not ok", 1)


def test_a_failed_should_counts_only_in_a_strict_run(flowsim: Flowsim) -> None:
    given = ("--only", "unsigned,recipient-missing")
    found = with_mistake(flowsim, "compares-recipient-if-named", *given)
    strict = with_mistake(flowsim, "compares-recipient-if-named", *given, "--strict")
    assert found == ("not judged", "ok; 1 of level should failed", 0)
    assert strict == ("not judged", "not ok", 1)


def test_an_unsafe_webhook_is_not_ok_even_if_the_check_is_a_should(flowsim: Flowsim) -> None:
    found = with_mistake(flowsim, "takes-first-of-batch", "--only", "batch-each", processed=True)
    assert found == ("UNSAFE", "not ok", 1)


def test_an_unsafe_webhook_is_not_ok_even_if_the_check_is_a_note(
    flowsim: Flowsim, tmp_path: Path
) -> None:
    file = tmp_path / "own.yaml"
    file.write_text(NOTED, encoding="utf-8")
    given = ("--checks", str(file), "--only", "noted-once")
    for name in ("never-remembers", "only-acknowledges"):
        assert with_mistake(flowsim, name, *given, processed=True) == ("UNSAFE", "not ok", 1)


def test_programs_read_the_same_verdict(flowsim: Flowsim) -> None:
    with candidate(MISTAKES["takes-ten-events"]) as webhook:
        only = ("--only", "batch-of-one,batch-tampered,batch-of-twenty,duplicate")
        keys = ("--serve-keys", str(webhook.keys_port))
        result = flowsim("check", webhook.running.url, *keys, *only, "--json")
    lines = [json.loads(line) for line in result.stdout.splitlines()]
    checks, summary = {each["name"]: each for each in lines[:-1]}, lines[-1]
    assert checks["batch-of-twenty"]["level"] == "must"
    assert checks["batch-of-twenty"]["since"] == "the webhook takes batches"
    assert (summary["verdict"], summary["ok"], summary["exit_code"]) == ("not ok", False, 1)
    assert summary["failed"] == {"must": 1, "should": 0, "note": 0}
    assert summary["unjudged"] == ["duplicate"]


def test_a_lost_event_is_not_ok_even_if_the_check_is_a_note(
    flowsim: Flowsim, tmp_path: Path
) -> None:
    file = tmp_path / "own.yaml"
    file.write_text(NOTED_FAILURE, encoding="utf-8")
    given = ("--checks", str(file), "--only", "noted-failure")
    with candidate(LOSING["drops-failed-runs"]) as webhook:
        asked = check(flowsim, webhook, *given, processed=True)
        unasked = check(flowsim, webhook, *given)
    assert asked == ("not judged", "not ok", 1)
    assert unasked == ("not judged", "ok", 0)
