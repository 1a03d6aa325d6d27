"""``flowsim register``."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from flowsim.core.management.control import SettingsBody
from flowsim.core.management.provider import CUSTOM, EventMetadata, Provider
from flowsim.service.adjusting import change, platform

from ..webhook import Webhook, echo, status
from .serving import Serving

BOTH = "sources_flow_run_failed, sources_flow_run_success"


def made(serving: Serving, *words: object) -> dict[str, object]:
    """Return what a registration that is made with these words looks like."""
    (line,) = serving.says("register", *words, "--json")
    document: dict[str, object] = json.loads(line)
    return document


def test_a_webhook_that_answers_the_challenge_gets_all_flow_runs(serving: Serving) -> None:
    with Webhook([echo]) as webhook:
        address = f"127.0.0.1:{webhook.port}/hook"
        head, state = serving.says("register", "--webhook", f"{webhook.port}/hook")
        assert state == f"ACTIVE, asks for {BOTH}"
        (registration,) = serving.service.registrations.all()
        assert head == f"{address} {registration.registration_id}"
        assert registration.webhook_url == f"http://{address}"
        assert registration.client_id == serving.service.installation.client_id
        serving.says("trigger", "partial")
        serving.says("advance", "1s")
        assert len(webhook.requests) == 2


def test_a_webhook_that_does_not_is_exit_code_1(serving: Serving) -> None:
    with Webhook([status(404)]) as webhook:
        result = serving.flowsim("register", "--webhook", webhook.port)
    assert result.exit_code == 1
    assert f"DISABLED, asks for {BOTH}" in result.stdout
    assert result.stderr == "the webhook did not answer the challenge: flowsim traces\n"
    assert "challenge" in "".join(serving.says("traces", "--errors"))


def test_everything_about_a_registration_can_be_said(serving: Serving) -> None:
    with Webhook([echo]) as webhook:
        options = ("--name", "mine", "--client-id", "someone", "--batch")
        event = ("--event", "sources_flow_run_failed")
        document = made(serving, "--webhook", webhook.url, *options, *event)
    assert (document["name"], document["client_id"]) == ("mine", "someone")
    assert document["delivery_type"] == "webhook_batch"
    (interest,) = document["events_of_interest"]  # type: ignore[misc]
    assert interest["event_code"] == "sources_flow_run_failed"


def test_a_journal_needs_no_webhook(serving: Serving) -> None:
    document = made(serving, "--journal")
    assert (document["delivery_type"], document["name"]) == ("journal", "journal")
    assert "webhook_url" not in document


def test_a_filter_is_read_from_its_file(serving: Serving, tmp_path: Path) -> None:
    path = tmp_path / "successes.json"
    path.write_text('{"type": ["sources_flow_run_success"]}')
    words = ("register", "--journal", "--filter", path)
    assert "CloudEvents" in serving.refuses(*words)
    change(serving.service, SettingsBody(platform_delivery_format="cloud_events"))
    serving.says(*words)
    lines = serving.says("trigger", "cloudevents")
    assert lines[1].endswith("→ journal")
    assert lines[3] == "sources_flow_run_failed → nobody · refused by the filter of journal"
    path.write_text('{"type": "success"}')
    assert serving.refuses(*words, "--name", "other").startswith("error: ")


def test_a_filter_that_is_no_text_is_a_mistake(serving: Serving, tmp_path: Path) -> None:
    path = tmp_path / "filter.json"
    path.write_bytes(b'{"a": ["\xff"]}')
    told = serving.refuses("register", "--journal", "--filter", path)
    assert told == f"error: --filter {path}: no text in UTF-8; expected a filter, JSON\n"


def test_events_are_named_by_their_code_and_where_that_is_not_enough_by_their_provider(
    serving: Serving,
) -> None:
    service = serving.service
    own = [
        Provider(id_, service.installation.org, CUSTOM, id_, id_, "", "", "me", "adobe_io", "VA6")
        for id_ in ("one", "two")
    ]
    with service.database.transaction() as connection:
        for each in own:
            service.providers.put(connection, each)
            service.providers.put_metadata(connection, EventMetadata(each.id, "mine", "l", "d"))
    told = serving.refuses("register", "--journal", "--event", "mine")
    assert told == (
        "error: --event mine: several providers have it; expected one of one/mine, two/mine\n"
    )
    document = made(serving, "--journal", "--event", "two/mine")
    assert [each["provider_id"] for each in document["events_of_interest"]] == ["two"]  # type: ignore[attr-defined]
    of_platform = f"{platform(service).id}/sources_flow_run_success"
    made(serving, "--journal", "--name", "runs", "--event", of_platform)
    told = serving.refuses("register", "--journal", "--event", "sources_flow_run_fail")
    assert told.endswith("no such event code; expected sources_flow_run_failed\n")


def test_a_name_that_is_taken_is_told_by_the_service(serving: Serving) -> None:
    made(serving, "--journal")
    assert "'journal'" in serving.refuses("register", "--journal")


@pytest.mark.parametrize(
    ("words", "message"),
    [
        ((), "Exactly one of --webhook and --journal is needed."),
        (("--webhook", "3000", "--journal"), "Exactly one of --webhook and --journal is needed."),
        (("--journal", "--batch"), "--batch and --journal exclude each other."),
        (("--journal", "--filter", "no-such-file"), "does not exist"),
        (("--webhook", "ftp://here"), "its scheme is ftp, not http or https"),
        (("--webhook", "http://10.0.0.1/hook"), "--allow-target 10.0.0.1"),
    ],
)
def test_what_makes_no_sense_is_said(
    serving: Serving, words: tuple[str, ...], message: str
) -> None:
    assert message in serving.refuses("register", *words)
    assert serving.service.registrations.all() == []
