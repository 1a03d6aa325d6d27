"""``flowsim register``."""

from __future__ import annotations

import json
import shlex
from collections.abc import Callable, Iterator
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import pytest
import requests
from click.testing import Result

from flowsim.core.printable import listed
from flowsim.events_service.providers.model import CUSTOM, EventMetadata, Provider
from flowsim.families import registry

from ..webhook import Request, Webhook, echo, status
from .serving import Serving

ALL = listed(sorted(registry.shipped()["flow_run"].codes), 10)


def made(serving: Serving, *words: object) -> dict[str, object]:
    """Return what a registration that is made with these words looks like."""
    (line,) = serving.says("register", *words, "--json")
    document: dict[str, object] = json.loads(line)
    return document


def test_a_webhook_that_answers_the_challenge_gets_all_flow_runs(serving: Serving) -> None:
    with Webhook([echo]) as webhook:
        address = f"127.0.0.1:{webhook.port}/hook"
        head, state = serving.says("register", "--webhook", f"{webhook.port}/hook")
        others = "--event CODE asks for others of flowsim events"
        assert state == f"ACTIVE, asks for {ALL}; {others}"
        (registration,) = serving.service.registrations.all()
        assert head == f"{address} {registration.registration_id}"
        assert registration.webhook_url == f"http://{address}"
        assert registration.client_id == serving.service.installation.client_id
        serving.says("trigger", "partial")
        serving.says("advance", "1s")
        assert len(webhook.requests) == 2


def test_a_failed_challenge_is_exit_code_1(serving: Serving) -> None:
    with Webhook([status(404)]) as webhook:
        result = serving.flowsim("register", "--webhook", webhook.port)
    assert result.exit_code == 1
    assert f"DISABLED, asks for {ALL}" in result.stdout
    why, attempts, again = result.stderr.splitlines()
    assert why == (
        "the webhook did not answer the challenge: "
        "the GET with the challenge got [404], the POST [404]"
    )
    (registration,) = serving.service.registrations.all()
    id_ = registration.registration_id[:8]
    assert attempts == f"all attempts: flowsim traces --registration {id_} --errors"
    assert again == f"next, once it answers: flowsim registrations challenge {id_}"
    assert "challenge" in "".join(serving.says(*shlex.split(attempts)[3:]))


def test_a_validation_url_waits_to_be_opened(serving: Serving) -> None:
    with Webhook([status(200)]) as webhook:
        result = serving.flowsim("register", "--webhook", webhook.port)
    assert result.exit_code == 0
    said, following = result.stderr.splitlines()
    assert said == "the webhook accepted a validation URL, which must now be opened"
    head, _, url = following.partition("curl ")
    assert head == "next, within 5 minutes: "
    (url,) = shlex.split(url)
    assert requests.get(url, timeout=10).text == f"127.0.0.1:{webhook.port}/ is verified\n"
    assert "ACTIVE" in serving.says("status")[-1]


def test_a_page_that_contains_the_challenge_is_no_answer(serving: Serving) -> None:
    def page(request: Request) -> Iterator[bytes]:
        query = parse_qs(urlsplit(request.line.split(" ")[1]).query)
        value = query.get("challenge", [""])[0]
        return status(200, f"<html><body>{value}</body></html>", content_type="text/html")(request)

    with Webhook([page]) as webhook:
        result = serving.flowsim("register", "--webhook", webhook.port)
    assert result.exit_code == 0
    why, waits, _ = result.stderr.splitlines()
    assert why == (
        "the webhook did not pass the challenge: the GET got the challenge inside other text, "
        "and not as text alone or in JSON"
    )
    assert waits == "the webhook accepted a validation URL, which must now be opened"
    assert why in serving.says("registrations", "show")


def test_json_has_the_challenge_too(serving: Serving) -> None:
    with Webhook([status(200)]) as webhook:
        document = made(serving, "--webhook", webhook.port)
    assert document["challenge"]["outcome"] == "waiting"  # type: ignore[index]
    assert made(serving, "--journal")["challenge"]["outcome"] == "none"  # type: ignore[index]


def test_a_taken_name_is_reported_with_the_command_that_saves_again(
    serving: Serving,
) -> None:
    with Webhook([status(503)] * 2 + [echo]) as webhook:
        words = ("register", "--webhook", webhook.port, "--name", "my hook")
        assert serving.flowsim(*words).exit_code == 1
        (registration,) = serving.service.registrations.all()
        id_ = registration.registration_id[:8]
        result = serving.refuses(*words)
        assert result == (
            "error: this workspace has a registration named 'my hook' already; "
            f"to challenge it again: flowsim registrations challenge {id_}\n"
        )
        assert "ACTIVE" in serving.says(*shlex.split(result)[-3:])[1]


def test_a_taken_name_is_reported_with_the_command_that_changes_it(
    serving: Serving, tmp_path: Path
) -> None:
    path = tmp_path / "my filter.json"
    path.write_text('{"type": ["sources_flow_run_success"]}')
    serving.says("register", "--journal", "--name", "mine")
    with Webhook([echo]) as webhook:
        given = ("--event", "sources_flow_run_failed", "--filter", path, "--batch")
        form = ("--delivery-format", "cloud_events")
        asked = ("register", "--webhook", f"{webhook.port}/a b".replace(" ", "%20"))
        output = serving.refuses(*asked, *given, *form, "--name", "mine")
        command = output.partition("to change it: ")[2]
        words = shlex.split(command)[1:]
        result = serving.flowsim(*words)
    assert result.exit_code == 0
    (registration,) = serving.service.registrations.all()
    assert registration.webhook_url == f"{webhook.url.rpartition('/')[0]}/a%20b"
    assert registration.delivery_type == "webhook_batch"
    assert [each.event_code for each in registration.events_of_interest] == [
        "sources_flow_run_failed"
    ]
    kept = serving.service.registrations.filter_of(registration.key)
    assert kept
    assert kept.subscriber_filter == path.read_text()


def test_options_set_all_members_of_a_registration(serving: Serving) -> None:
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
    output = serving.refuses(*words)
    assert "expected CloudEvents only, so add --delivery-format cloud_events" in output
    format_ = ("--delivery-format", "cloud_events")
    result = serving.flowsim(*words, *format_)
    assert (result.exit_code, result.stderr) == (
        0,
        "platform notifications reach every registration in the format cloud_events from now on\n",
    )
    serving.says(*words, *format_, "--name", "another")
    serving.says("registrations", "delete", "another")
    lines = serving.says("trigger", "cloudevents")
    assert lines[1].endswith("→ journal · success")
    assert (
        lines[3] == "sources_flow_run_failed → no registration · refused by the filter of journal"
    )
    path.write_text('{"type": "success"}')
    assert serving.refuses(*words, "--name", "other").startswith("error: ")


def test_the_object_of_the_api_is_a_filter_too(serving: Serving, tmp_path: Path) -> None:
    path = tmp_path / "filter.json"
    pattern = {"type": [{"prefix": "sources_"}]}
    whole = {"name": "only sources", "subscriber_filter": json.dumps(pattern)}
    words = ("register", "--journal", "--filter", path, "--delivery-format", "cloud_events")
    path.write_text(json.dumps(whole | {"subscriber_filter": pattern}))
    assert "subscriber_filter" in serving.refuses(*words)
    path.write_text(json.dumps(whole))
    assert serving.flowsim(*words).exit_code == 0
    document = json.loads(serving.says("registrations", "show", "--json")[0])
    (kept,) = document["subscriber_filters"]
    assert {key: kept[key] for key in whole} == whole


def test_a_refused_registration_leaves_the_delivery_format_unchanged(
    serving: Serving, tmp_path: Path
) -> None:
    path = tmp_path / "filter.json"
    path.write_text('{"type": "no list"}')
    serving.refuses("register", "--journal", "--filter", path, "--delivery-format", "cloud_events")
    assert not serving.service.platform_provider.delivers_cloud_events


def test_a_filter_that_is_no_text_is_a_mistake(serving: Serving, tmp_path: Path) -> None:
    path = tmp_path / "filter.json"
    path.write_bytes(b'{"a": ["\xff"]}')
    result = serving.refuses("register", "--journal", "--filter", path)
    assert result == f"error: --filter {path}: line 1: byte 0xff; expected text in UTF-8\n"


def test_events_are_named_by_code_or_by_provider_and_code(
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
    result = serving.refuses("register", "--journal", "--event", "mine")
    assert result == (
        "error: --event mine: several providers have it; expected one of one/mine, two/mine\n"
    )
    document = made(serving, "--journal", "--event", "two/mine")
    assert [each["provider_id"] for each in document["events_of_interest"]] == ["two"]  # type: ignore[attr-defined]
    of_platform = f"{service.platform_provider.id}/sources_flow_run_success"
    made(serving, "--journal", "--name", "runs", "--event", of_platform)
    result = serving.refuses("register", "--journal", "--event", "sources_flow_run_fail")
    assert "no event code 'sources_flow_run_fail'; did you mean sources_flow_run_failed" in result
    result = serving.refuses("register", "--journal", "--event", "query_run")
    assert "'query_run'; it is a family: its event codes are queries_flow_run_info" in result


@pytest.mark.parametrize("words", [("register",), ("registrations", "edit", "mine")])
def test_an_address_without_its_option_points_to_the_option(
    flowsim: Callable[..., Result], words: tuple[str, ...]
) -> None:
    result = flowsim(*words, "http://127.0.0.1:3000/")
    assert (result.exit_code, result.stdout) == (2, "")
    said = "extra argument (http://127.0.0.1:3000/). --webhook names the address of a webhook.\n"
    assert result.stderr.endswith(said)


def test_a_provider_is_named_by_its_id_in_the_api(serving: Serving) -> None:
    """Its metadata id, which stands in x-adobe-provider, is answered with the id of the API."""
    platform = f"{serving.service.platform_provider.id}/sources_flow_run_failed"
    words = ("register", "--journal", "--event")
    expected = "expected PROVIDER_ID as the API lists it, a UUID"
    for name in ("acme", "platform_notifications"):
        result = serving.refuses(*words, f"{name}/sources_flow_run_failed")
        assert f"no provider {name!r}; {expected}, as in {platform}" in result
    result = serving.refuses(*words, "acme/parcel")
    assert result == f"error: --event acme/parcel: no provider 'acme'; {expected}\n"


def test_the_service_refuses_a_taken_name(serving: Serving) -> None:
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
def test_contradicting_options_are_refused(
    serving: Serving, words: tuple[str, ...], message: str
) -> None:
    assert message in serving.refuses("register", *words)
    assert serving.service.registrations.all() == []
