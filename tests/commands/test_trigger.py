"""``flowsim trigger``."""

from __future__ import annotations

import json
import os
import re
from collections.abc import Callable
from pathlib import Path
from unittest.mock import patch

import pytest
import requests
from click.testing import Result

from flowsim.events_service import local_service
from flowsim.events_service.local_service import LocalServiceOptions
from flowsim.events_service.registrations.table import StoredFilter
from flowsim.events_service.service import ServiceOptions
from flowsim.families import registry

from ..families.own import break_family, own_families
from .serving import Serving

STORY = (
    "30 of 1,000 rows are rejected by the mapper; up to 5 % are allowed, so the run succeeds "
    "with errors."
)


def test_each_event_is_a_line_with_its_registrations(serving: Serving) -> None:
    serving.register("one", webhook=None)
    serving.register("two", webhook=None)
    head, line, total = serving.says("trigger", "partial")
    assert head == f"partial: {STORY}"
    code, event_id, takers = line.split(" ", 2)
    says = "success, 30 of 1,000 records failed"
    assert (code, takers) == ("sources_flow_run_success", f"→ one, two · {says}")
    assert total == "1 event published, seed 7, at 2026-01-15T09:30:00.000Z"
    assert len(event_id) == 36


def test_events_that_no_registration_asks_for_are_exit_code_1(serving: Serving) -> None:
    assert serving.says("trigger", "partial", exit_code=1)[1:] == [
        "sources_flow_run_success → no registration",
        "no registration subscribes to these events",
        "next: flowsim register --webhook 3000",
    ]


def test_a_journal_is_the_remedy_for_events_that_no_webhook_gets(serving: Serving) -> None:
    """A warning says so too; a registration with a webhook would get none either."""
    refused = serving.flowsim("trigger", "asset_compute")
    assert refused.exit_code == 1
    remedy = "flowsim register --journal --event asset_compute"
    assert refused.stdout.splitlines()[-1] == f"next: {remedy}"
    serving.says(*remedy.split()[1:], "--name", "renditions")
    taken = serving.flowsim("trigger", "asset_compute")
    assert (taken.exit_code, "→ renditions" in taken.stdout) == (0, True)


def test_options_choose_one_registration_and_change_the_story(serving: Serving) -> None:
    serving.register("one", webhook=None)
    serving.register("two", webhook=None, codes=())
    set_ = "flow_run.records.failed=60"
    words = ("trigger", "partial", "--registration", "two", "--set", set_, "--json")
    options = ("--seed", "9", "--at", "2026-02-01T00:00:00Z")
    (line,) = serving.says(*words, *options)
    done = json.loads(line)
    assert (done["scenario"], done["seed"], done["at"]) == (
        "partial",
        9,
        "2026-02-01T00:00:00.000Z",
    )
    (event,) = done["events"]
    assert event["event_code"] == "sources_flow_run_failed"
    assert len(event["registrations"]) == 1


def test_mistakes_are_printed_as_by_other_commands(
    serving: Serving, scenario: Callable[[str], str]
) -> None:
    path = scenario("events:\n  - flow_run: {records: {input: 10, failed: 30}, stagee: copy}\n")
    assert serving.refuses("trigger", path) == serving.refuses("validate", path)
    change = ("--set", "flow_run.recrods=1")
    result = serving.refuses("trigger", "partial", *change)
    assert result == serving.refuses("show", "partial", *change)
    assert "did you mean partial?" in serving.refuses("trigger", "partail")
    serving.register("one", webhook=None)
    result = serving.refuses("trigger", "partial", "--registration", "two")
    assert result.startswith("error: no registration 'two'; expected one of ")


def test_a_threshold_above_100_percent_is_a_warning_here_too(serving: Serving) -> None:
    serving.register("one", webhook=None)
    setting = "flow.partial_ingestion_percent=200"
    result = serving.flowsim("trigger", "partial", "--set", setting, "--json")
    (warning,) = json.loads(result.stdout)["warnings"]
    assert (result.exit_code, result.stderr) == (0, f"warning: {warning}\n")
    assert warning.startswith(f"--set {setting}: flow.partial_ingestion_percent: 200; expected at ")


def test_a_scenario_may_come_from_standard_input(serving: Serving) -> None:
    serving.register("one", webhook=None)
    text = "description: Mine.\nevents: [{flow_run: {}}]"
    result = serving.flowsim("trigger", "-", input=text)
    assert result.exit_code == 0
    assert result.stdout.startswith("-: Mine.\nsources_flow_run_success ")


def test_several_scenarios_are_published_in_their_order(serving: Serving) -> None:
    serving.register("one", webhook=None)
    lines = serving.says("trigger", "partial", "success")
    assert [line.partition(":")[0] for line in lines if ": " in line] == ["partial", "success"]
    objects = [json.loads(line) for line in serving.says("trigger", "partial", "success", "--json")]
    assert [each["scenario"] for each in objects] == ["partial", "success"]


def test_a_mistake_in_one_of_several_scenarios_publishes_nothing(
    serving: Serving, scenario: Callable[[str], str]
) -> None:
    serving.register("one", webhook=None)
    path = scenario("events:\n  - flow_run: {stagee: copy}\n")
    assert "unknown key 'stagee'" in serving.refuses("trigger", "partial", path)
    assert "0 events published" in serving.says("status")[2]


def test_one_scenario_without_a_registration_is_exit_code_1(serving: Serving) -> None:
    serving.register("failures", webhook=None, codes=("sources_flow_run_failed",))
    assert serving.flowsim("trigger", "failure-copy").exit_code == 0
    assert serving.flowsim("trigger", "partial", "failure-copy").exit_code == 1


def test_registrations_that_get_events_only_in_the_journal_are_named(serving: Serving) -> None:
    off = serving.register("off", enabled=False)
    down = serving.register("down", status="hook_unreachable")
    serving.register("action", runtime_action="ns/a", webhook=None, delivery_type="webhook")
    serving.register("reader", webhook=None)
    _, line, _, *said = serving.says("trigger", "partial")
    assert "→ off, down, action, reader · " in line
    assert said == [
        "off: only its journal gets them, since it is switched off",
        f"next: flowsim registrations enable {off.registration_id[:8]}",
        "down: only its journal gets them, since it is DISABLED",
        f"next: flowsim registrations challenge {down.registration_id[:8]}",
        "action: only its journal gets them, since nothing is delivered to runtime actions here",
    ]


def test_filters_that_refuse_all_events_are_named(serving: Serving) -> None:
    reader = serving.register("reader", webhook=None)
    filter_ = StoredFilter("1", "mine", "", '{"type": ["another"]}')
    with serving.service.database.transaction() as connection:
        serving.service.registrations.put_filter(connection, reader.key, filter_)
    serving.service.directory.forget()
    assert serving.says("trigger", "partial", exit_code=1)[-2:] == [
        "no registration whose filter lets these events pass",
        f"next, to see a filter: flowsim registrations show {reader.registration_id[:8]}",
    ]


# Event codes, and families of the sender and of the service


def test_an_event_code_is_published_with_what_it_says(serving: Serving) -> None:
    serving.register("one", webhook=None)
    words = ("trigger", "sources_flow_run_failed", "--set", "flow_run.stage=copy")
    head, line, total = serving.says(*words)
    assert head.startswith("sources_flow_run_failed: A flow run failed")
    assert line.endswith("→ one · failed")
    assert "seed 7, at 2026-01-15T09:30:00.000Z" in total


def test_the_senders_families_are_read_by_the_service_for_this_call(
    serving: Serving, tmp_path: Path, scenario: Callable[[str], str]
) -> None:
    """Their providers stay, so that a registration can ask for their events afterwards."""
    own, mine = own_families(tmp_path), scenario("events: [{order: {}}, {job: {ends: failed}}]")
    lines = serving.says("trigger", mine, "--families", own, exit_code=1)
    assert "order.placed → no registration" in lines
    assert serving.flowsim("register", "--journal", "--event", "order.placed").exit_code == 0
    lines = serving.says("trigger", mine, "order.placed", "--families", own)
    placed = [line for line in lines if line.startswith("order.placed ") and "→" in line]
    assert [bool(re.search(r"→ .*journal.* · order \d{3}$", line)) for line in placed] == [True] * 2
    assert "no shipped scenario or event code" in serving.refuses("trigger", "order.placed")
    assert "unknown key 'order'" in serving.refuses("trigger", mine)


def test_a_family_file_that_cannot_be_read_stops_no_other(
    serving: Serving, tmp_path: Path, scenario: Callable[[str], str]
) -> None:
    own, mine = own_families(tmp_path), scenario("events: [{order: {}}]")
    (own / "utf16.yaml").write_bytes(b"\xff\xfe")
    (own / "folder.yaml").mkdir()
    (own / "docker-compose.yaml").write_text("services: {}")
    done = serving.flowsim("trigger", mine, "--families", own)
    assert "order.placed → no registration" in done.stdout
    assert [line[: line.index(";")] for line in done.stderr.splitlines()[:3]] == [
        f"warning: {own / 'docker-compose.yaml'}: docker-compose cannot name a family",
        f"warning: {own / 'folder.yaml'}: a folder",
        f"warning: {own / 'utf16.yaml'}:1:1: text in UTF-16",
    ]


def test_a_dry_run_leaves_no_provider_behind(serving: Serving, tmp_path: Path) -> None:
    before = serving.service.providers.of_org(serving.service.installation.org)
    families = ("--families", own_families(tmp_path))
    assert "did you mean" in serving.refuses("trigger", "order.placed", "partail", *families)
    assert serving.service.providers.of_org(serving.service.installation.org) == before


def test_mistakes_of_the_senders_families_name_its_files(
    serving: Serving, tmp_path: Path, scenario: Callable[[str], str]
) -> None:
    file = break_family(own_families(tmp_path))
    mine, options = scenario("events: [{broken: {}}]"), ("--families", file.parent)
    assert serving.refuses("trigger", mine, *options) == serving.refuses("show", mine, *options)
    assert f"{file}:2:1: " in serving.refuses("trigger", mine, *options)


@pytest.mark.parametrize(
    ("families", "said"),
    [
        ([{"file": "a/Order!.yaml", "text": ""}], "a/Order!.yaml: Order! cannot name a family"),
        ([{"file": "flow_run.yaml", "text": ""}], "flow_run.yaml: there is a family flow_run"),
        ([{"file": "a.yaml", "text": "x" * (2**20 + 1)}], "families[0].text: "),
        ([{"file": "a.yaml", "text": ""}] * 101, "families"),
        ([{"file": "a\\b/one.yaml", "text": "one: 1"}], "a\\b/one.yaml:1:1: "),
    ],
)
def test_family_texts_have_names_and_bounds(
    serving: Serving, families: list[dict[str, str]], said: str
) -> None:
    body = {"text": "events: [{one: {}}]", "families": families}
    own = serving.service.installation
    answer = requests.post(
        f"{serving.local.url}/_flowsim/trigger",
        json=body,
        headers={"authorization": f"Bearer {own.token}", "x-api-key": own.client_id},
        timeout=30,
    )
    assert answer.status_code == 400
    assert said in answer.json()["message"]


def test_families_that_are_too_large_for_a_request_are_named_as_the_cause(
    serving: Serving, tmp_path: Path
) -> None:
    own = own_families(tmp_path)
    for number in range(5):
        (own / f"large_{number}.yaml").write_text(f"# {'x' * 2**20}\n")
    said = serving.refuses("trigger", "order.placed", "--families", own)
    assert "the body is larger than 4 MB" in said
    assert "; the files of --families are 5.0 MB of it: name a folder with fewer or smaller" in said
    assert len(said.splitlines()) == 1


def test_a_code_that_only_the_service_knows_is_left_to_it(
    flowsim: Callable[..., Result], tmp_path: Path
) -> None:
    families = registry.with_folders((own_families(tmp_path),))
    options = LocalServiceOptions(clock="manual", service=ServiceOptions(families=families))
    with (
        local_service.run(options) as local,
        patch.dict(os.environ, FLOWSIM_SERVICE=local.url),
    ):
        serving = Serving(local, flowsim)
        assert serving.flowsim("register", "--journal", "--event", "order.placed").exit_code == 0
        head, line, _ = serving.says("trigger", "order.placed", "--set", "order.items=1")
        assert head.startswith("order.placed")
        assert " · order " in line
