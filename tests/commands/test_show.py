"""``flowsim show``: the notifications of a replay, offline and in every form."""

from __future__ import annotations

import base64
import contextlib
import json
import os
import re
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from click.testing import Result
from cryptography.hazmat.primitives.asymmetric.padding import PKCS1v15
from cryptography.hazmat.primitives.hashes import SHA256

from flowsim.files import yaml_documents
from flowsim.installation.key_sources import own_key

from ..webhook import Request, Webhook, status
from .own_streams import exit_code, on_a_terminal

Flowsim = Callable[..., Result]
Write = Callable[..., str]

MODULE = (sys.executable, "-m", "flowsim")


def replayed(flowsim: Flowsim, webhook: Webhook, *arguments: str) -> list[Request]:
    """Return what a replay brings to a webhook."""
    assert flowsim("replay", *arguments, "--target", webhook.url).exit_code == 0
    return sorted(webhook.requests, key=lambda request: request.headers["x-adobe-event-id"])


def lines(flowsim: Flowsim, *arguments: object) -> list[str]:
    result = flowsim("show", *arguments)
    assert (result.exit_code, result.stderr) == (0, "")
    return [*result.stdout.splitlines()]


# The forms


def test_pretty_is_the_default_and_shows_request_line_headers_and_indented_json(
    flowsim: Flowsim,
) -> None:
    result = flowsim("show", "partial")
    head, body, _ = result.stdout.split("\n\n")
    first, *headers = head.splitlines()
    assert first == "POST http://127.0.0.1:8080/"
    assert headers[:3] == [
        "user-agent: Adobe/1.0",
        "accept-encoding: deflate,compress,identity",
        "content-type: application/json; charset=utf-8",
    ]
    assert re.fullmatch(r'\{\n  "event_id": "[0-9a-f-]{36}",\n.*\n\}', body, re.DOTALL)
    assert result.stdout == flowsim("show", "partial", "--as", "pretty").stdout


def test_json_has_headers_and_exact_body_of_each_delivery(
    flowsim: Flowsim,
) -> None:
    bodies = lines(flowsim, "cloudevents", "--as", "body")
    shown = [json.loads(line) for line in lines(flowsim, "cloudevents", "--as", "json")]
    assert [list(each) for each in shown] == [["headers", "body"]] * 3
    assert [each["body"] for each in shown] == bodies
    for each in shown:
        for number in (1, 2):
            key = own_key(each["headers"][f"x-adobe-public-key{number}-path"])
            signature = base64.b64decode(each["headers"][f"x-adobe-digital-signature-{number}"])
            key.verify(signature, each["body"].encode(), PKCS1v15(), SHA256())


def test_http_is_the_raw_request_that_a_replay_sends(flowsim: Flowsim, webhook: Webhook) -> None:
    (sent,) = replayed(flowsim, webhook, "partial")
    shown = flowsim("show", "partial", "--as", "http", "--target", webhook.url).stdout_bytes
    head, _, body = shown.partition(b"\r\n\r\n")
    assert head.decode() == sent.head
    assert body == sent.body + b"\n"


@pytest.mark.parametrize("content", ["partial", "long", "quotes"])
def test_curl_is_a_command_that_sends_the_very_request_of_a_replay(
    flowsim: Flowsim, webhook: Webhook, scenario: Write, content: str
) -> None:
    """Also a body above the 128 KiB that one argument of a program may have."""
    payloads = {
        "long": '"' + "é" * 150_000 + '"',
        "quotes": r"""{"it's": "\"$HOME\" `%s` \\ \u0007 !\n"}""",
    }
    name = content
    if content in payloads:
        name = scenario(f"seed: 1\nevents: [{{payload: {payloads[content]}}}]\n")
    (sent,) = replayed(flowsim, webhook, name)
    command = flowsim("show", name, "--as", "curl", "--target", webhook.url).stdout
    webhook.requests.clear()
    webhook.answers = [status(200, "thanks")]
    result = subprocess.run(["sh"], input=command.encode(), capture_output=True, check=True)
    assert (result.stdout, result.stderr) == (b"thanks", b"")
    (again,) = webhook.requests
    assert again.body == sent.body
    assert again.line == sent.line
    assert lower_case(again.headers) == lower_case(sent.headers)


def lower_case(headers: dict[str, str]) -> dict[str, str]:
    """Return headers by their names without regard to case: curl writes Host and Content-Length."""
    return {name.lower(): value for name, value in headers.items()}


def test_body_is_the_exact_body_per_line_and_needs_no_keys(
    flowsim: Flowsim, webhook: Webhook, own_home: Path
) -> None:
    bodies = lines(flowsim, "failure-copy", "success", "--as", "body")
    assert not own_home.exists()
    sent = replayed(flowsim, webhook, "failure-copy", "success")
    assert sorted(body.encode() for body in bodies) == sorted(each.body for each in sent)


def test_a_batch_is_one_request(flowsim: Flowsim) -> None:
    bodies = lines(flowsim, "batch", "--as", "body")
    assert [len(json.loads(body)) for body in bodies] == [20, 20, 5]


@pytest.mark.parametrize("form", ["pretty", "http", "curl"])
def test_the_target_is_where_a_request_points_to(flowsim: Flowsim, form: str) -> None:
    shown = flowsim("show", "partial", "--as", form, "--target", ":9/a?b=%2F").stdout
    assert "127.0.0.1:9" in shown
    assert "/a?b=%2F" in shown


@pytest.mark.parametrize(
    ("arguments", "answer"),
    [
        (["partial", "--as", "xml"], "'pretty', 'json', 'http', 'curl', 'body'"),
        (["partial", "--target", "ftp://host"], "expected an address such as 3000"),
        (["partail"], "did you mean partial?"),
        ([], "Missing argument 'SCENARIO...'"),
    ],
)
def test_a_mistake_is_explained_and_nothing_is_shown(
    flowsim: Flowsim, arguments: list[str], answer: str
) -> None:
    result = flowsim("show", *arguments)
    assert (result.exit_code, result.stdout) == (2, "")
    assert answer in result.stderr


# The story


def test_options_of_the_story_change_the_output(
    flowsim: Flowsim,
) -> None:
    def bodies(*options: object) -> list[str]:
        return lines(flowsim, "partial", "--as", "body", *options)

    plain = bodies()
    assert bodies() == bodies("--seed", 7) == plain
    assert bodies("--seed", 8) != plain
    assert "1801623906789" in bodies("--at", "2027-02-03T03:05:06.789Z")[0]
    assert len(set(bodies("--repeat", 3))) == 3
    assert bodies("--repeat", 3)[0] == plain[0]
    assert '"status":"failed"' in bodies("--set", "flow_run.records.failed=60")[0]
    assert bodies("--client-id", "me-and-you")[0].count('"me-and-you"') == 2
    fresh = bodies("--fresh")[0]
    assert fresh != plain[0]
    ids = re.compile('"event_?id":"[^"]*"')
    assert ids.sub("", fresh) == ids.sub("", plain[0])


def test_delivery_ids_and_event_ids_are_those_of_a_replay(
    flowsim: Flowsim, webhook: Webhook
) -> None:
    (sent,) = replayed(flowsim, webhook, "success")
    (shown,) = (json.loads(line)["headers"] for line in lines(flowsim, "success", "--as", "json"))
    assert {name: sent.headers[name] for name in shown} == shown


def test_the_output_depends_only_on_file_seed_and_time() -> None:
    """Another process, time zone, locale and hash seed."""
    shown = set()
    for zone, locale, hash_seed in (("UTC", "C", "0"), ("Pacific/Chatham", "C.UTF-8", "1")):
        own = {"TZ": zone, "LC_ALL": locale, "PYTHONHASHSEED": hash_seed}
        command = [*MODULE, "show", "day-in-production", "--as", "body"]
        shown.add(subprocess.check_output(command, env=os.environ | own))
    assert len(shown) == 1


# As a process


@contextlib.contextmanager
def running(*arguments: str, **options: Any) -> Iterator[subprocess.Popen[bytes]]:
    """Run flowsim as a process that no test waits for longer than a minute."""
    with subprocess.Popen([*MODULE, *arguments], **options) as process:
        watchdog = threading.Timer(60, process.kill)
        watchdog.start()
        try:
            yield process
        finally:
            watchdog.cancel()
            process.kill()


MANY = ("show", "partial", "--repeat", "1000000", "--as")
"""A million events would take a minute: the first line comes long before the last."""


@pytest.mark.parametrize("form", ["pretty", "json", "http", "curl", "body"])
def test_the_output_streams_until_its_reader_leaves(
    form: str, capfd: pytest.CaptureFixture[str]
) -> None:
    reading, writing = os.pipe()
    os.close(reading)
    assert exit_code(*MANY, form, output=writing, messages=2) == 2
    os.close(writing)
    assert capfd.readouterr() == ("", "")


def test_a_process_whose_reader_leaves_ends_quietly() -> None:
    command = (*MANY, "http")
    with running(*command, stdout=subprocess.PIPE, stderr=subprocess.PIPE) as process:
        assert process.stdout
        assert process.stderr
        assert process.stdout.readline()
        process.stdout.close()
        assert process.stderr.read() == b""
        assert process.wait() == 2, "1 says that a webhook failed"


def test_pretty_is_coloured_on_a_terminal_unless_no_color_is_set(flowsim: Flowsim) -> None:
    assert "\x1b[36muser-agent\x1b[0m: Adobe/1.0" in on_a_terminal("show", "partial")
    assert "\x1b" not in on_a_terminal("show", "partial", NO_COLOR="1")
    assert "\x1b" not in flowsim("show", "partial").stdout


@pytest.mark.parametrize("command", [("show", "--as", "body"), ("replay",)], ids=" ".join)
def test_options_are_read_once_for_all_scenarios(
    flowsim: Flowsim, monkeypatch: pytest.MonkeyPatch, command: tuple[str, ...]
) -> None:
    read: list[str] = []
    scalar = yaml_documents.scalar

    def note(text: str, origin: str) -> object:
        read.append(text)
        return scalar(text, origin)

    monkeypatch.setattr(yaml_documents, "scalar", note)
    options = ("--set", "seed=1", "--set", "after=2s")
    assert flowsim(*command, "partial", "success", "partial", *options).exit_code == 0
    assert read == ["1", "2s"]


@pytest.mark.parametrize("command", ["replay partial", "show partial", "validate"])
@pytest.mark.parametrize("address", ["3000", ":3000/hook", "http://localhost:3000/", "localhost:1"])
def test_an_address_among_scenarios_is_answered_with_target(
    flowsim: Flowsim, command: str, address: str
) -> None:
    result = flowsim(*command.split(), address)
    assert (result.exit_code, result.stdout.replace("partial: ok, 1 event\n", "")) == (2, "")
    hint = f"it looks like an address: flowsim replay and show take --target {address}\n"
    assert result.stderr.endswith(f"no scenario, file or event code {address!r}; {hint}")


def test_format_means_the_same_as_the_key_of_the_registration(flowsim: Flowsim) -> None:
    words = ("partial", "platform-day", "--as", "json")
    said = lines(flowsim, *words, "--set", "registration.event_delivery_format=cloud_events")
    assert lines(flowsim, *words, "--format", "cloud_events") == said
    assert all("specversion" in json.loads(json.loads(each)["body"]) for each in said)
    assert flowsim("show", "partial", "--format", "xml").exit_code == 2


def test_event_leaves_out_deliveries_without_this_code(flowsim: Flowsim) -> None:
    """The story of an event code may tell events of other codes too."""
    code = "identity_ingestion_error"
    whole = lines(flowsim, code, "--as", "json")
    chosen = [each for each in whole if json.loads(each)["headers"]["x-adobe-event-code"] == code]
    assert 0 < len(chosen) < len(whole)
    assert lines(flowsim, code, "--event", code, "--as", "json") == chosen
    bodies = [json.loads(each)["body"] for each in chosen]
    assert lines(flowsim, code, "--event", code, "--as", "body") == bodies


def test_an_event_code_that_no_delivery_has_is_a_mistake(flowsim: Flowsim) -> None:
    for form in ("body", "http"):
        for code in ("mine", ""):
            result = flowsim("show", "partial", "batch", "--event", code, "--as", form)
            assert (result.exit_code, result.stdout) == (2, "")
            start = f"error: --event: no event has the code {code!r}; the events have "
            assert result.stderr.startswith(start)
            assert "sources_flow_run_success" in result.stderr


def test_a_story_of_which_nothing_is_delivered_is_shown_as_nothing(flowsim: Flowsim) -> None:
    words = ("partial", "--set", "faults=[drop]", "--as", "http")
    assert lines(flowsim, *words) == []
    result = flowsim("show", *words, "--event", "sources_flow_run_success")
    assert (
        result.exit_code,
        result.stderr.endswith("no event has the code 'sources_flow_run_success'; there is none\n"),
    ) == (
        2,
        True,
    )
