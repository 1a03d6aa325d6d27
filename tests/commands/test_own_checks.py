"""``flowsim check --checks`` and ``flowsim schema --checks``: a user's own checks."""

from __future__ import annotations

import json
import re
import shlex
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from click.testing import Result
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from jsonschema import Draft202012Validator
from jsonschema_rs import meta
from junitparser import JUnitXml

from flowsim.checks import catalogue, own_checks
from flowsim.checks.check_schema import json_schema
from flowsim.checks.check_spec import CheckSpec
from flowsim.checks.judges import JUDGES
from flowsim.errors import ScenarioError
from flowsim.files.yaml_documents import parse_text

from ..checks.consumers import Candidate, candidate
from ..checks.own import FAILED_IMPORT, of, shipped_check
from ..checks.test_catalogue import STORIES
from ..consumers.correct import CorrectConsumer

Flowsim = Callable[..., Result]
Write = Callable[..., str]

PAGE = (Path(__file__).parents[2] / "docs" / "own-checks.md").read_text("utf-8")

REFUSED = of("events: [{expect: rejected}]", "never-accepted", "http")


@pytest.fixture
def correct() -> Iterator[Candidate]:
    with candidate(CorrectConsumer) as running:
        yield running


@pytest.fixture
def files(scenario: Write) -> list[str]:
    return [
        *("--checks", scenario(FAILED_IMPORT, "one.yaml")),
        *("--checks", scenario(REFUSED, "two.yaml")),
    ]


def test_own_checks_are_listed_in_their_groups(flowsim: Flowsim, files: list[str]) -> None:
    listed = flowsim("check", "--list", *files).stdout.splitlines()
    assert "  never-accepted             must    A claim of our own." in listed
    lines = flowsim("check", "--list", "--json", *files).stdout.splitlines()
    assert [json.loads(line)["name"] for line in lines] == [
        check.name for check in catalogue.select(own=own_checks.read(files[1::2]), thorough=True)
    ]
    only = flowsim("check", "--list", *files, "--only", "http", "--skip", "never-accepted").stdout
    assert "never-accepted" not in only
    assert "failed-import" not in only


def test_own_checks_are_judged_and_written_like_others(
    flowsim: Flowsim, correct: Candidate, files: list[str], tmp_path: Path
) -> None:
    path, page = tmp_path / "junit.xml", tmp_path / "page.html"
    given = [correct.running.url, "--serve-keys", str(correct.keys_port), "--json", *files]
    given += ["--only", "failed-import,never-accepted", "--junit", str(path), "--html", str(page)]
    ran = flowsim("check", *given)
    assert ran.exit_code == 1
    *found, summary = map(json.loads, ran.stdout.splitlines())
    assert {each["name"]: each["verdict"] for each in found} == {
        "answers": "passed",
        "never-accepted": "failed",
        "failed-import": "passed",
    }
    assert (summary["checks"], summary["ok"]) == (3, False)
    cases = {case.name for suite in JUnitXml.fromfile(str(path)) for case in suite}
    assert {"failed-import", "never-accepted"} <= cases
    assert "never-accepted" in page.read_text("utf-8")


def test_the_command_that_checks_again_names_the_file(
    flowsim: Flowsim, correct: Candidate, scenario: Write
) -> None:
    """A secret in an address cannot be shown by curl."""
    text = of("judge: {no_parameter_ends_in: [secret]}", "no-secret", "http")
    file = scenario(text, "our checks.yaml")
    given = [f"{correct.running.url}?our_secret=1", "--serve-keys", str(correct.keys_port)]
    ran = flowsim("check", *given, "--checks", file, "--only", "no-secret", "--json")
    failed = next(each for each in map(json.loads, ran.stdout.splitlines()) if each["again"])
    words = shlex.split(failed["again"])
    assert words[words.index("--checks") + 1] == file
    again = flowsim(*words[1:], "--serve-keys", str(correct.keys_port))
    assert "✗ no-secret" in again.stdout


def test_mistakes_end_the_command_before_anything_is_sent(
    flowsim: Flowsim, scenario: Write
) -> None:
    file = scenario(of("judge: nothing") + of("level: high", "unsigned"))
    ran = flowsim("check", "http://127.0.0.1:1", "--checks", file)
    assert (ran.exit_code, ran.stdout) == (2, "")
    places = [line.split(": ")[0].removeprefix(f"{file}:") for line in ran.stderr.splitlines()]
    assert places == ["8:10", "9:1", "16:3", "16:10"]


@pytest.fixture(scope="module")
def schema() -> Draft202012Validator:
    return Draft202012Validator(json_schema())


def test_the_schema_is_valid_under_its_draft(
    flowsim: Flowsim, schema: Draft202012Validator
) -> None:
    assert json.loads(flowsim("schema", "--checks").stdout) == schema.schema
    assert schema.schema["$schema"] == Draft202012Validator.META_SCHEMA["$id"]
    meta.validate(schema.schema)


def test_the_schema_accepts_what_flowsim_accepts(schema: Draft202012Validator) -> None:
    schema.validate({name: shipped_check(name) for name in catalogue.names()})
    schema.validate(parse_text(f"x-note: 1\n{FAILED_IMPORT}", "own.yaml").value)


@pytest.mark.parametrize(
    "text",
    [
        "{}",
        "[]",
        "a: 5",
        of("judge: nothing"),
        of("events: [{}]\njudge: keys_fetched_at_most"),
        of("events: [{}]\njudge: {keys_fetched_at_most: many}"),
        of("events: [{}]\njudge: {as_expected: 1}"),
        of("events: [{faults: [nothing]}]"),
        of("events: [{flow_run: {}, payload: 1}]"),
        of("events: [5]"),
        of("events: [{}]\ncolour: red"),
        of("events: [{}]\nat_once: 21"),
        of("probes: [chalenge]\njudge: all_echoed"),
        of("events: [{}]\nregistration: {client: a}"),
        of("events: [{}]", "Our Check"),
        of("events: [{}]", group="paylod"),
        of("events: [{}]").replace("  why: It matters.\n", ""),
        of("events: [{}]").replace("https:", "ftp:"),
    ],
)
def test_the_schema_refuses_mistakes(
    text: str, schema: Draft202012Validator, scenario: Write
) -> None:
    with pytest.raises(ScenarioError):
        own_checks.read([scenario(text)])
    assert not schema.is_valid(parse_text(text, "own.yaml").value)


NUMBERS = st.integers(-1, 21) | st.sampled_from([0.5, 1e3])
PLAIN = st.none() | st.booleans() | NUMBERS | st.sampled_from(["", "a", "5s", "rejected", "{same}"])
ANY = PLAIN | st.lists(PLAIN, max_size=2) | st.dictionaries(st.sampled_from(["a", "b"]), PLAIN)
EVENTS = st.lists(
    st.fixed_dictionaries(
        {},
        optional={
            "repeat": NUMBERS,
            "after": PLAIN,
            "expect": PLAIN,
            "event_id": PLAIN,
            "faults": st.lists(st.sampled_from(["unsigned", "hang-up", {"batch": 2}]), max_size=2),
        },
    )
    | ANY,
    max_size=3,
)
PROBES = st.lists(
    st.sampled_from(["challenge", "validation", {"challenge": {"query": "a=1"}}]) | ANY, max_size=3
)
JUDGE = st.sampled_from([*JUDGES]) | st.dictionaries(st.sampled_from([*JUDGES]), ANY, max_size=1)
CHECK = st.fixed_dictionaries(
    {
        "group": st.sampled_from(["http", "load"]),
        "level": st.sampled_from(["must", "note"]),
        "claim": st.sampled_from(["A claim."]) | PLAIN,
        "why": st.just("It matters."),
        "page": st.just("https://wiki.example.com/hooks"),
        "advice": st.just("Do this."),
    },
    optional={
        "source": ANY,
        "events": EVENTS | ANY,
        "probes": PROBES | ANY,
        "judge": JUDGE | ANY,
        "age": PLAIN,
        "registration": ANY,
        "new_keys": PLAIN,
        "at_once": NUMBERS,
    },
)


@settings(max_examples=50, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(CHECK)
def test_accepted_checks_have_a_story_and_fit_the_schema(
    scenario: Write, schema: Draft202012Validator, said: dict[str, Any]
) -> None:
    try:
        (check,) = own_checks.read([scenario(json.dumps({"our-check": said}))])
    except ScenarioError:
        return
    schema.validate({"our-check": said})
    if check.events:
        assert list(STORIES.story(check).payloads())


def test_the_example_of_the_documents_works(
    flowsim: Flowsim, correct: Candidate, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    text, commands = re.findall(r"```\w.*?\n(.*?)```", PAGE, re.DOTALL)
    Path("checks.yaml").write_text(text, "utf-8")
    for line in commands.splitlines():
        words = shlex.split(line.partition(" > ")[0].replace("3000/hook", correct.running.url))[1:]
        words += ["--serve-keys", str(correct.keys_port)] if "--only" in words else []
        assert flowsim(*words).exit_code == 0
    names = {check.name for check in own_checks.read(["checks.yaml"])}
    processed = ["--processed", correct.running.processed, "--only", ",".join(names)]
    given = [correct.running.url, "--serve-keys", str(correct.keys_port), "--checks", "checks.yaml"]
    ran = flowsim("check", *given, *processed)
    assert "3 checks: 3 passed" in ran.stdout


def test_the_documents_name_every_judge_and_every_key() -> None:
    named = re.findall(r"^\| (`.*?) \|", PAGE, re.MULTILINE)
    words = {word for line in named for word in re.findall(r"`(\w+)", line)}
    assert words == {*JUDGES, *CheckSpec.model_fields}
