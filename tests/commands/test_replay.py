"""``flowsim replay``: every option for its effect, against webhooks on real sockets."""

from __future__ import annotations

import contextlib
import datetime
import io
import ipaddress
import json
import os
import re
import signal
import socket
import ssl
import subprocess
import sys
import threading
import urllib.request
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from click.testing import Result
from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat

from flowsim.scenario.files import shipped

from ..cases import one_in
from ..free_ports import free_port
from ..webhook import Request, Webhook, status
from .own_streams import exit_code, on_a_terminal
from .test_receive import receiving

Flowsim = Callable[..., Result]
Write = Callable[..., str]

ATTEMPT = ["type", "event_id", "event_ids", "event_code", "says", "faults"]
ATTEMPT += ["delivery_id", "attempt"]
ATTEMPT += ["status_code", "said", "elapsed_ms", "outcome", "retry_in_s", "reason", "cause"]
ATTEMPT += ["verified"]
SUMMARY = ["type", "events", "copies", "deliveries", "attempts", "delivered", "dropped", "withheld"]
SUMMARY += ["left_out", "verified", "elapsed_s", "unmet_count", "unmet", "ok", "error", "exit_code"]
THREE_EVENTS = "at: 2026-01-15T09:30:00Z\nevents:\n  - {payload: 1, after: 1m, repeat: 3}\n"
MODULE = (sys.executable, "-m", "flowsim")


def objects(result: Result) -> list[dict[str, Any]]:
    """Return what ``--json`` printed; anything that is not one object a line fails."""
    return [json.loads(line) for line in result.stdout.splitlines()]


def event_ids(result: Result) -> list[str]:
    return [each["event_id"] for each in objects(result)[:-1]]


# The built-in receiver, and what is printed.


def test_without_a_target_a_receiver_verifies_each_delivery(
    flowsim: Flowsim,
) -> None:
    result = flowsim("replay", "partial")
    assert (result.exit_code, result.stderr) == (0, "")
    patterns = [
        r"partial: 30 of 1,000 rows are rejected by the mapper; .*",
        r"1 event to the built-in receiver, seed 7",
        r"09:30:00\.000 → sources_flow_run_success [0-9a-f]{8} try 1 \[200\] \d+ ms "
        r"· delivered · verified",
        r"1 event, 1 delivery, 1 attempt in \d+\.\d\d s: 1 delivered, 0 dropped, 1 verified",
        r"an attempt took p50 \d+ ms, p95 \d+ ms, p99 \d+ ms",
        r"ok: every event met its expectation",
    ]
    lines = result.stdout.splitlines()
    assert len(lines) == len(patterns)
    for pattern, line in zip(patterns, lines, strict=True):
        assert re.fullmatch(pattern, line), line


@pytest.mark.parametrize(
    "name", one_in(4, [each for each in shipped() if not each.startswith("faults-")])
)
def test_every_shipped_scenario_without_faults_is_delivered_and_verified(
    flowsim: Flowsim, name: str
) -> None:
    result = flowsim("replay", name, "--json")
    summary = objects(result)[-1]
    assert (result.exit_code, summary["ok"]) == (0, True)
    assert 0 < summary["events"] <= summary["delivered"] == summary["verified"]


def test_a_scenario_is_found_by_path_and_read_from_standard_input(
    flowsim: Flowsim, scenario: Write
) -> None:
    by_path = flowsim("replay", scenario(THREE_EVENTS), "--json", "--seed", 1)
    by_input = flowsim("replay", "-", "--json", "--seed", 1, input=THREE_EVENTS)
    assert event_ids(by_path) == event_ids(by_input)
    assert len(event_ids(by_path)) == 3


def test_several_scenarios_are_delivered_in_order_and_summed_up_once(
    flowsim: Flowsim, webhook: Webhook
) -> None:
    result = flowsim("replay", "success", "failure-copy", "--target", webhook.port, "--json")
    codes = [each.get("event_code") for each in objects(result)]
    assert codes == ["sources_flow_run_success", "sources_flow_run_failed", None]
    assert objects(result)[-1]["events"] == 2


def test_a_mistake_in_the_last_scenario_keeps_the_first_from_being_sent(
    flowsim: Flowsim, webhook: Webhook, scenario: Write
) -> None:
    path = scenario("events: []\n")
    result = flowsim("replay", "success", path, "--target", webhook.port)
    assert (result.exit_code, result.stdout, webhook.requests) == (2, "", [])
    assert result.stderr.startswith(f"{path}:1:9: events: ")


# --json


def test_json_has_exactly_the_documented_keys_and_the_summary_is_last(
    flowsim: Flowsim, webhook: Webhook
) -> None:
    webhook.answers = [status(503), status(200)]
    result = flowsim("replay", "partial", "--target", webhook.port, "--json")
    retried, delivered, summary = objects(result)
    assert (result.exit_code, result.stderr) == (0, "")
    assert (list(retried), list(delivered), list(summary)) == (ATTEMPT, ATTEMPT, SUMMARY)
    assert (retried["outcome"], retried["retry_in_s"], retried["status_code"]) == ("retry", 60, 503)
    assert (delivered["outcome"], delivered["retry_in_s"], delivered["attempt"]) == (
        "delivered",
        None,
        2,
    )
    assert delivered["event_ids"] == [delivered["event_id"]] == retried["event_ids"]
    assert delivered["delivery_id"] != retried["delivery_id"]
    assert (delivered["reason"], delivered["verified"]) == (None, None)
    assert type(delivered["elapsed_ms"]) is type(summary["elapsed_s"]) is float
    counts = {name: summary[name] for name in SUMMARY if name not in ("type", "elapsed_s")}
    assert counts == {
        "events": 1,
        "copies": 0,
        "deliveries": 1,
        "attempts": 2,
        "delivered": 1,
        "dropped": 0,
        "withheld": 0,
        "left_out": 0,
        "verified": None,
        "unmet_count": 0,
        "unmet": [],
        "ok": True,
        "error": None,
        "exit_code": 0,
    }


def test_json_of_a_drop_has_its_reason(flowsim: Flowsim, webhook: Webhook) -> None:
    webhook.answers = [status(401)]
    result = flowsim("replay", "partial", "--target", webhook.port, "--json")
    dropped, summary = objects(result)
    assert result.exit_code == 1
    assert (dropped["outcome"], dropped["reason"]) == ("dropped", "401 is not retried")
    assert (summary["delivered"], summary["dropped"], summary["ok"]) == (0, 1, False)


def test_json_has_one_object_per_post_and_counts_events_of_batches(flowsim: Flowsim) -> None:
    *attempts, summary = objects(flowsim("replay", "batch", "--json"))
    assert sorted(len(each["event_ids"]) for each in attempts) == [5, 20, 20]
    assert all(each["event_id"] == each["event_ids"][0] for each in attempts)
    assert [each["verified"] for each in attempts] == [True] * 3
    assert (summary["events"], summary["deliveries"], summary["attempts"]) == (45, 3, 3)
    assert (summary["delivered"], summary["verified"]) == (45, 45)


@pytest.mark.parametrize(
    ("arguments", "exit_code"),
    [
        (["no-such-scenario"], 2),
        (["partial", "--set", "flow_run.records.failed=-1"], 2),
        (["partial", "--target", "ftp://host"], 2),
        (["partial", "--cacert", "no-such-file"], 2),
        (["partial", "--save", "/dev/null"], 2),
        (["partial", "--target", "1"], 1),
    ],
)
def test_json_ends_with_a_summary_even_if_nothing_could_be_sent(
    flowsim: Flowsim, arguments: list[str], exit_code: int
) -> None:
    result = flowsim("replay", *arguments, "--json")
    (summary,) = objects(result)
    assert result.exit_code == exit_code
    assert (list(summary), summary["events"], summary["ok"]) == (SUMMARY, 0, False)
    assert result.stderr


# --target, --wait


def test_a_wrong_scheme_ends_the_replay_after_the_first_attempt(
    flowsim: Flowsim,
) -> None:
    with receiving(leaves=r"(.* \[400\] a TLS handshake.*\n)+") as stub:
        place = f"://127.0.0.1:{stub.port}/hook"
        result = flowsim("replay", "partial", "success", "--target", f"https{place}")
        alone = flowsim("replay", "partial", "--target", f"https{place}", "--max-attempts", 1)
    assert (result.exit_code, result.stdout.count(" try ")) == (1, 1)
    assert result.stderr == (
        f"error: the webhook speaks plain HTTP at https{place}, so no attempt can succeed; "
        f"use http{place}\n"
    )
    assert "dropped: 611 on the only attempt" in alone.stdout


@pytest.mark.parametrize(
    ("form", "line", "host"),
    [
        ("{port}", "POST / HTTP/1.1", "127.0.0.1"),
        (":{port}/hook", "POST /hook HTTP/1.1", "127.0.0.1"),
        ("localhost:{port}/hook?a=%2F", "POST /hook?a=%2F HTTP/1.1", "localhost"),
        ("http://127.0.0.1:{port}/x/../y", "POST /x/../y HTTP/1.1", "127.0.0.1"),
    ],
)
def test_a_target_may_be_incomplete_and_is_sent_as_it_was_given(
    flowsim: Flowsim, webhook: Webhook, form: str, line: str, host: str
) -> None:
    result = flowsim("replay", "partial", "--target", form.format(port=webhook.port))
    assert (result.exit_code, len(webhook.requests)) == (0, 1)
    assert webhook.requests[0].line == line
    assert webhook.requests[0].headers["host"] == f"{host}:{webhook.port}"
    assert "1 delivered, 0 dropped; flowsim cannot see whether the target verified" in result.stdout


@pytest.mark.parametrize("target", ["", "ftp://host", "host:port", "http://", "a b", "0"])
def test_a_target_that_is_no_address_is_a_usage_mistake(flowsim: Flowsim, target: str) -> None:
    result = flowsim("replay", "partial", "--target", target)
    assert (result.exit_code, result.stdout) == (2, "")
    assert "expected an address such as 3000" in result.stderr


def test_a_refused_port_is_reported_in_one_sentence(flowsim: Flowsim) -> None:
    port = free_port()
    result = flowsim("replay", "partial", "--target", port)
    assert (result.exit_code, result.stdout) == (1, "")
    (sentence,) = result.stderr.splitlines()
    assert f"no webhook answers at http://127.0.0.1:{port}/ (connection refused)" in sentence


def test_waiting_for_a_webhook_that_never_comes_ends_with_the_same_sentence(
    flowsim: Flowsim,
) -> None:
    url = f"http://127.0.0.1:{free_port()}/"
    result = flowsim("replay", "partial", "--target", url, "--wait", "20ms")
    assert (result.exit_code, result.stdout) == (1, "")
    waiting, failure = result.stderr.splitlines()
    assert waiting == f"waiting for a webhook at {url}, 20ms at most (connection refused)"
    assert failure.startswith(f"error: no webhook answers at {url} (connection refused")
    assert failure.endswith("), and did not within 20ms; start it there, or name its address")


def test_a_webhook_that_starts_late_is_waited_for(flowsim: Flowsim) -> None:
    """The port is bound from the start, but refuses connections until a server listens."""
    with socket.socket() as port, contextlib.ExitStack() as stack:
        port.bind(("127.0.0.1", 0))
        port.settimeout(60)

        def serve() -> None:
            port.listen()
            while True:
                connection = stack.enter_context(port.accept()[0])
                if connection.recv(100_000):
                    connection.sendall(b"HTTP/1.1 200 OK\r\ncontent-length: 0\r\n\r\n")
                    return

        late = threading.Timer(0.5, serve)
        late.start()
        result = flowsim("replay", "partial", "--target", port.getsockname()[1], "--wait", "30s")
        late.join()
    assert result.exit_code == 0
    assert result.stderr.startswith("waiting for a webhook at http://127.0.0.1:")


# The story: --seed, --at, --fresh, --set, --client-id, --repeat


def test_a_seed_decides_the_bytes(flowsim: Flowsim, webhook: Webhook) -> None:
    for seed in (3, 3, 4):
        flowsim("replay", "partial", "--target", webhook.port, "--seed", seed)
    one, again, other = webhook.requests
    assert one.body == again.body != other.body
    assert one.headers == again.headers
    assert one.headers["x-adobe-event-id"] != other.headers["x-adobe-event-id"]


@pytest.mark.parametrize("arguments", [["partial", "--seed", "random"], ["-"]])
def test_a_drawn_seed_is_printed_and_repeats_the_story(
    flowsim: Flowsim, arguments: list[str]
) -> None:
    text = "at: 2026-01-15T09:30:00Z\nevents: [{flow_run: {}}]\n"
    read = flowsim("replay", *arguments, input=text)
    drawn = re.search(r"\(repeat with --seed (\d+)\)", read.stdout)
    assert drawn
    again = flowsim("replay", *arguments[:1], "--seed", drawn[1], input=text)
    line = re.compile(r"→ (\S+ \S+)")
    assert line.search(again.stdout)[1] == line.search(read.stdout)[1]  # type: ignore[index]
    as_json = flowsim("replay", *arguments, "--json", input=text)
    assert re.search(r": repeat with --seed \d+$", as_json.stderr.strip())
    assert len(objects(as_json)) == 2


def test_at_sets_the_clock_of_the_story(flowsim: Flowsim, webhook: Webhook) -> None:
    result = flowsim(
        "replay", "partial", "--target", webhook.port, "--at", "2027-02-03T04:05:06.789+01:00"
    )
    assert "\n03:05:06.789 → " in result.stdout
    assert b"1801623906789" in webhook.requests[0].body


def test_a_fresh_replay_has_the_same_story_with_new_event_ids(
    flowsim: Flowsim, webhook: Webhook
) -> None:
    for options in ([], ["--fresh"], ["--fresh"]):
        flowsim("replay", "partial", "--target", webhook.port, *options)
    ids = [request.headers["x-adobe-event-id"] for request in webhook.requests]
    stories = {
        request.body.replace(own.encode(), b"")
        for request, own in zip(webhook.requests, ids, strict=True)
    }
    assert (len(set(ids)), len(stories)) == (3, 1)


def test_a_wrong_setting_of_many_entries_is_one_sentence(flowsim: Flowsim) -> None:
    result = flowsim("replay", "indesign-job", "--set", "indesign_job.outcome=exploded")
    said = "--set indesign_job.outcome=exploded: events[0].indesign_job.outcome: 'exploded'"
    assert (result.exit_code, result.stdout) == (2, "")
    assert result.stderr.startswith(f"{said}; expected ")
    assert result.stderr.count("--set") == 1


def test_set_changes_the_story_as_often_as_it_is_given(flowsim: Flowsim, webhook: Webhook) -> None:
    result = flowsim(
        *("replay", "partial", "--json", "--target", webhook.port),
        *("--set", "flow_run.records.failed=60", "--set", "repeat=2"),
        *("--set", "registration.event_delivery_format=cloud_events"),
    )
    assert result.exit_code == 0
    assert [each["event_code"] for each in objects(result)[:-1]] == ["sources_flow_run_failed"] * 2
    assert {json.loads(each.body)["specversion"] for each in webhook.requests} == {"1.0"}


@pytest.mark.parametrize(
    ("setting", "answer"),
    [
        ("nonsense", "KEY=VALUE"),
        ("flow_rum.records.failed=1", "flow_run"),
        ("flow_run.records.failed=2000", "--set flow_run.records.failed=2000"),
        ("seed=[", "--set seed=["),
    ],
)
def test_an_invalid_setting_is_named_and_nothing_is_sent(
    flowsim: Flowsim, webhook: Webhook, setting: str, answer: str
) -> None:
    result = flowsim("replay", "partial", "--target", webhook.port, "--set", setting)
    assert (result.exit_code, result.stdout, webhook.requests) == (2, "", [])
    assert answer in result.stderr


def test_the_client_id_is_the_recipient_in_the_body(flowsim: Flowsim, webhook: Webhook) -> None:
    client_id = "0000000000000000000000000000ffff"
    flowsim("replay", "success", "--target", webhook.port, "--client-id", client_id)
    body = json.loads(webhook.requests[0].body)
    assert body["recipient_client_id"] == body["recipientclientid"] == client_id
    assert flowsim("replay", "success", "--client-id", client_id).exit_code == 0


def test_repeat_delivers_the_story_again_with_new_events(flowsim: Flowsim, scenario: Write) -> None:
    result = flowsim("replay", scenario(THREE_EVENTS), "--repeat", 4, "--seed", 1, "--json")
    assert objects(result)[-1]["events"] == 12
    assert len(set(event_ids(result))) == 12
    once = flowsim("replay", scenario(THREE_EVENTS), "--seed", 1, "--json")
    assert event_ids(result)[:3] == event_ids(once)


# --clock, --concurrency, --rate, --timeout, --max-attempts


def test_the_fast_clock_shows_the_waits_that_it_skips(flowsim: Flowsim, webhook: Webhook) -> None:
    webhook.answers = [status(503), status(429), status(200)]
    result = flowsim("replay", "partial", "--target", webhook.port, "--clock", "fast")
    attempts = [line for line in result.stdout.splitlines() if "→" in line]
    assert [line[:12] for line in attempts] == ["09:30:00.000", "09:31:00.000", "09:33:00.000"]
    assert attempts[0].endswith("ms · retry in 1m (skipped)")
    assert attempts[1].endswith("ms · retry in 2m (skipped)")
    assert attempts[2].endswith("ms · delivered")


@pytest.mark.parametrize(("clock", "wait"), [("real", "40ms"), ("6000x", "4m")])
def test_other_clocks_keep_the_waits(
    flowsim: Flowsim, webhook: Webhook, scenario: Write, clock: str, wait: str
) -> None:
    """The second event leaves when story time has come, or later if the machine is busy."""
    path = scenario(
        "at: 2026-01-15T09:30:00Z\nevents:\n  - payload: 1\n"
        f"  - {{payload: 2, after: {wait}}}\nseed: 1\n"
    )
    result = flowsim("replay", path, "--target", webhook.port, "--clock", clock)
    _, sent = (line[:12] for line in result.stdout.splitlines() if "→" in line)
    assert sent >= {"40ms": "09:30:00.040", "4m": "09:34:00.000"}[wait]
    assert "skipped" not in result.stdout
    assert result.exit_code == 0


def test_a_shortened_wait_before_a_retry_is_not_called_skipped(
    flowsim: Flowsim, webhook: Webhook
) -> None:
    webhook.answers = [status(503), status(200)]
    result = flowsim("replay", "partial", "--target", webhook.port, "--clock", "60000x")
    assert "· retry in 1m\n" in result.stdout
    assert result.exit_code == 0


@pytest.mark.parametrize("clock", ["slow", "60", "0x", "-1x", "nanx", "infx", ""])
def test_an_invalid_clock_is_a_usage_mistake(flowsim: Flowsim, clock: str) -> None:
    result = flowsim("replay", "partial", "--clock", clock)
    assert (result.exit_code, result.stdout) == (2, "")
    assert "fast, real" in result.stderr


@pytest.mark.parametrize("concurrency", [1, 3])
def test_concurrency_limits_the_attempts_at_the_same_time(
    flowsim: Flowsim, webhook: Webhook, scenario: Write, concurrency: int
) -> None:
    """Every answer waits until as many requests as allowed have come."""
    together = threading.Barrier(concurrency)
    lock, under_way, most = threading.Lock(), 0, 0

    def answer(_: Request) -> Iterator[bytes]:
        nonlocal under_way, most
        with lock:
            under_way += 1
            most = max(most, under_way)
        together.wait(20)
        with lock:
            under_way -= 1
        yield b"HTTP/1.1 200 OK\r\ncontent-length: 0\r\n\r\n"

    webhook.answers = [answer]
    path = scenario("events: [{payload: 1, repeat: 6}]\n")
    result = flowsim(
        "replay", path, "--target", webhook.port, "--concurrency", concurrency, "--timeout", "30s"
    )
    assert (result.exit_code, most) == (0, concurrency)


def test_the_rate_is_kept(flowsim: Flowsim, webhook: Webhook) -> None:
    """No attempt comes before its turn; how much later it comes is the machine's affair."""
    result = flowsim(
        *("replay", "partial", "--repeat", 6, "--rate", 50, "--json"),
        *("--target", webhook.port),
    )
    assert objects(result)[-1]["elapsed_s"] >= 5 / 50
    assert result.exit_code == 0


@pytest.mark.parametrize(
    ("option", "value"),
    [
        ("--rate", "0"),
        ("--rate", "nan"),
        ("--concurrency", "0"),
        ("--repeat", "0"),
        ("--max-attempts", "0"),
        ("--timeout", "0"),
        ("--timeout", "soon"),
        ("--wait", "-1"),
        ("--seed", "seven"),
        ("--serve-keys", "0"),
        ("--at", "yesterday"),
        ("--client-id", "two words"),
        ("--save", ""),
    ],
)
def test_an_invalid_value_is_refused_with_its_option(
    flowsim: Flowsim, option: str, value: str
) -> None:
    result = flowsim("replay", "partial", option, value)
    assert (result.exit_code, result.stdout) == (2, "")
    assert option in result.stderr
    assert value in result.stderr


def test_a_webhook_that_does_not_answer_in_time_gets_604(
    flowsim: Flowsim, webhook: Webhook
) -> None:
    ended = threading.Event()

    def silent(_: Request) -> Iterator[bytes]:
        ended.wait(20)
        return iter(())

    webhook.answers = [silent]
    result = flowsim(
        *("replay", "partial", "--target", webhook.port, "--json"),
        *("--timeout", "100ms", "--max-attempts", 1),
    )
    ended.set()
    attempt, summary = objects(result)
    assert (result.exit_code, summary["ok"]) == (1, False)
    assert (attempt["status_code"], attempt["outcome"]) == (604, "dropped")


def test_a_dead_webhook_is_tried_for_24_hours_or_max_attempts(
    flowsim: Flowsim, webhook: Webhook
) -> None:
    webhook.answers = [status(500)]
    replay = ("replay", "partial", "--target", webhook.port, "--json")
    given_up = flowsim(*replay, "--max-attempts", 3)
    assert [each.get("retry_in_s") for each in objects(given_up)] == [60, 120, None, None]
    assert objects(given_up)[-2]["reason"] == "500 on the last of 3 attempts"
    day = objects(flowsim(*replay))
    assert (day[-1]["attempts"], day[-2]["reason"]) == (99, "500 until 24 hours had passed")


# --cacert, --insecure


@pytest.fixture(scope="module")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A self-signed certificate for 127.0.0.1 and its key, in one PEM file."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "webhook")])
    now = datetime.datetime.now(datetime.UTC)
    host = x509.IPAddress(ipaddress.ip_address("127.0.0.1"))
    signed = (
        x509.CertificateBuilder(name, name, key.public_key(), x509.random_serial_number())
        .not_valid_before(now - datetime.timedelta(days=1))
        .not_valid_after(now + datetime.timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([host]), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, SHA256())
    )
    path = tmp_path_factory.mktemp("tls") / "webhook.pem"
    own = key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    path.write_bytes(own + signed.public_bytes(Encoding.PEM))
    return path


@pytest.fixture
def secure(certificate: Path) -> Iterator[Webhook]:
    """A webhook that speaks https with that certificate."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate)
    with Webhook(tls=context) as running:
        yield running


def test_a_certificate_of_an_unknown_authority_is_refused_with_611(
    flowsim: Flowsim, secure: Webhook
) -> None:
    result = flowsim("replay", "partial", "--target", secure.url, "--max-attempts", 1, "--json")
    assert (result.exit_code, objects(result)[0]["status_code"]) == (1, 611)
    assert secure.requests == []


def test_cacert_names_the_authority_and_insecure_accepts_any(
    flowsim: Flowsim, secure: Webhook, certificate: Path
) -> None:
    replay = ("replay", "partial", "--target", secure.url)
    assert flowsim(*replay, "--cacert", certificate).exit_code == 0
    assert flowsim(*replay, "--insecure").exit_code == 0
    assert len(secure.requests) == 2


@pytest.mark.parametrize("content", [None, "no certificate"])
def test_an_unreadable_cacert_is_reported_in_one_sentence(
    flowsim: Flowsim, secure: Webhook, tmp_path: Path, content: str | None
) -> None:
    path = tmp_path / "ca.pem"
    if content:
        path.write_text(content)
    result = flowsim("replay", "partial", "--target", secure.url, "--cacert", path)
    (sentence,) = result.stderr.splitlines()
    assert (result.exit_code, result.stdout) == (2, "")
    assert f"--cacert {path}: " in sentence


def test_cacert_and_insecure_exclude_each_other(flowsim: Flowsim, certificate: Path) -> None:
    result = flowsim("replay", "partial", "--cacert", certificate, "--insecure")
    assert (result.exit_code, result.stdout) == (2, "")


# --save, --serve-keys


def test_a_saved_delivery_is_what_was_sent_and_openssl_accepts_it(
    flowsim: Flowsim, webhook: Webhook, tmp_path: Path
) -> None:
    webhook.answers = [status(503), status(200)]
    folder = tmp_path / "new" / "saved"
    result = flowsim("replay", "partial", "--target", webhook.url, "--save", folder, "--json")
    first, second = webhook.requests
    name = f"000001-20260115T093000.000Z-{first.headers['x-adobe-event-id']}"
    paths = (first.headers[f"x-adobe-public-key{number}-path"] for number in (1, 2))
    keys = [Path(path).name for path in paths]
    expected = ["attempts.jsonl", *(f"{name}.{end}" for end in ("body", "http", "sig1", "sig2"))]
    assert sorted(path.name for path in folder.iterdir()) == sorted([*expected, *keys])
    assert (folder / f"{name}.body").read_bytes() == first.body == second.body
    head, _, body = (folder / f"{name}.http").read_bytes().partition(b"\r\n\r\n")
    assert (head.decode().split("\r\n")[0], body) == (first.line, first.body)
    assert sorted(head.decode().split("\r\n")) == sorted(first.head.split("\r\n"))
    saved = [json.loads(line) for line in (folder / "attempts.jsonl").read_text().splitlines()]
    assert saved == objects(result)
    for key, signature in zip(keys, ("sig1", "sig2"), strict=True):
        verify = f"openssl dgst -sha256 -verify {key} -signature {name}.{signature} {name}.body"
        output = subprocess.run(verify.split(), cwd=folder, capture_output=True, check=False)
        assert output.stdout == b"Verified OK\n"


def test_an_impossible_folder_is_reported_and_nothing_is_sent(
    flowsim: Flowsim, webhook: Webhook, tmp_path: Path
) -> None:
    (tmp_path / "file").write_text("")
    result = flowsim("replay", "partial", "--target", webhook.port, "--save", tmp_path / "file")
    (sentence,) = result.stderr.splitlines()
    assert (result.exit_code, result.stdout, webhook.requests) == (2, "", [])
    assert f"cannot save to {tmp_path / 'file'}" in sentence


def test_a_folder_with_deliveries_in_it_is_refused_and_nothing_is_sent(
    flowsim: Flowsim, webhook: Webhook, tmp_path: Path
) -> None:
    """Two replays in one folder would be sent again as one story."""
    saving = ("replay", "partial", "--target", webhook.port, "--save", tmp_path)
    assert flowsim(*saving).exit_code == 0
    saved = sorted(tmp_path.iterdir())
    again = flowsim(*saving, "--fresh")
    assert (again.exit_code, again.stdout, len(webhook.requests)) == (2, "", 1)
    reason = "it contains deliveries already; expected another folder, or remove this one first"
    assert again.stderr == f"error: cannot save to {tmp_path}: {reason}\n"
    assert sorted(tmp_path.iterdir()) == saved


def test_a_folder_from_which_nothing_was_sent_is_used_again(
    flowsim: Flowsim, webhook: Webhook, tmp_path: Path
) -> None:
    assert flowsim("replay", "partial", "--target", free_port(), "--save", tmp_path).exit_code == 1
    again = flowsim("replay", "partial", "--target", webhook.port, "--save", tmp_path)
    assert (again.exit_code, len(webhook.requests)) == (0, 1)


def test_the_keys_are_served_until_the_replay_ends(flowsim: Flowsim, webhook: Webhook) -> None:
    port = free_port()
    fetched: list[str] = []

    def answer(request: Request) -> Iterator[bytes]:
        for number in (1, 2):
            path = request.headers[f"x-adobe-public-key{number}-path"]
            with urllib.request.urlopen(f"http://127.0.0.1:{port}{path}") as found:
                fetched.append(found.read().decode())
        yield b"HTTP/1.1 200 OK\r\ncontent-length: 0\r\n\r\n"

    webhook.answers = [answer]
    result = flowsim("replay", "partial", "--target", webhook.port, "--serve-keys", port)
    assert result.exit_code == 0
    assert "".join(fetched) == flowsim("keys", "show", "--pem").stdout
    with pytest.raises(ConnectionRefusedError):
        socket.create_connection(("127.0.0.1", port))


@pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")  # cheroot's socket
def test_a_taken_port_for_the_keys_ends_before_anything_is_sent(
    flowsim: Flowsim, webhook: Webhook
) -> None:
    result = flowsim("replay", "partial", "--target", webhook.port, "--serve-keys", webhook.port)
    (sentence,) = result.stderr.splitlines()
    assert (result.exit_code, result.stdout, webhook.requests) == (2, "", [])
    assert f"cannot listen on 127.0.0.1:{webhook.port}" in sentence


# Exit codes


@pytest.mark.parametrize(
    ("expect", "answer", "exit_code"),
    [
        ("delivered", 204, 0),
        ("delivered", 401, 1),
        ("rejected", 401, 0),
        ("rejected", 200, 1),
        ("410", 410, 0),
        ("410", 400, 1),
    ],
)
def test_the_exit_code_says_whether_every_event_met_its_expectation(
    flowsim: Flowsim, webhook: Webhook, expect: str, answer: int, exit_code: int
) -> None:
    webhook.answers = [status(answer)]
    result = flowsim("replay", "partial", "--target", webhook.port, "--set", f"expect={expect}")
    assert result.exit_code == exit_code
    last = result.stdout.splitlines()[-1]
    assert last.startswith("ok: ") is (exit_code == 0)
    assert (f"· expected {expect}" in result.stdout) is (exit_code == 1)


def test_one_unexpected_event_of_many_fails_a_replay(flowsim: Flowsim, webhook: Webhook) -> None:
    webhook.answers = [status(200), status(404), status(200)]
    result = flowsim("replay", "partial", "--repeat", 5, "--target", webhook.port)
    assert result.exit_code == 1
    assert result.stdout.splitlines()[-1] == "not ok: 1 event did not meet the expectation"


# As a process: signals, pipes, terminals


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


def ends_with_the_summary(output: str) -> bool:
    """Tell whether the figures of two of three events come last, for reading or as JSON."""
    if output.startswith("{"):
        summary = json.loads(output.splitlines()[-1])
        return (summary["type"], summary["delivered"], summary["ok"]) == ("summary", 2, False)
    figures, _, verdict = output.splitlines()[-3:]
    return "2 delivered" in figures and verdict == "not ok: stopped before the end"


@pytest.mark.parametrize(
    ("number", "options"),
    [
        (signal.SIGINT, ["--json"]),
        pytest.param(signal.SIGINT, [], marks=pytest.mark.slow),
        pytest.param(signal.SIGTERM, [], marks=pytest.mark.slow),
    ],
)
def test_a_signal_ends_the_replay_cleanly_with_the_summary_so_far(
    webhook: Webhook, scenario: Write, number: signal.Signals, options: list[str]
) -> None:
    """The signal comes with the third request, which is never answered."""
    process: subprocess.Popen[bytes]
    ended = threading.Event()

    def interrupt(_: Request) -> Iterator[bytes]:
        process.send_signal(number)
        ended.wait(20)
        return iter(())

    webhook.answers = [status(200), status(200), interrupt]
    command = ("replay", scenario(THREE_EVENTS), "--target", str(webhook.port), *options)
    with running(*command, stdout=subprocess.PIPE, stderr=subprocess.PIPE) as process:
        output, errors = process.communicate()
    ended.set()
    assert process.returncode == 130
    assert b"Traceback" not in errors
    assert ends_with_the_summary(output.decode())


@pytest.mark.skipif(os.name == "nt", reason="Windows has no signals of this kind")
@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_a_signal_while_a_scenario_is_read_ends_json_with_the_summary(
    flowsim: Flowsim, number: signal.Signals
) -> None:
    class Text(io.BytesIO):
        def read(self, size: int | None = -1) -> bytes:
            if size:  # else it is only asked whether it holds bytes
                signal.raise_signal(number)
            return b""

    result = flowsim("replay", "-", "--json", input=Text())
    (summary,) = objects(result)
    assert (result.exit_code, summary["type"], summary["attempts"]) == (130, "summary", 0)


def test_a_reader_that_goes_away_ends_the_replay_without_a_traceback() -> None:
    """With --json it is the same, as tests/commands/test_streams.py shows."""
    command = ("replay", "partial", "--repeat", "300")
    with running(*command, stdout=subprocess.PIPE, stderr=subprocess.PIPE) as process:
        assert process.stdout
        assert process.stderr
        process.stdout.readline()
        process.stdout.close()
        assert process.stderr.read() == b""
        assert process.wait() == 2, "1 says that a webhook failed"


def test_on_a_terminal_statuses_are_coloured_unless_no_color_is_set() -> None:
    assert "\x1b[32m[200]\x1b[0m" in on_a_terminal("replay", "partial")
    assert "\x1b" not in on_a_terminal("replay", "partial", NO_COLOR="1")


def test_a_long_replay_on_a_terminal_has_a_bar() -> None:
    long = on_a_terminal("replay", "partial", "--repeat", "60")
    assert re.search(r"\d events/s", long)
    assert re.search(r"\d+/60", long)
    assert re.search(r"[\d-]:[\d-]{2}:[\d-]{2}", long)
    assert "\x1b[32m[200]" in long
    assert long.count("· delivered · verified") == 60
    assert "events/s" not in on_a_terminal("replay", "partial", "--repeat", "50")


def test_the_bar_has_no_colour_either_if_no_color_is_set() -> None:
    plain = on_a_terminal("replay", "partial", "--repeat", "60", NO_COLOR="1")
    assert "events/s" in plain
    assert not re.search(r"\x1b\[[\d;]*3\d", plain)


def test_piped_output_has_neither_colour_nor_bar(capfd: pytest.CaptureFixture[str]) -> None:
    assert exit_code("replay", "partial", "--repeat", "60", output=1, messages=2) == 0
    result = capfd.readouterr()
    assert "\x1b" not in result.out
    assert "events/s" not in result.out
    assert (len(result.out.splitlines()) > 60, result.err) == (True, "")
