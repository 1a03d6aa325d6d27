"""Commands with wrong scenarios: exit code 2, every mistake with its place, nothing sent."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from collections.abc import Callable
from itertools import islice
from pathlib import Path

import pytest
from click.testing import Result
from hypothesis import given, settings
from hypothesis import strategies as st

from flowsim.core.identifiers import EVENT_CODE_WORDS
from flowsim.errors import FlowsimError
from flowsim.story.opening import open_story

from ..cases import for_each
from ..webhook import Webhook
from .test_parser import scenarios

Flowsim = Callable[..., Result]

FORM = re.compile(r":\d+:\d+: ([\w.\[\]]+: )?[^;]+; expected .+")
"""What stands behind the name of the file in each line."""

MISTAKES = {
    "empty": b"",
    "a comment": b"# nothing yet\n",
    "null": b"null\n",
    "a list": b"- flow_run: {}\n",
    "no events": b"seed: 7\n",
    "empty events": b"events: []\n",
    "both kinds": b"events:\n  - {flow_run: {}, payload: 1}\n",
    "no kind": b"events:\n  - {after: 5s}\n",
    "repeat 0": b"events:\n  - {flow_run: {}, repeat: 0}\n",
    "percent 0": b"flow: {partial_ingestion_percent: 0}\nevents:\n  - flow_run: {}\n",
    "failed above input": b"events:\n  - flow_run: {records: {input: 1, failed: 2}}\n",
    "negative": b"events:\n  - flow_run: {records: {input: -1}}\n",
    "infinite": b"events:\n  - flow_run: {records: {input: .inf}}\n",
    "not a number": b"events:\n  - payload: [.nan]\n",
    "5,000 digits": b"seed: " + b"9" * 5000 + b"\nevents:\n  - flow_run: {}\n",
    "5,000 hexadecimal digits": b"events:\n  - payload: 0x" + b"f" * 5000 + b"\n",
    "an unknown key": b"events:\n  - {flow_run: {}, overide: {}}\n",
    "a repeated key": b"seed: 1\nseed: 2\nevents:\n  - flow_run: {}\n",
    "a key that is no text": b"1: 2\nevents:\n  - flow_run: {}\n",
    "an alias inside itself": b"events:\n  - payload: &a {b: [*a]}\n",
    "an alias of nothing": b"events:\n  - payload: *a\n",
    "a billion laughs": b"payload:\n  l0: &l0 [ha]\n"
    + b"".join(b"  l%d: &l%d [%s]\n" % (n, n, b"*l%d," % (n - 1) * 9) for n in range(1, 20)),
    "a tag": b"events:\n  - payload: !!python/object/apply:os.abort []\n",
    "a date that is none": b"events:\n  - payload: !!timestamp 2026-99-99\n",
    "a tag of something else": b"events:\n  - payload: !!bool maybe\n",
    "latin-1": "description: é\n".encode("latin-1"),
    "utf-16": "events: [payload: 1]\n".encode("utf-16"),
    "a tab": b"events:\n\t- flow_run: {}\n",
    "10,000 levels": b"{a: " * 10_000,
    "101 levels": b"events:\n  - payload: " + b"[" * 98 + b"]" * 98 + b"\n",
    "half a surrogate pair": b'events:\n  - payload: "\\ud800"\n',
    "half a surrogate pair as a key": b'events:\n  - payload: {"\\udc00": 1}\n',
    "an escape of no character": b'events:\n  - payload: "\\UFFFFFFFF"\n',
    "a bell": b"events:\n  - payload: \x07\n",
    "two documents": b"events:\n  - flow_run: {}\n---\nevents:\n  - flow_run: {}\n",
    "an unclosed list": b"events: [\n",
    "an unclosed quote": b"events: '\n",
    "digits only": b"registration: {client_id: 01234567}\nevents:\n  - flow_run: {}\n",
    "an unknown source": b"events:\n  - flow_run: {source: amazon-s4}\n",
    "an unknown error": b"events:\n  - flow_run: {status: failed, errors: [NO-1]}\n",
    "a time without zone": b"at: 2026-01-15T09:30:00\nevents:\n  - flow_run: {}\n",
}


@pytest.fixture(params=MISTAKES)
def mistaken(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    path = tmp_path / "mistaken.yaml"
    path.write_bytes(MISTAKES[request.param])
    return str(path)


def is_refusal(result: Result, name: str) -> bool:
    """Tell whether a command printed only mistakes, each in the right form, and failed."""
    lines = result.stderr.splitlines()
    return (
        result.exit_code == 2
        and result.stdout == ""
        and bool(lines)
        and all(line.startswith(name) and FORM.fullmatch(line[len(name) :]) for line in lines)
    )


def test_replay_refuses_mistakes_and_sends_nothing(
    flowsim: Flowsim, webhook: Webhook, mistaken: str
) -> None:
    result = flowsim("replay", mistaken, "--target", webhook.url)
    assert is_refusal(result, mistaken), result.output
    assert webhook.requests == []


def test_every_command_that_reads_scenarios_prints_the_same_mistakes(
    flowsim: Flowsim, mistaken: str
) -> None:
    checked, shown = flowsim("validate", mistaken), flowsim("show", mistaken)
    assert is_refusal(checked, mistaken), checked.output
    assert is_refusal(shown, mistaken), shown.output
    assert checked.stderr == shown.stderr


@pytest.mark.parametrize("name", ["empty", "latin-1", "a tab", "a tag", "repeat 0"])
def test_standard_input_is_refused_in_the_same_words(flowsim: Flowsim, name: str) -> None:
    piped = flowsim("replay", "-", input=MISTAKES[name])
    assert is_refusal(piped, "<stdin>"), piped.output


def test_a_mistake_in_any_scenario_keeps_all_from_being_sent(
    flowsim: Flowsim, webhook: Webhook, scenario: Callable[..., str]
) -> None:
    path = scenario("events: []\n")
    result = flowsim("replay", "partial", path, "--target", webhook.url)
    assert is_refusal(result, path)
    assert webhook.requests == []


def test_a_mistake_on_the_command_line_is_named_by_its_option(
    flowsim: Flowsim, webhook: Webhook
) -> None:
    result = flowsim(
        *("replay", "partial", "--target", webhook.url),
        *("--set", "flow_run.records.failed=2000", "--set", "flow.sorce=amazon-s3"),
    )
    assert (result.exit_code, result.stdout) == (2, "")
    assert sorted(result.stderr.splitlines()) == [
        "--set flow.sorce=amazon-s3: flow.sorce: unknown key 'sorce'; expected source",
        "--set flow_run.records.failed=2000: events[0].flow_run.records.failed: 2000; "
        "expected at most input (1000)",
    ]
    assert webhook.requests == []


def test_a_mistake_in_the_file_caused_by_an_option_names_it(
    flowsim: Flowsim, scenario: Callable[[str], str]
) -> None:
    """Other mistakes in the file do not name the option."""
    lines = ["flow_run: {errors: [MAPPER-3700-400], records: {input: 9, failed: 9}}", "after: 1x"]
    file = scenario(f"events:\n  - {lines[0]}\n  - {{payload: 1, {lines[1]}}}\n")
    printed = flowsim("show", file, "--set", "flow_run.records.failed=", "--set", "seed=1").stderr
    first, second = printed.splitlines()
    wanted = "errors on a run without failed records; expected records.failed above 0, or a status"
    place = f"{file}:2:24: events[0].flow_run.errors"
    assert first == f"--set flow_run.records.failed= --set seed=1: {place}: {wanted}"
    assert second.startswith(f"{file}:3:25: events[1].after: '1x'; expected ")


@pytest.mark.parametrize(
    ("option", "value", "message"),
    [
        ("--at", "yesterday", "at: 'yesterday'; expected a moment such as 2026-01-15T09:30:00Z"),
        ("--client-id", "a b", "registration.client_id: 'a b'; expected 3 to 128 letters"),
        ("--client-id", "\udcff", "registration.client_id: "),
        ("--set", "seed=-1", "seed: -1; expected a number of at least 0"),
        ("--set", "seed=0x" + "f" * 5000, ""),
        ("--set", "flow.name=[", "a [ that is not closed; expected a ]"),
        ("--set", "flow.name=!x y", "the tag !x; expected plain YAML, without tags"),
        ("--set", "flow.name=*x", "*x; expected &x before it"),
        ("--set", "sed=1", "a key that does not exist; expected a key such as seed"),
    ],
)
def test_each_wrong_option_is_refused_in_one_sentence(
    flowsim: Flowsim, option: str, value: str, message: str
) -> None:
    result = flowsim("replay", "partial", option, value)
    assert (result.exit_code, result.stdout) == (2, "")
    (line,) = result.stderr.encode("utf-8", "replace").decode().splitlines()
    assert line.startswith(f"{option} ")
    assert f": {message}" in line
    assert "; expected " in line
    assert "Input should" not in line


@pytest.mark.parametrize("name", ["partal", "", "/", "no/such.yaml", "a" * 5000])
def test_a_path_that_is_no_file_is_refused_in_one_sentence(
    flowsim: Flowsim, webhook: Webhook, name: str
) -> None:
    result = flowsim("replay", name, "--target", webhook.url)
    assert (result.exit_code, result.stdout) == (2, "")
    assert len(result.stderr.splitlines()) == 1
    assert webhook.requests == []


def test_with_json_the_summary_still_comes_last(
    flowsim: Flowsim, scenario: Callable[..., str]
) -> None:
    result = flowsim("replay", scenario("events: []\n"), "--json")
    assert result.exit_code == 2
    assert "events: an empty list; expected at least one event" in result.stderr
    (line,) = result.stdout.splitlines()
    summary = json.loads(line)
    assert (summary["type"], summary["attempts"], summary["ok"]) == ("summary", 0, False)


@pytest.mark.slow
def test_no_process_of_its_own_shows_a_traceback(tmp_path: Path) -> None:
    """All files at once, in a plain interpreter and locale."""
    everything = MISTAKES | {"10,000 lists": b"[" * 10_000}
    paths = []
    for number, (name, raw) in enumerate(everything.items()):
        path = tmp_path / f"{number}-{name.replace(' ', '-').replace(',', '')}.yaml"
        path.write_bytes(raw)
        paths.append(str(path))
    result = subprocess.run(
        [sys.executable, "-W", "error", "-m", "flowsim", "validate", *paths],
        capture_output=True,
        env=os.environ | {"LC_ALL": "C", "PYTHONUTF8": "0", "NO_COLOR": "1"},
        check=False,
        timeout=60,
    )
    lines = result.stderr.decode("ascii").splitlines()
    assert (result.returncode, result.stdout) == (2, b"")
    assert "Traceback" not in "".join(lines)
    assert {line.split(".yaml:")[0] + ".yaml" for line in lines} == set(paths)


@pytest.fixture(scope="module")
def file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("any") / "any.yaml"


@settings(max_examples=40, deadline=None)
@given(scenarios(wild=False), st.integers(0, 9))
def test_a_scenario_that_is_not_refused_can_be_delivered(
    file: Path, value: object, seed: int
) -> None:
    """Any values of known keys are refused, or make a story with notifications."""
    file.write_text(json.dumps({**value, "seed": seed}))  # type: ignore[dict-item]
    try:
        story = open_story(str(file))
    except FlowsimError:
        return
    for payload in islice(story.payloads(), 30):
        assert json.loads(payload.body)


@for_each(
    ("entry", "reason"),
    [
        (
            "marketo_activity: {activities: [Visit Webpag]}",
            "activities[0]: 'Visit Webpag'; expected Visit Webpage",
        ),
        (
            "flow_run: {attributes: {}}",
            "unknown key 'attributes'; expected it beside flow_run, not in it",
        ),
        ("cloud_manager: {after: 1m}", "expected it beside cloud_manager, not in it"),
        (
            "custom_event: {}\n  attributes: {data: {a: 1}}",
            "attributes.data: the content as an attribute; expected it in the content, or in "
            "override; null leaves it out",
        ),
        (
            'custom_event: {}\n  attributes: {"": a}',
            "attributes.: no name; expected the name of an attribute",
        ),
        ("custom_event: {}\n  event_code: ..", f"'..'; expected {EVENT_CODE_WORDS}"),
        ("custom_event: {code: -x}", f"'-x'; expected {EVENT_CODE_WORDS}"),
    ],
)
def test_a_long_list_is_told_by_what_is_near_and_a_key_by_where_it_belongs(
    entry: str, reason: str, tmp_path: Path
) -> None:
    file = tmp_path / "a.yaml"
    file.write_text(f"events:\n- {entry}\n")
    with pytest.raises(FlowsimError) as caught:
        open_story(str(file))
    assert str(caught.value).endswith(reason)
