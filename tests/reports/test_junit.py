"""JUnit XML of a check, read by a library that others read theirs with."""

from __future__ import annotations

import re
from dataclasses import replace
from xml.etree import ElementTree

import pytest
from hypothesis import given
from hypothesis import strategies as st
from junitparser import Error, Failure, JUnitXml, Skipped, TestCase, TestSuite

from flowsim.checks.check import not_judged, passed
from flowsim.checks.findings import Findings
from flowsim.reports.formats.junit import findings_document

from .findings import URL, findings, refused, result, some


def suite_of(seen: Findings) -> TestSuite:
    (text,) = findings_document(seen)
    (suite,) = JUnitXml.fromstring(text.encode())
    return suite


def cases(seen: Findings) -> dict[str, TestCase]:
    return {case.name: case for case in suite_of(seen)}


def kinds(case: TestCase) -> list[type]:
    return [type(each) for each in case.result]


def test_each_check_is_a_case_of_its_group_and_counted_once() -> None:
    suite = suite_of(findings(*some()))
    assert [(case.classname, case.name, case.time) for case in suite] == [
        ("http", "answers", 0.5),
        ("http", "refuses", 0.5),
        ("http", "lags", 0.5),
        ("identity", "blind", 0.5),
    ]
    assert (suite.tests, suite.failures, suite.errors, suite.skipped) == (4, 1, 0, 1)
    counted = (suite.tests, suite.failures, suite.errors, suite.skipped)
    suite.update_statistics()
    assert (suite.tests, suite.failures, suite.errors, suite.skipped) == counted


def test_a_failure_says_all_that_the_terminal_says() -> None:
    (failure,) = cases(findings(*some()))["refuses"].result
    assert isinstance(failure, Failure)
    assert failure.type == "must"
    assert failure.message == "It answers. Expected 200; received 500 'no'"
    assert failure.text is not None
    names = [line.split()[0] for line in failure.text.splitlines()]
    assert names == ["sent", "expected", "received", "why", "do", "again"]
    assert "https://example.com/page" in failure.text
    assert failure.text.endswith("again    flowsim check 3000/hook --again refuses --seed 7")


def test_a_should_check_is_a_failure_only_with_strict() -> None:
    lenient, strict = cases(findings(*some())), cases(findings(*some(), strict=True))
    assert kinds(lenient["lags"]) == []
    assert "failed, which does not count at this level" in lenient["lags"].system_out
    assert "received 500 'no'" in lenient["lags"].system_out
    assert kinds(strict["lags"]) == [Failure]


@pytest.mark.parametrize("strict", [False, True])
def test_a_note_that_failed_is_never_a_failure(strict: bool) -> None:
    case = cases(findings(refused("note"), strict=strict))["refuses"]
    assert kinds(case) == []
    assert "failed, which does not count" in case.system_out


def test_a_check_without_a_verdict_is_skipped_with_its_reason() -> None:
    (skipped,) = cases(findings(*some()))["blind"].result
    assert isinstance(skipped, Skipped)
    assert skipped.message == "not judged: it takes --processed"


def test_a_passed_check_says_what_it_saw() -> None:
    case = cases(findings(*some()))["answers"]
    assert kinds(case) == []
    assert case.system_out == "must: It answers.\np99 5 ms"


def test_a_stopped_run_is_an_error_even_without_failures() -> None:
    unjudged = result(not_judged("the checks were stopped before"))
    seen = replace(findings(result(passed()), unjudged, finished=False), stopped=True)
    (error,) = cases(seen)["all-checks-sent"].result
    assert isinstance(error, Error)
    assert error.message == "not all sent: the checks were stopped before"
    assert suite_of(seen).errors == 1


def test_a_failed_processed_address_is_an_error_of_its_own() -> None:
    seen = findings(result(passed()), problem="--processed answers 500 '\x00'")
    (error,) = cases(seen)["processed-told"].result
    assert isinstance(error, Error)
    assert error.message == r"--processed answers 500 '\x00'"
    assert (suite_of(seen).errors, suite_of(seen).failures) == (1, 0)


def test_each_option_that_did_not_answer_is_a_case_named_by_it() -> None:
    seen = findings(result(passed()), problem="--state answers 500")
    both = cases(replace(seen, unanswered=["--state", "--processed"]))
    said = {name: case.result[0].message for name, case in both.items() if case.result}
    assert said == {
        "state-told": "--state answers 500",
        "processed-told": "--processed did not answer for all events",
    }
    assert [*cases(replace(seen, unanswered=["--state"]))] == ["a-check", "state-told"]


def test_a_run_in_which_nothing_was_judged_is_an_error() -> None:
    seen = findings(result(passed(), name="answers"), result(not_judged("it takes --processed")))
    (error,) = cases(seen)["anything-judged"].result
    assert isinstance(error, Error)
    assert error.message == "could not judge; 1 claim not judged"


def test_a_must_that_has_to_be_judged_is_a_failure_if_it_is_not() -> None:
    seen = replace(findings(*some()), require_judged=True)
    (failure,) = cases(seen)["blind"].result
    assert isinstance(failure, Failure)
    assert failure.message == "It answers. Not judged: it takes --processed"


def test_the_suite_says_how_to_run_it_again() -> None:
    found = {each.name: each.value for each in suite_of(findings(*some())).properties()}
    assert found == {
        "headline": "This webhook loses events: 2 mistakes.",
        "url": URL,
        "client id": "a" * 32,
        "seed": "7",
        "strict": "false",
        "idempotency": "not judged",
        "verdict": "not ok",
    }


@given(st.text(st.characters()))
def test_the_file_can_be_read_with_any_answer_of_a_webhook(text: str) -> None:
    seen = findings(refused(received=text), result(not_judged(text), name="blind"))
    assert [*cases(seen)] == ["refuses", "blind"]


def test_known_failures_pass_with_a_note() -> None:
    case = cases(findings(replace(refused(), known=True)))["refuses"]
    assert kinds(case) == []
    assert case.system_out is not None
    assert "failed, which is known, by the baseline" in case.system_out


SCHEMA = {
    "testsuites": ({"name", "time", "tests", "failures", "errors"}, {"testsuite"}),
    "testsuite": (
        {"name", "tests", "failures", "errors", "time", "skipped"},
        {"properties", "testcase"},
    ),
    "properties": (set(), {"property"}),
    "property": ({"name", "value"}, set()),
    "testcase": ({"name", "time", "classname"}, {"skipped", "error", "failure", "system-out"}),
    "failure": ({"type", "message"}, set()),
    "error": ({"type", "message"}, set()),
    "skipped": ({"message"}, set()),
    "system-out": (set(), set()),
}
"""Element → its attributes and children: what we write of Jenkins' ``junit-10.xsd``."""


def every_kind() -> Findings:
    """Return findings with each kind of case, and more than an hour of time."""
    seen = findings(*some(), replace(refused(name="k"), known=True), finished=False, problem="x")
    return replace(seen, elapsed=4321.0987)


def test_elements_and_attributes_are_those_of_the_schema_of_jenkins() -> None:
    (text,) = findings_document(every_kind())
    root = ElementTree.fromstring(text)
    assert {each.tag for each in root.iter()} == {*SCHEMA}
    for each in root.iter():
        attributes, children = SCHEMA[each.tag]
        assert {*each.attrib} <= attributes
        assert {child.tag for child in each} <= children
        if "time" in each.attrib:  # without an exponent, and with at most three decimals
            assert re.fullmatch(r"[0-9]+(\.[0-9]{0,3})?", each.attrib["time"])
    for name in ("testcase", "testsuite", "property"):
        assert all("name" in each.attrib for each in root.iter(name))
    (suite,) = root
    assert {"tests", "failures", "errors"} <= {*suite.attrib}


def test_each_case_has_what_gitlab_shows() -> None:
    (text,) = findings_document(every_kind())
    for case in ElementTree.fromstring(text).iter("testcase"):
        assert {"classname", "name", "time"} <= {*case.attrib}
        for kind in ("failure", "error", "skipped"):
            assert all(each.get("message") for each in case.iter(kind))
        assert all(each.text for each in case.iter("failure"))
