"""The fast part of ``make verdicts``: its lists are whole, and its parts judge as they say."""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import replace

import pytest

from flowsim.checks import catalogue

from ..free_ports import free_port
from ..independent.starting import listed, running
from ..webhook import Webhook, status
from . import correct, independent, mistakes
from .checking import CLIENT_ID, Place, Seen, check
from .node_mistakes import FILES, HERE, IN_NODE, is_there
from .side_by_side import side_by_side
from .slow_keys import asked, slow_keys

NOTHING = Seen({}, {}, frozenset(), frozenset(), 0, 10.0, 10.0, "")
IN_PYTHON, IN_JAVASCRIPT = "django_no_recipient", "http_key_path_unchecked"


def test_each_check_has_a_mistake_that_is_about_it() -> None:
    cases = mistakes.cases()
    assert {name for case in cases for name in case.about} == {*catalogue.names()}
    frameworks = Counter(case.framework for case in cases)
    assert {*mistakes.PYTHON, *IN_NODE} <= {*frameworks}
    assert min(frameworks[each] for each in IN_NODE) >= 10


def test_the_lists_of_mistakes_name_those_of_their_files() -> None:
    for framework, names in IN_NODE.items():
        text = (HERE / FILES[framework]).read_text()
        found = re.findall(r"^  '?([a-z-]+)'?: \(\) => ", text, re.MULTILINE)
        assert {*found} - {"nothing"} == {*names}


def test_each_independent_mistake_names_the_checks_about_it() -> None:
    mistaken = [each for each in listed() if "mistake" in each]
    assert {name for each in mistaken for name in each["caught_by"]} <= {*catalogue.names()}
    first = Counter(each["at_first"] for each in mistaken)
    assert first == {"caught": 11, "should": 4, "missed": 12}


@pytest.mark.slow
@pytest.mark.parametrize("name", [IN_PYTHON, IN_JAVASCRIPT])
def test_a_webhook_written_from_the_protocol_alone_is_caught(name: str) -> None:
    if name == IN_JAVASCRIPT and not is_there():
        pytest.skip("no Node")
    webhook = next(each for each in listed() if each["name"] == name)
    port = free_port()
    with running(name, port, CLIENT_ID=CLIENT_ID) as started:
        place = Place(started.url, port, started.restart)
        only = [*webhook["caught_by"], "retries", "header-case"]
        seen = check(place, only=only, settle=0.1, state=None)
    assert independent.Judged(webhook, seen).is_right
    assert {*seen.failed} == {*webhook["caught_by"]}


def test_only_checks_about_speed_may_fail_a_slow_webhook() -> None:
    case = correct.Case("correct_flask")
    slow = replace(NOTHING, failed={"burst": "must"}, about_speed=frozenset(["burst"]), exit_code=1)
    lost = replace(NOTHING, failed={"duplicate": "must"}, exit_code=1)
    unknown = replace(NOTHING, exit_code=2, problem="--processed does not answer")
    judged = [correct.Judged(case, each).is_blamed for each in (NOTHING, slow, lost, unknown)]
    assert judged == [False, False, True, True]


def test_an_announced_time_is_right_within_a_factor_of_two() -> None:
    times = [(100.0, 199.0), (100.0, 201.0), (100.0, 49.0), (2.0, 5.0)]
    case = correct.Case("correct_flask")
    runs = [replace(NOTHING, took=took, announced=announced) for took, announced in times]
    assert [correct.Judged(case, run).is_estimated for run in runs] == [True, False, False, True]


def test_a_check_that_catches_no_webhook_is_named() -> None:
    case = mistakes.Case("Flask", "lets-unsigned-in", ("unsigned", "burst"))
    seen = replace(NOTHING, failed={"unsigned": "must"})
    result = mistakes.Result({case: seen}, ["unsigned", "burst"])
    assert result.uncaught == ["burst"]
    assert result.missed == ["lets-unsigned-in in Flask does not fail burst"]
    assert [line.split(maxsplit=1)[1] for line in result.table()] == [
        "lets-unsigned-in in Flask, alone",
        "caught by NO webhook",
    ]


def test_runs_side_by_side_end_within_their_limit() -> None:
    assert {*side_by_side(abs, [-1, 2, -3], 2, 60.0)} == {(-1, 1), (2, 2), (-3, 3)}
    with pytest.raises(TimeoutError, match="not all runs ended within 0 s"):
        [*side_by_side(abs, [-1], 1, 0.0)]


def test_a_slow_key_host_answers_what_the_other_one_answers() -> None:
    with Webhook([status(404, "no key")]) as keys, slow_keys(keys.port, 0.0) as port:
        assert asked(f"http://127.0.0.1:{port}/prod/keys/a.pem") == (404, b"no key")
    assert keys.requests[0].line.startswith("GET /prod/keys/a.pem ")
