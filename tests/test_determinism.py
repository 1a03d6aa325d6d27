"""The same file, seed and beginning make the same story anywhere; only signatures differ."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from click.testing import Result

from flowsim.files import yaml_documents
from flowsim.installation import keys, settings
from flowsim.scenario import files as scenario_files
from flowsim.story.opening import open_story

from .cases import for_each, one_in

Command = Callable[..., Result]
Write = Callable[[str], str]
Json = dict[str, Any]

STORY = """
description: Something of everything, é.
seed: 7
at: 2026-01-15T09:30:00Z
flow: {partial_ingestion_percent: 5}
events:
  - flow_run: {source: mysql, name: Bestellungen für März}
    repeat: 3
    after: 1s
  - flow_run: {records: {input: 1000, failed: 30}, errors: [MAPPER-3700-400, INGEST-1401-400]}
    run: a
  - flow_run: {source: snowflake, status: failed, stage: copy}
    after: 2h
  - flow_run: {status: failed}
    run: a
    override: {b: 1, a: {d: 1, c: 2}}
  - payload: {any: [json, "é"], z: 1, a: 2}
"""
UNSEEDED = "at: 2026-01-15T09:30:00Z\nevents: [{flow_run: {}}, {flow_run: {status: failed}}]\n"
SEEDED = f"seed: 7\n{UNSEEDED}"
ELSEWHERE = {
    "another hash seed and time zone": {"PYTHONHASHSEED": "1", "TZ": "Pacific/Chatham"},
    "no hash seed, another locale": {
        "PYTHONHASHSEED": "random",
        "LC_ALL": "C",
        "PYTHONUTF8": "0",
        "PYTHONCOERCECLOCALE": "0",
    },
    "Turkish": {"LC_ALL": "tr_TR.UTF-8", "LANG": "tr_TR.UTF-8", "TZ": "Asia/Kathmandu"},
}


def shown(flowsim: Command, *arguments: str) -> list[Json]:
    """Return headers and body of each delivery, without signatures and key paths."""
    result = flowsim("show", "--as", "json", *arguments)
    assert result.exit_code == 0, result.stderr
    return unsigned(result.stdout)


def unsigned(lines: str) -> list[Json]:
    deliveries = [json.loads(line) for line in lines.splitlines()]
    for delivery in deliveries:
        delivery["headers"] = {
            name: value
            for name, value in delivery["headers"].items()
            if not re.search(r"digital-signature|public-key", name)
        }
    return deliveries


def shown_elsewhere(arguments: list[str], cwd: Path, **environment: str) -> str:
    said = subprocess.run(
        [sys.executable, "-m", "flowsim", *arguments],
        cwd=cwd,
        env={**os.environ, "PYTHONHASHSEED": "0", "TZ": "UTC", "LC_ALL": "C.UTF-8", **environment},
        capture_output=True,
        check=True,
    )
    return said.stdout.decode("utf-8")


def ids_of(delivery: Json) -> list[str]:
    names = ("x-adobe-event-id", "x-adobe-delivery-id")
    return [delivery["headers"][name] for name in names]


def without_ids(deliveries: list[Json]) -> list[Json]:
    """Return deliveries without the ids of envelope and headers."""
    texts = []
    for delivery in deliveries:
        text = json.dumps(delivery)
        for each in ids_of(delivery):
            text = text.replace(each, "")
        texts.append(json.loads(text))
    return texts


# The same everywhere


@pytest.mark.parametrize("environment", one_in(3, ELSEWHERE.values()))
def test_bodies_event_ids_and_delivery_ids_are_the_same_in_any_process(
    environment: dict[str, str], scenario: Write, tmp_path: Path, flowsim: Command
) -> None:
    path = scenario(STORY)
    cwd = tmp_path / "elsewhere"
    cwd.mkdir()
    lines = shown_elsewhere(["show", path, "--as", "json"], cwd, **environment)
    assert unsigned(lines) == shown(flowsim, path)


def test_folder_file_name_and_layout_do_not_change_the_story(
    tmp_path: Path, flowsim: Command
) -> None:
    """Comments, order of keys and the folder of the file have no effect."""
    value = yaml_documents.parse_text(STORY, "story").value
    shuffled = dict(sorted(value.items(), reverse=True))
    (tmp_path / "inner").mkdir()
    one, other = tmp_path / "one.yaml", tmp_path / "inner" / "other.yml"
    one.write_text(STORY, encoding="utf-8")
    shuffled["x-mine"] = [1]
    other.write_text(f"# mine\n{json.dumps(shuffled, indent=3)}\n", encoding="utf-8")
    assert shown(flowsim, str(one)) == shown(flowsim, str(other))


def test_a_replay_sends_what_show_shows(scenario: Write, flowsim: Command) -> None:
    path = scenario(STORY)
    lines = flowsim("replay", path, "--json").stdout.splitlines()
    attempts = [line for line in map(json.loads, lines) if line["type"] == "attempt"]
    deliveries = shown(flowsim, path)
    assert sorted([each["event_id"], each["delivery_id"]] for each in attempts) == sorted(
        map(ids_of, deliveries)
    )


def test_a_story_gives_the_same_bytes_twice(scenario: Write) -> None:
    story = open_story(scenario(STORY))
    assert list(story.payloads()) == list(story.payloads())


def test_a_story_is_the_same_with_other_keys(
    scenario: Write, own_home: Path, flowsim: Command
) -> None:
    """Signatures and key names belong to the installation."""
    path = scenario(STORY)
    before = shown(flowsim, path)
    signed = flowsim("show", path, "--as", "json").stdout
    keys.rotate(settings.keys_folder(), 1)
    assert own_home in settings.keys_folder().parents
    assert flowsim("show", path, "--as", "json").stdout != signed
    assert shown(flowsim, path) == before


@for_each("name", scenario_files.shipped())
def test_every_shipped_scenario_is_the_same_twice(name: str) -> None:
    one, other = ([each.body for each in open_story(name).payloads()] for _ in range(2))
    assert one == other


# What changes it


def test_another_seed_is_another_story_at_the_same_time(scenario: Write, flowsim: Command) -> None:
    path = scenario(STORY)
    one, other = shown(flowsim, path), shown(flowsim, path, "--seed", "8")
    assert len(one) == len(other)
    for first, second in zip(one, other, strict=True):
        assert set(ids_of(first)).isdisjoint(ids_of(second))
    assert all(a["body"] != b["body"] for a, b in zip(one, other, strict=True))


def test_a_seed_on_the_command_line_is_the_seed_of_the_file(
    scenario: Write, flowsim: Command
) -> None:
    path = scenario(STORY)
    assert shown(flowsim, path, "--seed", "7") == shown(flowsim, path)


def test_a_moment_on_the_command_line_is_the_moment_of_the_file(
    scenario: Write, flowsim: Command
) -> None:
    path = scenario(STORY)
    assert shown(flowsim, path, "--at", "2026-01-15T09:30:00Z") == shown(flowsim, path)


def test_fresh_gives_new_ids_and_leaves_everything_else(scenario: Write, flowsim: Command) -> None:
    path = scenario(STORY)
    known, fresh, again = shown(flowsim, path), *(shown(flowsim, path, "--fresh") for _ in "ab")
    for pair in ((known, fresh), (fresh, again)):
        for first, second in zip(*pair, strict=True):
            assert set(ids_of(first)).isdisjoint(ids_of(second))
        assert without_ids(pair[0]) == without_ids(pair[1])


def test_fresh_gives_new_ids_to_cloud_events_too(scenario: Write, flowsim: Command) -> None:
    path = scenario(f"{STORY}registration: {{event_delivery_format: cloud_events}}\n")
    known, fresh = shown(flowsim, path), shown(flowsim, path, "--fresh")
    for one, other in zip(known, fresh, strict=True):
        first, second = json.loads(one["body"]), json.loads(other["body"])
        changed = {name for name in first if first[name] != second[name]}
        assert changed == {"id", "eventid", "event_id"}


def test_fresh_replaces_event_ids_that_the_file_states(scenario: Write, flowsim: Command) -> None:
    path = scenario("seed: 1\nat: 2026-01-15T09:30:00Z\nevents: [{payload: 1, event_id: mine}]\n")
    ((known, _), (fresh, _)) = (
        ids_of(shown(flowsim, path, *option)[0]) for option in ((), ("--fresh",))
    )
    assert known == "mine"
    assert fresh != "mine"


# Without a seed


def test_without_a_seed_one_is_drawn_so_stories_differ(scenario: Write, flowsim: Command) -> None:
    path = scenario(UNSEEDED)
    seeds = {open_story(path).seed for _ in range(4)}
    bodies = {flowsim("show", path, "--as", "body").stdout for _ in range(4)}
    assert len(seeds) > 1
    assert len(bodies) > 1


@pytest.mark.parametrize(
    ("text", "option"),
    [(UNSEEDED, []), (UNSEEDED, ["--seed", "random"]), (SEEDED, ["--seed", "random"])],
    ids=["no seed", "no seed, random", "a seed, random"],
)
def test_a_seed_that_was_drawn_is_shown_and_repeats_the_replay(
    text: str, option: list[str], scenario: Write, flowsim: Command
) -> None:
    path = scenario(text)
    first = flowsim("replay", path, "--json", *option)
    match = re.search(r"seed (\d+)", first.stderr)
    assert match is not None
    again = flowsim("replay", path, "--json", "--seed", match[1])
    assert identities(again) == identities(first)


@pytest.mark.parametrize("form", ["pretty", "json", "http", "curl", "body"])
def test_a_seed_that_was_drawn_is_shown_beside_the_notifications_too(
    form: str, scenario: Write, flowsim: Command
) -> None:
    """On standard error, so that what is shown can still be piped."""
    path = scenario(UNSEEDED)
    first = flowsim("show", path, "--as", form)
    match = re.search(r"seed (\d+)", first.stderr)
    assert match is not None
    assert flowsim("show", path, "--as", form, "--seed", match[1]).stdout == first.stdout


def identities(result: Result) -> list[tuple[str, str]]:
    lines = [json.loads(line) for line in result.stdout.splitlines()]
    return sorted(
        (line["event_id"], line["delivery_id"]) for line in lines if line["type"] == "attempt"
    )


def test_a_story_of_the_present_says_how_to_repeat_it(scenario: Write, flowsim: Command) -> None:
    path = scenario("events: [{flow_run: {}}]\n")
    first = flowsim("show", path, "--as", "body")
    options = first.stderr.split("repeat with ")[1].split()
    again = flowsim("show", path, "--as", "body", *options)
    assert (again.stdout, again.stderr) == (first.stdout, "")
