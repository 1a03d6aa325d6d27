"""``flowsim registrations``."""

from __future__ import annotations

import json
import shlex
from dataclasses import replace
from pathlib import Path

import pytest

from flowsim.core.printable import listed
from flowsim.events_service.registrations.model import Registration
from flowsim.families import registry

from ..webhook import Webhook, echo, status
from .serving import Serving

ALL = listed(sorted(registry.shipped()["flow_run"].codes), 10)


def kept(serving: Serving) -> Registration:
    """Return the only registration."""
    (registration,) = serving.service.registrations.all()
    return registration


def test_registrations_without_a_subcommand_lists_all(serving: Serving) -> None:
    assert serving.says("registrations") == [
        "no registration",
        "next: flowsim register --webhook 3000",
    ]
    for number in range(40):
        serving.register(f"number {number}", webhook=None)
    head, *rows = serving.says("registrations")
    assert head.split() == ["id", "name", "to", "status", "24", "hours", "under", "way"]
    assert len(rows) == 40
    names = [json.loads(line)["name"] for line in serving.says("registrations", "--json")]
    assert names == [f"number {number}" for number in range(40)]


def test_registrations_without_deliveries_are_named_with_the_reason(serving: Serving) -> None:
    serving.register("action", webhook=None, delivery_type="webhook", runtime_action="ns/p/a")
    serving.register("bridge", webhook=None, delivery_type="aws_eventbridge")
    for command in ("registrations", "status"):
        *_, action, bridge, for_action, for_bridge = serving.says(command)
        assert "runtime action ns/p/a" in action
        assert "Amazon EventBridge" in bridge
        rest = "here; new events are in the journal only"
        assert for_action == f"action: nothing is delivered to runtime actions {rest}"
        assert for_bridge == f"bridge: nothing is delivered to Amazon EventBridge {rest}"


def test_show_prints_all_facts_of_a_registration(serving: Serving) -> None:
    with Webhook([echo]) as webhook:
        serving.says("register", "--webhook", webhook.port, "--name", "orders")
        id_ = kept(serving).registration_id
        head, *facts = serving.says("registrations", "show", id_[:8])
        (line,) = serving.says("registrations", "show", "orders", "--json")
    assert head == f"orders {id_}"
    shown = [fact.split(maxsplit=1) for fact in facts]
    assert ["status", "ACTIVE"] in shown
    assert ["delivers", f"webhook to http://127.0.0.1:{webhook.port}/"] in shown
    assert ["event", "sources_flow_run_success of Platform notifications"] in shown
    document = json.loads(line)
    assert (document["registration_id"], document["challenge"]["outcome"]) == (id_, "passed")
    assert document["flowsim"]["status"] == "ACTIVE"


def test_a_filter_is_shown_on_one_line(serving: Serving, tmp_path: Path) -> None:
    path = tmp_path / "filter.json"
    path.write_text('{\n  "type": ["a"]\n}\n')
    form = ("--delivery-format", "cloud_events")
    assert serving.flowsim("register", "--journal", "--filter", path, *form).exit_code == 0
    shown = serving.says("registrations", "show")
    assert 'filter       from filter.json: { "type": ["a"] }' in shown


def test_a_webhook_is_challenged_again(serving: Serving) -> None:
    with Webhook([status(503)] * 4 + [echo]) as webhook:
        assert serving.flowsim("register", "--webhook", webhook.port).exit_code == 1
        result = serving.flowsim("registrations", "challenge")
        assert (result.exit_code, "got [503]" in result.stderr) == (1, True)
        assert serving.says("registrations", "challenge")[1] == f"ACTIVE, asks for {ALL}"


@pytest.mark.parametrize("kind", ["journal", "aws_eventbridge"])
def test_a_journal_cannot_be_challenged(serving: Serving, kind: str) -> None:
    serving.register("mine", webhook=None, delivery_type=kind)
    result = serving.refuses("registrations", "challenge", "mine")
    assert result == "error: mine has no webhook to challenge\n"


def test_a_journal_that_keeps_an_address_becomes_a_webhook_again(serving: Serving) -> None:
    with Webhook([echo]) as webhook:
        serving.says("register", "--webhook", webhook.port, "--name", "mine")
        serving.says("registrations", "edit", "--delivery-type", "journal")
        shown = serving.says("registrations", "show")
        address = f"http://127.0.0.1:{webhook.port}/"
        assert f"delivers     nothing, it is a journal that keeps the address {address}" in shown
        result = serving.refuses("registrations", "challenge")
        head, _, command = result.partition(" to deliver to its webhook: flowsim ")
        assert head == "error: mine is a journal;"
        serving.says(*shlex.split(command))
    assert kept(serving).is_pushed
    assert len(webhook.requests) == 2


def test_a_registration_is_switched_off_and_on(serving: Serving) -> None:
    with Webhook([echo]) as webhook:
        serving.says("register", "--webhook", webhook.port)
        _, state, why = serving.says("registrations", "disable")
        assert state == f"ACTIVE (switched off), asks for {ALL}"
        assert why == "only its journal gets new events: it is switched off"
        assert not kept(serving).enabled
        assert serving.says("registrations", "enable")[1] == f"ACTIVE, asks for {ALL}"
        assert kept(serving).enabled


def test_everything_of_a_registration_can_be_changed(serving: Serving, tmp_path: Path) -> None:
    path = tmp_path / "filter.json"
    path.write_text('{"type": ["sources_flow_run_failed"]}')
    serving.register("before", webhook=None)
    texts = ("--name", "after", "--description", "All failures.")
    events = ("--event", "sources_flow_run_failed", "--filter", path)
    with Webhook([echo]) as webhook:
        to = ("--webhook", f"{webhook.port}/hook", "--delivery-type", "webhook_batch")
        form = ("--delivery-format", "cloud_events")
        command = ("registrations", "edit", "before", *texts, *events, *to, *form)
        assert serving.flowsim(*command).exit_code == 0
    changed = kept(serving)
    assert (changed.name, changed.description) == ("after", "All failures.")
    assert (changed.webhook_url, changed.delivery_type) == (webhook.url, "webhook_batch")
    assert [each.event_code for each in changed.events_of_interest] == ["sources_flow_run_failed"]
    found = serving.service.registrations.filter_of(changed.key)
    assert found
    assert found.subscriber_filter == path.read_text()
    serving.says("registrations", "edit", "--no-filter", "--delivery-type", "journal")
    assert serving.service.registrations.filter_of(changed.key) is None
    assert (kept(serving).delivery_type, kept(serving).webhook_url) == ("journal", webhook.url)


def test_a_webhook_replaces_the_destination_before(serving: Serving) -> None:
    """A journal delivers from then on; a runtime action and a destination go."""
    bridge = {"aws_region": "us-east-1", "aws_account_id": "012345678901"}
    serving.register("reader", webhook=None)
    serving.register("action", webhook=None, delivery_type="webhook", runtime_action="ns/a")
    serving.register(
        "bridge", webhook=None, delivery_type="aws_eventbridge", destination_metadata=bridge
    )
    with Webhook([echo]) as webhook:
        for name in ("reader", "action", "bridge"):
            state = serving.says("registrations", "edit", name, "--webhook", webhook.url)[1]
            assert state.startswith("ACTIVE")
    for each in serving.service.registrations.all():
        assert each.is_pushed
        assert (each.runtime_action, each.destination_metadata) == (None, None)


def test_an_edit_whose_webhook_fails_the_challenge_is_exit_code_1(serving: Serving) -> None:
    serving.register("reader", webhook=None)
    with Webhook([status(503)]) as webhook:
        result = serving.flowsim("registrations", "edit", "--webhook", webhook.port)
    assert result.exit_code == 1
    assert "DISABLED" in result.stdout
    assert "the webhook did not answer the challenge: " in result.stderr


def test_a_deleted_registration_is_gone(serving: Serving) -> None:
    one = serving.register("one", webhook=None)
    serving.register("two", webhook=None)
    assert serving.says("registrations", "delete", "one") == [
        f"one {one.registration_id} is deleted"
    ]
    assert kept(serving).name == "two"
    (line,) = serving.says("registrations", "delete", "two", "--json")
    assert json.loads(line)["deleted"] is True


def test_a_registration_of_another_workspace_is_found_too(serving: Serving) -> None:
    own = serving.service.installation.place
    serving.register("far", webhook=None, workspace=replace(own, project="another one ä"))
    assert serving.says("registrations", "show", "far")[0].startswith("far ")
    serving.says("registrations", "edit", "far", "--description", "Mine.")
    assert kept(serving).description == "Mine."


def test_options_may_stand_before_the_subcommand_too(
    serving: Serving, monkeypatch: pytest.MonkeyPatch
) -> None:
    serving.register("one", webhook=None)
    monkeypatch.setenv("FLOWSIM_SERVICE", "http://127.0.0.1:9")
    place = ("--service", serving.local.url)
    for words in (("--json", *place, "show", "one"), ("show", "one", "--json", *place)):
        (line,) = serving.says("registrations", *words)
        assert json.loads(line)["name"] == "one"


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (("edit", "one"), "Nothing to change: name a change, as in --webhook 3000/hook."),
        (("edit", "one", "--filter", __file__, "--no-filter"), "exclude each other"),
        (
            ("edit", "one", "--event", "nothing"),
            "--event nothing: no event code 'nothing'; expected one of",
        ),
        (("edit", "one", "--name", "x"), "name: 'x'; expected at least 3 characters"),
        (("edit", "one", "--webhook", "ftp://x"), "its scheme is ftp, not http or https"),
        (("edit", "one", "--delivery-type", "webhook"), "webhook_url: null; expected an address"),
        (("delete",), "Missing argument"),
        (("show", "tow"), "no registration 'tow'; expected one of "),
        (("shwo",), "No such command 'shwo'"),
        (("my one",), "To see a registration: flowsim registrations show 'my one'"),
    ],
)
def test_contradicting_options_are_refused(
    serving: Serving, words: tuple[str, ...], message: str
) -> None:
    before = serving.register("one", webhook=None)
    assert message in serving.refuses("registrations", *words)
    assert kept(serving) == before


def test_names_cannot_steer_a_terminal(serving: Serving) -> None:
    serving.register("a\x1b[2Jb", webhook=None, description="\u202e")
    for words in ((), ("show",), ("disable",), ("delete", "a\x1b[2Jb")):
        said = "".join(serving.says("registrations", *words))
        assert r"a\x1b[2Jb" in said
        assert "\x1b[2J" not in said
        assert "\u202e" not in said


def test_one_of_several_must_be_named_after_the_command(serving: Serving) -> None:
    for name in ("one", "two"):
        serving.register(name, webhook=None)
    result = serving.refuses("registrations", "show")
    assert result.startswith("error: several registrations; name one after the command: ")
