"""``--families`` and event codes in the place of scenarios, in every command that takes them."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import Result

from flowsim.errors import Nearest

from ..checks.own import of
from ..families.own import break_family, own_families
from ..webhook import Webhook, for_events, status
from .test_receive import receiving

Flowsim = Callable[..., Result]
Write = Callable[..., str]


@pytest.fixture
def own(tmp_path: Path) -> Path:
    return own_families(tmp_path)


def test_replay_and_show_take_an_event_code(flowsim: Flowsim) -> None:
    result = flowsim("replay", "sources_flow_run_failed", "--set", "flow_run.stage=copy")
    assert result.exit_code == 0
    assert "sources_flow_run_failed: A flow run failed" in result.stdout
    shown = [flowsim("show", "sources_flow_run_failed", "--as", "body").stdout for _ in range(2)]
    assert shown[0] == shown[1]
    assert json.loads(shown[0])[0]["messages"][0]["timestamp"] == 1768469400000


def test_replay_and_show_take_own_families_and_their_codes(
    flowsim: Flowsim, own: Path, scenario: Write
) -> None:
    mine = scenario("events: [{order: {items: 1}}, {job: {ends: failed}}]")
    result = flowsim("replay", mine, "order.placed", "--families", own)
    assert result.exit_code == 0, result.output
    assert result.stdout.count("order.placed") >= 2
    body = flowsim(
        "show", "job_state", "--families", own, "--as", "body", "--set", "job.ends=never"
    )
    assert "failed" not in body.stdout
    assert flowsim("validate", mine, "--families", own).exit_code == 0
    assert flowsim("show", mine).exit_code == 2


def test_the_list_of_checks_knows_codes_of_own_families(flowsim: Flowsim, own: Path) -> None:
    result = flowsim("check", "--list", "--event", "order.placed", "--families", own)
    assert (result.exit_code, result.stderr) == (0, "")
    assert "answers" in result.stdout
    assert "partial-ingestion" not in result.stdout


def test_diff_opens_scenarios_with_own_families(
    flowsim: Flowsim, own: Path, scenario: Write
) -> None:
    mine = scenario("seed: 7\nat: 2026-01-15T09:30:00Z\nevents: [{order: {items: 1}}]")
    same = flowsim("diff", mine, mine, "--families", own)
    assert (same.exit_code, same.stdout) == (0, "the same\n")
    other = flowsim("diff", mine, "order.placed", "--families", own)
    assert (other.exit_code, "difference" in other.stdout) == (1, True)
    assert flowsim("diff", mine, mine).exit_code == 2


def test_attempts_say_what_their_events_are_about(
    flowsim: Flowsim, own: Path, scenario: Write, tmp_path: Path
) -> None:
    """Captured requests say it too; of an own code they name members of its content."""
    events = "[{order: {}}, {flow_run: {records: {input: 9}}, after: 1m}]"
    mine = scenario(f"at: 2020-01-01T00:00:00Z\nevents: {events}")
    saved = tmp_path / "saved"
    in_order = ("--json", "--concurrency", "1")  # attempts of one moment end in any order
    options = ("--families", own, *in_order)
    told = flowsim("replay", mine, "batch", *options, "--save", saved).stdout.splitlines()
    says = [json.loads(line)["says"] for line in told[:-1]]
    assert says[0].startswith("order ")
    assert says[1:3] == ["success", "success, and 19 more"]
    kept = [json.loads(line) for line in (saved / "attempts.jsonl").read_text().splitlines()]
    assert [each["says"] for each in kept[:-1]] == says
    again = flowsim("replay", saved, *in_order).stdout.splitlines()
    first, *others = [json.loads(line)["says"] for line in again[:-1]]
    assert first.startswith("number ")
    assert others == says[1:]


def test_receive_and_conform_know_own_families(flowsim: Flowsim, own: Path, tmp_path: Path) -> None:
    saved = tmp_path / "saved"
    with receiving("--families", own) as stub:
        words = ("replay", "order.placed", "--families", own, "--target", stub.port)
        assert flowsim(*words, "--save", saved).exit_code == 0
        (line,) = stub.lines(1)
    assert re.search(r"verified · order \d{3}$", line)
    reason = "no family has the event code order.placed; expected one that has it (--families"
    assert f"not judged: {reason}" in flowsim("conform", saved).stdout
    known = flowsim("conform", saved, "--families", own).stdout
    assert "not judged: the family order has no fields for order.placed" in known


@pytest.mark.parametrize("event", ["order.placed", "job_state"])
def test_all_checks_can_send_events_of_own_families(
    flowsim: Flowsim, own: Path, webhook: Webhook, event: str
) -> None:
    words = ("check", webhook.url, "--event", event, "--families", own, "--serve-keys", "0")
    result = flowsim(*words, "--only", "signature")
    assert result.exit_code in (0, 1), result.output
    sent = {each.headers.get("x-adobe-event-code") for each in webhook.requests}
    assert sent - {None} == {event}
    unknown = flowsim("check", webhook.url, "--event", "order.plcaed", "--families", own)
    assert "order.placed" in unknown.stderr


def test_several_folders_with_families_are_taken(flowsim: Flowsim, tmp_path: Path) -> None:
    folders = []
    for name in ("order", "job"):
        (tmp_path / name).mkdir()
        folders += ["--families", own_families(tmp_path / name, name)]
    assert flowsim("show", "order.placed", "job_state", *folders).exit_code == 0


def test_the_schema_has_the_keys_of_own_families(flowsim: Flowsim, own: Path) -> None:
    schema = json.loads(flowsim("schema", "--families", own).stdout)
    assert {"order", "job", "flow_run"} <= schema["$defs"]["EventSpec"]["properties"].keys()


def test_a_broken_family_file_is_silent_until_its_key_is_used(
    flowsim: Flowsim, own: Path, scenario: Write
) -> None:
    file = break_family(own)
    fine = flowsim("show", "order.placed", "--families", own)
    assert (fine.exit_code, fine.stderr) == (0, "")
    used = flowsim("show", scenario("events: [{broken: {}}]"), "--families", own)
    assert (used.exit_code, used.stdout) == (2, "")
    assert f"{file}:2:1: " in used.stderr
    assert f"{file}:3:8: " in used.stderr


def test_thousands_of_mistakes_of_a_family_file_are_counted(
    flowsim: Flowsim, own: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Near names are searched for those that are printed, and not each time a file is needed."""
    searched: list[str] = []
    monkeypatch.setattr(Nearest, "before", lambda near, said: searched.append(near.word) or said)
    file = own / "broken.yaml"
    parts = "".join(f"  p{number}: {{$part: q{number}}}\n" for number in range(2_000))
    file.write_text(f"label: Broken\nparts:\n{parts}")
    result = flowsim("events", "--families", own)
    lines = [each for each in result.stderr.splitlines() if each.startswith("warning: ")]
    assert (result.exit_code, len(lines)) == (0, 51)
    assert lines[-1] == "warning: … and 1,956 more mistakes; fix these first"
    assert len(searched) <= 50


def test_a_list_of_families_leaves_out_those_with_mistakes(
    flowsim: Flowsim, own: Path, scenario: Write
) -> None:
    break_family(own)
    result = flowsim("validate", scenario("events: [{after: 1s}]"), "--families", own)
    assert "no kind of event; expected exactly one of " in result.stderr
    assert re.search(", job, .*, order, ", result.stderr)
    assert "broken" not in result.stderr


@pytest.mark.parametrize("command", ["replay ", "show ", "check 1 --event "])
def test_an_unknown_code_is_answered_with_the_mistakes_of_family_files(
    flowsim: Flowsim, own: Path, command: str
) -> None:
    file = break_family(own)
    result = flowsim(*f"{command}broken.code".split(), "--families", own)
    assert (result.exit_code, result.stdout) == (2, "")
    assert "expected the family files below without mistakes" in result.stderr
    assert f"{file}:2:1: " in result.stderr


@pytest.mark.parametrize("command", ["replay x", "show x", "validate x", "check 1", "schema"])
def test_a_folder_without_family_files_is_refused_in_one_sentence(
    flowsim: Flowsim, tmp_path: Path, command: str
) -> None:
    empty = tmp_path / "empty"
    empty.mkdir()
    for folder, said in ((tmp_path / "none", "no such folder"), (empty, "no file *.yaml")):
        result = flowsim(*command.split(), "--families", folder)
        assert (result.exit_code, result.stdout) == (2, "")
        assert f"{folder}: {said}; expected a folder of family files" in result.stderr


def test_own_checks_send_events_of_own_families(
    flowsim: Flowsim, own: Path, scenario: Write
) -> None:
    """The events of a check are completed with a flow run only if they have no family's key."""
    checks = scenario(of("events: [{order: {items: 3}}]", "orders-are-taken", "http"))
    options = ("--checks", checks, "--families", own, "--serve-keys", "0")
    assert flowsim("check", "--list", *options[:2]).exit_code == 2
    with Webhook([for_events(status(200))]) as webhook:
        result = flowsim("check", webhook.url, "--only", "orders-are-taken", *options)
    assert result.exit_code == 0, result.output
    sent = [each.headers.get("x-adobe-event-code") for each in webhook.requests]
    assert "order.placed" in sent


@pytest.mark.parametrize(
    "words",
    ["show order.placed", "events order.placed", "conform .", "schema", "diff partial partial"],
)
def test_a_file_whose_name_is_no_familys_is_left_out_with_one_warning(
    flowsim: Flowsim, own: Path, words: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It stops no command; `validate` of the file itself says the same as a mistake."""
    file = own / "docker-compose.yaml"
    file.write_text("services: {}\n")
    monkeypatch.chdir(own)
    result = flowsim(*words.split(), "--families", own)
    assert result.exit_code == (2 if words == "conform ." else 0), result.stderr
    assert result.stderr.count("warning: ") == 1
    reason = "docker-compose cannot name a family; expected a small letter, then small letters, "
    reason += "digits and underscores: it becomes a key; it is left out\n"
    assert f"warning: {file}: {reason}" in result.stderr
    for each in own.glob("[jo]*.yaml"):
        each.unlink()
    alone = flowsim(*words.split(), "--families", own)
    assert (alone.exit_code, alone.stdout) == (2, "")
    assert f"error: {file}: docker-compose cannot name a family; " in alone.stderr


def test_an_own_file_with_the_name_of_a_shipped_family_is_left_out(
    flowsim: Flowsim, own: Path
) -> None:
    (own / "order.yaml").rename(own / "segment_job.yaml")
    result = flowsim("show", "segment_evaluation_job_info", "--families", own)
    assert result.exit_code == 0
    assert f"warning: {own}/segment_job.yaml: there is a family segment_job; " in result.stderr
    assert flowsim("validate", own / "segment_job.yaml").exit_code == 2


def test_the_key_of_a_family_in_the_place_of_a_code_is_answered_with_its_codes(
    flowsim: Flowsim, own: Path
) -> None:
    said = flowsim("show", "segment_job").stderr
    codes = "segment_evaluation_job_info, segment_evaluation_job_error"
    assert f"'segment_job'; it is a family: its event codes are {codes}\n" in said
    assert "order.placed" in flowsim("replay", "order", "--families", own).stderr
