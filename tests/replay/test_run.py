"""Stories replayed to webhooks on real sockets."""

from __future__ import annotations

import base64
import contextlib
import json
import os
import shutil
import signal
import socket
import ssl
import subprocess
import sys
import threading
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import IO, Any

import pytest
from cryptography.hazmat.primitives.asymmetric.padding import PKCS1v15
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPublicKey
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import load_pem_public_key

from flowsim.captures.story import open_captures
from flowsim.core.trace import Trace
from flowsim.delivery.signers import processors
from flowsim.delivery.story_runner import AnyStory
from flowsim.delivery.summary import Summary
from flowsim.errors import FlowsimError, SettingError, UnreachableError
from flowsim.installation import authority, settings
from flowsim.replay.run import ReplayOptions, run
from flowsim.reports.format_table import ReplayOutput
from flowsim.reports.formats.json import JsonLines
from flowsim.reports.replay_report import Opening
from flowsim.runtime import event_loop
from flowsim.story.opening import open_story

from ..cases import one_in
from ..webhook import Request, Webhook, status

Write = Callable[[str], str]

TWO_RUNS = """
seed: 7
at: 2026-01-15T09:30:00Z
events:
  - flow_run: {}
  - flow_run: {}
    after: 10m
"""

EXPECTING = """
seed: 7
at: 2026-01-15T09:30:00Z
events:
  - {flow_run: {}, expect: %s}
"""


def replay(*names: str, **options: Any) -> tuple[Summary, list[dict[str, Any]], dict[str, Any]]:
    """Replay scenarios; return the summary, and the attempts and the summary as JSON lines."""
    lines: list[str] = []
    stories = [open_story(name) for name in names]
    summary = run(
        stories, ReplayOptions(**options), JsonLines(ReplayOutput(lines.append, lambda _: None))
    )
    objects = [json.loads(line) for line in lines]
    return summary, objects[:-1], objects[-1]


def header(request: Request, name: str) -> str | None:
    return request.headers.get(f"x-adobe-{name}")


# What comes of a replay.


def test_without_a_target_our_own_receiver_verifies_every_delivery() -> None:
    summary, attempts, last = replay("partial")
    assert summary.ok
    assert [attempt["verified"] for attempt in attempts] == [True]
    elapsed = last.pop("elapsed_s")
    assert elapsed > 0
    assert last == {
        "type": "summary",
        "events": 1,
        "copies": 0,
        "deliveries": 1,
        "attempts": 1,
        "delivered": 1,
        "dropped": 0,
        "withheld": 0,
        "left_out": 0,
        "verified": 1,
        "unmet_count": 0,
        "unmet": [],
        "ok": True,
        "error": None,
        "exit_code": 0,
    }


def test_with_a_target_no_event_is_verified(webhook: Webhook) -> None:
    summary, attempts, last = replay("partial", target=webhook.url)
    assert summary.ok
    assert attempts[0]["verified"] is None
    assert last["verified"] is None
    assert len(webhook.requests) == 1


def test_a_failed_attempt_is_made_again_and_delivered(webhook: Webhook) -> None:
    webhook.answers = [status(503), status(429), status(200)]
    summary, attempts, _ = replay("partial", target=webhook.url)
    assert summary.ok
    assert (summary.events, summary.deliveries, summary.attempts) == (1, 1, 3)
    assert [each["outcome"] for each in attempts] == ["retry", "retry", "delivered"]
    assert [each["retry_in_s"] for each in attempts] == [60, 120, None]
    first, *others = webhook.requests
    assert [header(each, "retry-count") for each in webhook.requests] == [None, "1", "2"]
    for each in others:
        assert each.body == first.body
        for name in ("event-id", "digital-signature-1", "digital-signature-2"):
            assert header(each, name) == header(first, name)
    assert len({header(each, "delivery-id") for each in webhook.requests}) == 3


def test_a_webhook_down_for_a_day_gets_99_attempts_without_waiting(
    webhook: Webhook,
) -> None:
    webhook.answers = [status(500)]
    summary, attempts, _ = replay("partial", target=webhook.url)
    assert not summary.ok
    assert (summary.attempts, summary.dropped) == (99, 1)
    assert attempts[-1]["reason"] == "500 until 24 hours had passed"


def test_a_refused_event_is_dropped_and_the_replay_goes_on(
    webhook: Webhook, scenario: Write
) -> None:
    webhook.answers = [status(404), status(200)]
    summary, attempts, _ = replay(scenario(TWO_RUNS), target=webhook.url)
    assert [each["outcome"] for each in attempts] == ["dropped", "delivered"]
    assert (summary.delivered, summary.dropped, summary.unexpected) == (1, 1, 1)
    assert not summary.ok


def test_a_drop_is_no_success_even_if_the_receiver_verified_the_bytes(webhook: Webhook) -> None:
    webhook.answers = [status(500)]
    summary, _, _ = replay("partial", target=webhook.url, max_attempts=1)
    assert (summary.attempts, summary.dropped, summary.ok) == (1, 1, False)


@pytest.mark.parametrize(
    ("expect", "answer", "ok"),
    [
        ("delivered", 204, True),
        ("delivered", 401, False),
        ("rejected", 401, True),
        ("rejected", 400, True),
        ("rejected", 200, False),
        ("rejected", 503, False),
        ("401", 401, True),
        ("401", 403, False),
        ("503", 503, True),
        ("302", 302, True),
    ],
)
def test_the_verdict_is_that_of_the_expectation(
    webhook: Webhook, scenario: Write, expect: str, answer: int, ok: bool
) -> None:
    webhook.answers = [status(answer)]
    name = scenario(EXPECTING % expect)
    summary, _, last = replay(name, target=webhook.url, max_attempts=2)
    assert summary.ok is ok
    assert last["ok"] is ok
    assert summary.unexpected == (0 if ok else 1)


def test_an_event_expected_to_be_rejected_is_unmet_at_the_receiver(scenario: Write) -> None:
    assert not replay(scenario(EXPECTING % "rejected"))[0].ok


def test_a_batch_is_delivered_and_retried_as_one(webhook: Webhook) -> None:
    """45 events due at once are three batches; each is answered 503 once."""
    seen: set[str | None] = set()

    def refuse_once(request: Request) -> Iterator[bytes]:
        event_id = header(request, "event-id")
        code = 200 if event_id in seen else 503
        seen.add(event_id)
        return status(code)(request)

    webhook.answers = [refuse_once]
    summary, attempts, _ = replay("batch", target=webhook.url)
    assert summary.ok
    assert (summary.events, summary.deliveries, summary.attempts) == (45, 3, 6)
    assert summary.delivered == 45
    sizes = {len(json.loads(each.body)) for each in webhook.requests}
    assert sizes == {20, 5}
    assert all(each["event_id"] == each["event_ids"][0] for each in attempts)
    assert sum(len(each["event_ids"]) for each in attempts) == 90


def test_events_of_a_batch_count_one_by_one_as_verified() -> None:
    summary, _, _ = replay("batch")
    assert (summary.verified, summary.deliveries, summary.ok) == (45, 3, True)


def test_several_stories_make_one_summary(webhook: Webhook) -> None:
    summary, attempts, _ = replay("partial", "batch", "success", target=webhook.url)
    assert (summary.events, summary.deliveries) == (47, 5)
    assert len(attempts) == len(webhook.requests) == 5


class Openings:
    """Notes where each story was sent."""

    def __init__(self) -> None:
        self.targets: list[str] = []

    def opened(self, opening: Opening) -> None:
        self.targets.append(opening.target)

    def attempted(self, trace: Trace) -> None:
        pass

    def closed(self, summary: Summary, elapsed: float) -> None:
        pass


def replayed_to(*stories: AnyStory, **options: Any) -> tuple[Summary, list[str]]:
    """Replay stories to receivers of our own; return the summary and the address of each."""
    openings = Openings()
    return run(stories, ReplayOptions(**options), openings), openings.targets


def test_one_receiver_serves_all_stories_and_registrations(scenario: Write) -> None:
    other = scenario(f"registration: {{client_id: {'ab' * 16}, names: as-documented}}\n{TWO_RUNS}")
    summary, targets = replayed_to(*map(open_story, ("partial", other, "batch", "partial")))
    assert (summary.verified, summary.ok) == (1 + 2 + 45 + 1, True)
    assert len({*targets}) == 1


def test_more_stories_start_no_more_threads(monkeypatch: pytest.MonkeyPatch) -> None:
    """A thousand small files took twenty times as long as one replayed_to a thousand times."""
    started: list[str] = []
    start = threading.Thread.start

    def note(thread: threading.Thread) -> None:
        started.append(thread.name)
        start(thread)

    monkeypatch.setattr(threading.Thread, "start", note)
    counts = []
    for number in (1, 8):
        started.clear()
        replayed_to(*[open_story("success")] * number, concurrency=1)
        counts.append(len(started))
    assert counts[1] <= counts[0] + processors()  # each signer starts when it is first needed


def test_an_abandoned_request_does_not_reach_the_receiver_of_the_next_story(
    scenario: Write,
) -> None:
    cut = scenario(f"{TWO_RUNS}faults: [hang-up]\n")
    summary, targets = replayed_to(open_story("success"), open_story(cut), open_story("success"))
    assert targets[0] == targets[1] != targets[2]
    assert summary.verified >= 2


def test_captured_requests_between_stories_are_judged_as_alone(tmp_path: Path) -> None:
    folder = tmp_path / "captured"
    replay("batch", save=folder)
    captured = open_captures(str(folder))
    summary, _ = replayed_to(open_story("partial"), captured, captured, open_story("partial"))
    assert (summary.deliveries, summary.verified, summary.ok) == (1 + 3 + 3 + 1, 92, True)


def test_the_same_story_has_the_same_bytes_and_ids_each_time(webhook: Webhook) -> None:
    webhook.answers = [status(503), status(200)] * 2
    replay("partial", target=webhook.url)
    replay("partial", target=webhook.url)
    first, second = webhook.requests[:2], webhook.requests[2:]
    assert [each.body for each in first] == [each.body for each in second]
    assert [each.header_lines for each in first] == [each.header_lines for each in second]


def test_events_come_in_the_order_of_the_story(webhook: Webhook, scenario: Write) -> None:
    name = scenario(TWO_RUNS)
    replay(name, target=webhook.url)
    sent = [header(each, "event-id") for each in webhook.requests]
    assert sent == [event.id for event in open_story(name).events()]


def test_a_running_clock_delivers_the_whole_story(webhook: Webhook, scenario: Write) -> None:
    webhook.answers = [status(503), status(200)]
    summary, attempts, _ = replay(scenario(TWO_RUNS), target=webhook.url, clock="1000000x")
    assert summary.ok
    assert len({each["event_id"] for each in attempts}) == 2
    assert len(webhook.requests) == 3


# What stops a replay before it begins.


DIRECT = urllib.request.build_opener(urllib.request.ProxyHandler({}))
"""Fetches without a proxy."""


def status_of(url: str) -> int:
    try:
        with DIRECT.open(url, timeout=20) as answer:
            return int(answer.status)
    except urllib.error.HTTPError as error:
        with error:
            return error.code
    except urllib.error.URLError as error:
        raise error.reason if isinstance(error.reason, OSError) else error from None


def closed_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as server:
        return int(server.getsockname()[1])


def lines_of_failure(error: type[FlowsimError], **options: Any) -> list[dict[str, Any]]:
    lines: list[str] = []
    with pytest.raises(error):
        run(
            [open_story("partial")],
            ReplayOptions(**options),
            JsonLines(ReplayOutput(lines.append, lines.append)),
        )
    return [json.loads(line) for line in lines]


def test_a_dead_webhook_is_reported_once_without_attempts() -> None:
    (last,) = lines_of_failure(UnreachableError, target=f"http://127.0.0.1:{closed_port()}/hook")
    assert (last["type"], last["attempts"], last["ok"]) == ("summary", 0, False)


def test_a_webhook_that_comes_up_late_is_waited_for(webhook: Webhook) -> None:
    summary, _, _ = replay("partial", target=webhook.url, wait=20.0)
    assert summary.ok


def test_a_certificate_file_that_is_none_is_a_setting_error(tmp_path: Path) -> None:
    (tmp_path / "empty.pem").write_text("nothing")
    for name in ("empty.pem", "missing.pem", "."):
        url = f"https://127.0.0.1:{closed_port()}/"
        (last,) = lines_of_failure(SettingError, target=url, cacert=tmp_path / name)
        assert not last["ok"]


def test_a_port_that_is_taken_cannot_serve_keys(webhook: Webhook) -> None:
    (last,) = lines_of_failure(SettingError, target=webhook.url, serve_keys=webhook.port)
    assert last["attempts"] == 0


def test_a_folder_that_cannot_be_written_is_a_setting_error(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("in the way")
    (last,) = lines_of_failure(SettingError, save=tmp_path / "file" / "folder")
    assert last["attempts"] == 0


# TLS.


@pytest.fixture(scope="module")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A self-signed certificate for 127.0.0.1 as the developer of a webhook makes one."""
    if not shutil.which("openssl"):
        pytest.skip("there is no openssl on this machine")
    path = tmp_path_factory.mktemp("tls") / "webhook.pem"
    subprocess.run(
        [
            *["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2"],
            *["-subj", "/CN=webhook", "-addext", "subjectAltName=IP:127.0.0.1"],
            *["-keyout", str(path), "-out", str(path.with_suffix(".crt"))],
        ],
        check=True,
        capture_output=True,
    )
    path.write_bytes(path.read_bytes() + path.with_suffix(".crt").read_bytes())
    return path


@pytest.mark.parametrize(
    ("options", "codes"),
    [({}, [611, 611]), ({"cacert": True}, [200]), ({"insecure": True}, [200])],
)
def test_a_self_signed_webhook_is_trusted_only_with_the_option(
    certificate: Path, options: dict[str, Any], codes: list[int]
) -> None:
    """Without, it is retried: a certificate can be renewed within 24 hours."""
    if "cacert" in options:
        options = {"cacert": certificate.with_suffix(".crt")}
    tls = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    tls.load_cert_chain(certificate)
    with Webhook(tls=tls) as secure:
        _, attempts, _ = replay("partial", target=secure.url, max_attempts=2, **options)
    assert [each["status_code"] for each in attempts] == codes


@pytest.mark.parametrize("trust", ["by default", "cacert", "insecure"])
def test_a_webhook_that_asks_for_a_client_certificate_gets_ours(trust: str) -> None:
    made = authority.load(settings.authority_folder())
    options = {"by default": {}, "cacert": {"cacert": made.certificate}, "insecure": {trust: True}}
    tls = made.server_context()
    tls.verify_mode = ssl.CERT_REQUIRED
    tls.load_verify_locations(made.certificate)
    with Webhook(tls=tls) as secure:
        _, attempts, _ = replay("partial", target=secure.url, **options[trust])
    assert [each["status_code"] for each in attempts] == [200]


# Deliveries on disk, and keys on a port.


def test_saved_deliveries_are_the_sent_bytes_and_openssl_verifies_them(
    webhook: Webhook, tmp_path: Path
) -> None:
    if not shutil.which("openssl"):
        pytest.skip("there is no openssl on this machine")
    replay("partial", "failure-copy", target=webhook.url, save=tmp_path / "kept")
    bodies = sorted((tmp_path / "kept").glob("*.body"))
    assert [each.read_bytes() for each in bodies] == [each.body for each in webhook.requests]
    for body, request in zip(bodies, webhook.requests, strict=True):
        wire = request.head.encode() + b"\r\n\r\n" + request.body
        assert body.with_suffix(".http").read_bytes() == wire
        for number in (1, 2):
            pem = tmp_path / "kept" / Path(request.headers[f"x-adobe-public-key{number}-path"]).name
            signature = body.with_suffix(f".sig{number}")
            ran = subprocess.run(
                ["openssl", "dgst", "-sha256", "-verify", pem, "-signature", signature, body],
                check=False,
                capture_output=True,
            )
            assert ran.stdout == b"Verified OK\n"


def test_all_attempts_at_all_stories_are_listed_on_disk(webhook: Webhook, tmp_path: Path) -> None:
    webhook.answers = [status(503), status(200)]
    _, attempts, last = replay("partial", "success", target=webhook.url, save=tmp_path)
    text = (tmp_path / "attempts.jsonl").read_text("utf-8")
    saved = [json.loads(line) for line in text.splitlines()]
    assert saved[:-1] == attempts
    assert {**saved[-1], "elapsed_s": 0} == {**last, "elapsed_s": 0}
    assert len(list(tmp_path.glob("*.body"))) == 2


def test_the_keys_are_served_while_the_replay_lasts(webhook: Webhook) -> None:
    """The webhook fetches both, as a consumer does, before it answers."""
    port, verified = closed_port(), []

    def fetch_and_verify(request: Request) -> Iterator[bytes]:
        for number in (1, 2):
            path = request.headers[f"x-adobe-public-key{number}-path"]
            with DIRECT.open(f"http://127.0.0.1:{port}{path}", timeout=20) as answer:
                key = load_pem_public_key(answer.read())
            assert isinstance(key, RSAPublicKey)
            signature = base64.b64decode(request.headers[f"x-adobe-digital-signature-{number}"])
            key.verify(signature, request.body, PKCS1v15(), SHA256())
            verified.append(number)
        return status(200)(request)

    webhook.answers = [fetch_and_verify]
    summary, _, _ = replay("partial", target=webhook.url, serve_keys=port)
    assert summary.ok
    assert verified == [1, 2]
    with pytest.raises(ConnectionRefusedError):
        socket.create_connection(("127.0.0.1", port))


# Ctrl-C and SIGTERM, to the command itself.

LONG = ["--repeat", "5000"]  # enough to be signed in worker processes


class Command:
    """``python -m flowsim replay …`` in a process group of its own."""

    def __init__(self, *arguments: str) -> None:
        self.process = subprocess.Popen(
            [sys.executable, "-m", "flowsim", "replay", *arguments],
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            bufsize=0,  # what was read ahead would be lost to communicate()
            start_new_session=True,
            env={**os.environ, "PYTHONWARNINGS": "error", "NO_COLOR": "1"},
        )

    def __enter__(self) -> Command:
        return self

    def __exit__(self, *_: object) -> None:
        with contextlib.suppress(ProcessLookupError):
            os.killpg(self.process.pid, signal.SIGKILL)
        self.process.communicate()

    @property
    def _out(self) -> IO[bytes]:
        assert self.process.stdout
        return self.process.stdout

    def read_lines(self, number: int) -> list[str]:
        return [self._out.readline().decode() for _ in range(number)]

    def wait_for_children(self) -> None:
        """Return once worker processes exist, most likely while they are starting."""
        path = Path(f"/proc/{self.process.pid}/task/{self.process.pid}/children")
        while self.process.poll() is None and len(path.read_text().split()) < 2:
            time.sleep(0.001)

    def read_message(self) -> str:
        """Return the next line of standard error."""
        assert self.process.stderr
        return self.process.stderr.readline().decode()

    def signal(self, number: signal.Signals, whole_group: bool) -> None:
        """Send a signal; a terminal sends Ctrl-C to the whole group."""
        with contextlib.suppress(ProcessLookupError):  # what it said shows why it is gone
            (os.killpg if whole_group else os.kill)(self.process.pid, number)

    def end(self) -> tuple[int, list[str], str]:
        """Return the exit code, the rest of the lines, and standard error."""
        out, err = self.process.communicate(timeout=60)
        return self.process.returncode, out.decode().splitlines(), err.decode()


needs_posix = pytest.mark.skipif(os.name == "nt", reason="Windows has no signals of this kind")
THREADS, PROCESSES = ["--repeat", "1000"], LONG
"""Where payloads are signed. A group without worker processes has one process."""


@pytest.mark.slow
@needs_posix
@pytest.mark.usefixtures("hang_ups")
@pytest.mark.parametrize(
    ("count", "number", "whole_group"),
    [
        pytest.param(THREADS, signal.SIGINT, True, id="threads-Ctrl-C"),
        pytest.param(THREADS, signal.SIGTERM, False, id="threads-SIGTERM"),
        pytest.param(THREADS, signal.SIGHUP, True, id="threads-SIGHUP"),
        pytest.param(PROCESSES, signal.SIGINT, True, id="processes-Ctrl-C"),
        pytest.param(PROCESSES, signal.SIGTERM, False, id="processes-SIGTERM"),
        pytest.param(PROCESSES, signal.SIGTERM, True, id="processes-SIGTERM to the group"),
        pytest.param(PROCESSES, signal.SIGHUP, True, id="processes-SIGHUP"),
    ],
)
def test_a_signal_ends_a_replay_with_the_summary_so_far(
    count: list[str], number: signal.Signals, whole_group: bool
) -> None:
    with Command("partial", *count, "--rate", "100", "--json") as command:
        begun = [json.loads(line) for line in command.read_lines(10)]
        command.signal(number, whole_group)
        code, lines, err = command.end()
    *attempts, last = [*begun, *map(json.loads, lines)]
    assert (code, err) == (130, "")
    assert last["type"] == "summary"
    assert last["ok"] is False
    assert last["attempts"] == len(attempts) < 1000
    assert last["delivered"] == last["verified"] == len(attempts)


@pytest.mark.slow
@needs_posix
def test_ctrl_c_says_to_readers_that_the_replay_was_stopped() -> None:
    with Command("partial", "--repeat", "1000", "--rate", "100") as command:
        command.read_lines(5)
        command.signal(signal.SIGINT, whole_group=True)
        code, lines, err = command.end()
    assert (code, err) == (130, "")
    assert lines[-1] == "not ok: stopped before the end"


@pytest.mark.skipif(
    not Path("/proc/self/task").exists(), reason="how to see child processes is known of Linux"
)
@pytest.mark.parametrize("number", one_in(2, [signal.SIGINT, signal.SIGTERM]))
def test_a_signal_while_worker_processes_start_ends_the_replay(number: signal.Signals) -> None:
    with Command("partial", *LONG, "--rate", "100", "--json") as command:
        command.wait_for_children()
        command.signal(number, whole_group=True)
        code, lines, err = command.end()
    assert (code, err) == (130, "")
    assert json.loads(lines[-1])["type"] == "summary"


@needs_posix
def test_worker_processes_do_not_outlive_a_replay_that_is_killed() -> None:
    """They hold its standard output, so its end is seen when they are gone."""
    with Command("partial", *LONG, "--rate", "100", "--json") as command:
        command.read_lines(10)
        command.signal(signal.SIGKILL, whole_group=False)
        code, _, _ = command.end()
    assert code == -signal.SIGKILL


@needs_posix
@pytest.mark.parametrize(
    ("form", "number"), [([], signal.SIGINT), (["--json"], signal.SIGTERM)], ids=["to read", "JSON"]
)
def test_a_signal_during_the_wait_for_the_target_gives_the_summary(
    form: list[str], number: signal.Signals
) -> None:
    url = f"http://127.0.0.1:{closed_port()}/"
    with Command("partial", "--target", url, "--wait", "60s", *form) as command:
        waiting = command.read_message()
        command.signal(number, whole_group=True)
        code, lines, err = command.end()
    assert waiting == f"waiting for a webhook at {url}, 1m at most (connection refused)\n"
    assert (code, err) == (130, "")
    if form:
        assert [json.loads(line)["type"] for line in lines] == ["summary"]
    else:
        assert lines[0].startswith("0 events, 0 deliveries, 0 attempts in ")
        assert lines[1:] == ["not ok: stopped before the end"]


@needs_posix
def test_an_attempt_under_way_does_not_hold_up_the_end() -> None:
    """The webhook takes the request and never answers; Ctrl-C does not wait for it."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        server.settimeout(60)
        target = f"http://127.0.0.1:{server.getsockname()[1]}/"
        with Command("partial", "--target", target, "--timeout", "60", "--json") as command:
            probe, _ = server.accept()
            delivery, _ = server.accept()
            with probe, delivery:
                assert delivery.recv(4) == b"POST"
                command.signal(signal.SIGINT, whole_group=True)
                code, lines, err = command.end()
    assert (code, err) == (130, "")
    assert [json.loads(line)["attempts"] for line in lines] == [0]


@needs_posix
@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_a_signal_at_the_very_end_of_a_story_is_not_lost(number: signal.Signals) -> None:
    """The next story does not begin, although there was nothing left to cancel in this one."""

    async def work() -> None:
        signal.raise_signal(number)

    with pytest.raises(KeyboardInterrupt):
        event_loop.run(work)


def test_a_server_that_was_not_closed_does_not_delay_the_end() -> None:
    """A signal may come between the start of a server and the statement that would close it."""
    lines = [
        "from flask import Flask",
        "from flowsim.web.server import Server",
        "Server(Flask('app'), '127.0.0.1', 0)",
    ]
    ran = subprocess.run(
        [sys.executable, "-c", "\n".join(lines)], capture_output=True, timeout=60, check=False
    )
    assert (ran.returncode, ran.stderr) == (0, b"")
