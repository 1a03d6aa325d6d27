"""A baseline holds known failures: only others fail a run."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from flowsim.checks import baseline
from flowsim.checks.baseline import Known
from flowsim.checks.check import not_judged, passed
from flowsim.checks.findings import CheckResult, Findings
from flowsim.errors import SettingError

from ..reports.findings import findings, refused, result


def ran(*results: CheckResult) -> Findings:
    return findings(result(passed(), name="answers"), *results)


def written(seen: Findings, before: baseline.Baseline | None = None) -> baseline.Baseline:
    return baseline.updated(seen, before or {})


def test_known_failures_do_not_fail_a_run_and_new_ones_do() -> None:
    known = written(ran(refused(name="a"), refused("should", name="b")))
    seen = baseline.compared(ran(refused(name="a"), refused("should", name="b")), known)
    assert [each.known for each in seen.results] == [False, True, True]
    assert (seen.ok, seen.exit_code) == (True, 0)
    worse = baseline.compared(ran(refused(name="a"), refused(name="c")), known)
    assert (worse.ok, worse.exit_code) == (False, 1)


def test_a_known_failure_that_passes_is_gone_and_one_that_was_not_judged_is_not() -> None:
    known = written(ran(refused(name="a"), refused(name="b"), refused(name="c")))
    seen = ran(result(passed(), name="a"), result(not_judged("x"), name="b"))
    assert baseline.compared(seen, known).gone == ["a"]


def test_a_lost_event_is_another_failure_than_a_refusal() -> None:
    known = written(ran(refused(name="a")))
    lost = replace(refused(name="a"), lost=("an-id",))
    assert not baseline.compared(ran(lost), known).ok
    assert baseline.compared(ran(lost), written(ran(lost))).ok


def test_what_was_not_judged_stays_in_the_baseline() -> None:
    """So a part of the checks may be run, and the baseline written with it."""
    known = written(ran(refused(name="a"), refused(name="b"), refused(name="c")))
    part = ran(result(not_judged("x"), name="b"), result(passed(), name="c"), refused(name="d"))
    assert {*baseline.updated(part, known, ["a"])} == {"a", "b", "d"}


def test_checks_that_are_no_more_or_were_not_sent_are_named() -> None:
    """``burst`` is shipped, ``mine`` is one of the user's that was not asked for."""
    names = ["a", "b", "burst", "mine", "old"]
    known = {name: Known("It answers.") for name in names}
    seen = ran(refused(name="a"), result(not_judged("x"), name="b"))
    found = baseline.compared(seen, known, ["mine"])
    assert (found.gone, found.dropped) == ([], ["old"])
    assert found.not_compared == ["b", "burst", "mine"]
    assert {*baseline.updated(seen, known, ["mine"])} == {*names} - {"old"}


def test_a_webhook_that_does_not_answer_is_no_known_failure() -> None:
    seen = findings(refused(name="answers"), result(not_judged("x"), name="b"))
    found = baseline.compared(seen, {"answers": Known("It answers.")})
    assert (found.verdict, found.exit_code) == ("not ok", 1)


def test_the_file_has_a_line_for_each_failure_and_the_same_bytes_for_the_same_failures() -> None:
    first, second = refused(name="b"), refused(name="a")
    second = replace(second, check=replace(second.check, follows=("b",)), lost=("an-id",))
    text = baseline.text_of(written(ran(first, second)))
    assert text == (
        '{"format": "flowsim baseline 1", "known": [\n'
        '{"check": "a", "lost": true, "cause": "b", "claim": "It answers."},\n'
        '{"check": "b", "claim": "It answers."}\n'
        "]}\n"
    )
    later = ran(replace(second, elapsed=9.0, lost=("another",)), replace(first, began=5.0))
    assert baseline.text_of(written(later)) == text
    assert baseline.text_of({}) == '{"format": "flowsim baseline 1", "known": []}\n'


NAMES = st.text(st.characters(codec="utf-8"))


@given(st.dictionaries(NAMES, st.builds(Known, NAMES, st.booleans(), NAMES)))
def test_what_is_written_is_read_again(known: dict[str, Known]) -> None:
    assert baseline.known_of(json.loads(baseline.text_of(known))) == known


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        ("", "is not a baseline: Expecting value"),
        ("[1]", "its format is not 'flowsim baseline 1'"),
        ('{"type": "check"}\n{"type": "check"}', "is not a baseline: Extra data"),
        ("[" * 100_000, "is not a baseline: "),
        ('{"format": "flowsim baseline 2", "known": []}', "its format is not"),
        ('{"format": "flowsim baseline 1"}', "known is not a list"),
        ('{"format": "flowsim baseline 1", "known": [1]}', "a known failure has check, claim"),
        (
            '{"format": "flowsim baseline 1", "known": [{"check": [], "claim": ""}]}',
            "check is []",
        ),
        (b"\xff\xfe\x00", "is not a baseline: "),
    ],
)
def test_a_file_that_is_no_baseline_is_refused_with_the_remedy(
    tmp_path: Path, content: str | bytes, reason: str
) -> None:
    path = tmp_path / "known.json"
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    with pytest.raises(SettingError) as refusal:
        baseline.read(path)
    message = str(refusal.value)
    assert reason in message
    assert message.startswith(f"{path} is not a baseline: ")
    assert message.endswith("delete this one and write it with --write-baseline")
    assert "\n" not in message


def test_a_missing_file_and_a_folder_are_named(tmp_path: Path) -> None:
    with pytest.raises(SettingError, match=r"no baseline \S+/x; write it with --write-baseline"):
        baseline.read(tmp_path / "x")
    with pytest.raises(SettingError, match="a folder"):
        baseline.read(tmp_path)


def test_only_a_whole_run_makes_a_baseline() -> None:
    assert baseline.obstacle(ran(refused())) == ""
    assert baseline.obstacle(replace(ran(), finished=False)) == "not all checks were judged"
    assert baseline.obstacle(findings(refused(name="answers"))) != ""
