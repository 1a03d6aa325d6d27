"""Verdicts of checks, and what follows from all of them: a few words and an exit code."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from flowsim.checks.check import failed, not_judged, passed
from flowsim.checks.findings import CheckResult

from ..reports.findings import findings, result

ANSWERS = result(passed(), name="answers")
PASSED, UNJUDGED = result(passed()), result(not_judged("why"))
FAILED, LAX, NOTED = (result(failed("200", "500"), level) for level in ("must", "should", "note"))
UNJUDGED_SHOULD = result(not_judged("why"), "should")
LOST = replace(result(failed("processed", "never"), "note"), lost=("an-id",))
NOW_A_MUST = replace(LAX, since="the webhook takes batches")
UNJUDGED_MUST = replace(UNJUDGED_SHOULD, since="the webhook takes batches")


def once(each: CheckResult) -> CheckResult:
    """Return a result of a check that judges whether events are processed once."""
    return replace(each, check=replace(each.check, judges_once=True))


@pytest.mark.parametrize(
    ("results", "words", "code"),
    [
        ([ANSWERS], "ok", 0),
        ([ANSWERS, PASSED], "ok", 0),
        ([ANSWERS, PASSED, NOTED], "ok", 0),
        ([ANSWERS, PASSED, LAX, NOTED], "ok; 1 of level should failed", 0),
        ([ANSWERS, LAX, LAX, UNJUDGED_SHOULD], "ok; 2 of level should failed", 0),
        ([ANSWERS, PASSED, UNJUDGED_SHOULD], "ok", 0),
        ([ANSWERS, PASSED, UNJUDGED], "no mistake found; 1 claim not judged", 0),
        ([ANSWERS, PASSED, UNJUDGED_MUST], "no mistake found; 1 claim not judged", 0),
        (
            [ANSWERS, PASSED, UNJUDGED, UNJUDGED_SHOULD],
            "no mistake found; 2 claims not judged",
            0,
        ),
        ([ANSWERS, LAX, UNJUDGED], "no mistake that counts; 1 claim not judged", 0),
        ([ANSWERS, FAILED], "not ok", 1),
        ([ANSWERS, FAILED, UNJUDGED], "not ok", 1),
        ([ANSWERS, PASSED, NOW_A_MUST], "not ok", 1),
        ([ANSWERS, PASSED, LOST], "not ok", 1),
        ([ANSWERS, PASSED, once(LAX)], "not ok", 1),
        ([ANSWERS, PASSED, once(NOTED)], "not ok", 1),
        ([FAILED, UNJUDGED], "not ok", 1),
        ([ANSWERS, UNJUDGED], "could not judge; 1 claim not judged", 2),
        ([ANSWERS, UNJUDGED, UNJUDGED_SHOULD], "could not judge; 2 claims not judged", 2),
        ([UNJUDGED], "could not judge; 1 claim not judged", 2),
    ],
)
def test_words_and_exit_code_follow_from_the_verdicts(
    results: Sequence[CheckResult], words: str, code: int
) -> None:
    seen = findings(*results)
    assert (seen.verdict, seen.exit_code, seen.ok) == (words, code, code == 0)


@pytest.mark.parametrize(
    ("results", "words", "code"),
    [
        ([ANSWERS, PASSED], "ok", 0),
        ([ANSWERS, PASSED, UNJUDGED_SHOULD], "ok", 0),
        ([ANSWERS, PASSED, UNJUDGED], "not ok; 1 claim of level must not judged", 1),
        ([ANSWERS, PASSED, UNJUDGED_MUST], "not ok; 1 claim of level must not judged", 1),
        ([ANSWERS, FAILED, UNJUDGED], "not ok", 1),
        ([ANSWERS, UNJUDGED], "could not judge; 1 claim not judged", 2),
    ],
)
def test_a_must_that_has_to_be_judged_fails_the_run(
    results: Sequence[CheckResult], words: str, code: int
) -> None:
    seen = replace(findings(*results), require_judged=True)
    assert (seen.verdict, seen.exit_code, seen.ok) == (words, code, code == 0)


def test_only_in_a_strict_run_does_every_should_count() -> None:
    assert findings(ANSWERS, LAX, strict=True).exit_code == 1
    assert findings(ANSWERS, NOTED, strict=True).exit_code == 0


def test_unknown_counts_end_with_2_unless_a_failure_counts() -> None:
    problem = "--processed answers 500"
    for each in (FAILED, LOST, once(LAX)):
        seen = findings(ANSWERS, each, problem=problem)
        assert (seen.verdict, seen.exit_code) == ("not ok", 1)
    seen = findings(ANSWERS, PASSED, LAX, UNJUDGED, problem=problem)
    assert (seen.verdict, seen.exit_code) == ("could not judge; 1 claim not judged", 2)


@pytest.mark.parametrize(
    ("results", "words"),
    [
        ([PASSED, FAILED], "no new mistake; 1 known"),
        ([PASSED, LOST, once(FAILED)], "no new mistake; 2 known"),
        ([FAILED, UNJUDGED, UNJUDGED], "no new mistake; 1 known; 2 claims not judged"),
        ([FAILED, UNJUDGED_SHOULD], "no new mistake; 1 known"),
    ],
)
def test_a_run_with_known_failures_is_not_called_ok(
    results: Sequence[CheckResult], words: str
) -> None:
    known = [replace(each, known=each.verdict.state == "failed") for each in results]
    seen = findings(ANSWERS, *known)
    assert (seen.verdict, seen.exit_code) == (words, 0)
    milder = findings(ANSWERS, *known, LAX)
    assert milder.verdict == words.replace("mistake", "mistake that counts")
    assert findings(ANSWERS, *known, once(LAX)).verdict == "not ok"


def test_checks_about_other_families_do_not_count_as_unjudged() -> None:
    seen = replace(findings(ANSWERS, PASSED), left_out=[UNJUDGED.check])
    assert seen.verdict == "ok"


def test_a_stopped_run_is_never_ok() -> None:
    seen = replace(findings(ANSWERS, PASSED, UNJUDGED), stopped=True)
    assert (seen.verdict, seen.exit_code) == ("stopped; 1 claim not judged", 130)
    assert not seen.ok


def test_a_failure_that_counts_comes_before_the_end_by_ctrl_c() -> None:
    seen = replace(findings(ANSWERS, FAILED, UNJUDGED, problem="no answer"), stopped=True)
    assert (seen.verdict, seen.exit_code) == ("not ok", 1)


VERDICTS = st.lists(st.sampled_from([PASSED, UNJUDGED, FAILED, LAX, NOTED, LOST, once(LAX)]))


@given(VERDICTS, st.sets(st.sampled_from(["stopped", "problem", "require_judged", "strict"])))
def test_words_and_exit_code_never_contradict_each_other(
    results: list[CheckResult], circumstances: set[str]
) -> None:
    given = {name: True if name != "problem" else "no answer" for name in circumstances}
    seen = replace(findings(ANSWERS, *results), **given)
    codes = {"ok": 0, "no": 0, "not": 1, "could": 2, "stopped": 130}
    assert seen.exit_code == codes[seen.verdict.split(";")[0].split()[0]]
    assert not seen.failures or seen.exit_code == 1


@pytest.mark.parametrize(
    ("results", "word"),
    [
        ([once(PASSED)], "SAFE"),
        ([once(PASSED), once(UNJUDGED_SHOULD)], "SAFE"),
        ([once(PASSED), once(UNJUDGED)], "not judged"),
        ([once(PASSED), once(UNJUDGED_MUST)], "not judged"),
        ([once(UNJUDGED_SHOULD)], "not judged"),
        ([PASSED, FAILED], "not judged"),
        ([once(PASSED), once(UNJUDGED), once(NOTED)], "UNSAFE"),
    ],
)
def test_idempotency_is_judged_over_all_checks_that_decide_about_it(
    results: Sequence[CheckResult], word: str
) -> None:
    assert findings(ANSWERS, *results).idempotency == word
