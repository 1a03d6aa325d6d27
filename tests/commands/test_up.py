"""``flowsim up``: the service as a process."""

from __future__ import annotations

import contextlib
import json
import os
import shutil
import signal
import socket
import subprocess
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
import requests
from click.testing import Result

from flowsim.events_service.client import ServiceClient
from flowsim.events_service.database.database import Settings
from flowsim.events_service.opening import FILE, open_database, open_service
from flowsim.events_service.service import ServiceOptions
from flowsim.installation import keys, settings
from flowsim.runtime.clock import ManualClock, present
from flowsim.scenario.files import shipped

from ..events_service.running import publish, register, until
from ..families.own import break_family, own_families, take_over
from ..kept import copy_kept
from ..webhook import Webhook, echo, status
from .forked import Forked

Flowsim = Callable[..., Result]


@contextlib.contextmanager
def up(*arguments: str, home: Path) -> Iterator[tuple[Forked, dict[str, Any]]]:
    """Run ``flowsim up --json`` as a process of its own and yield it with its ready line."""
    keys.load(settings.keys_folder())  # to make keys takes a while: let it have those of all tests
    shutil.copytree(settings.keys_folder(), home / "keys", dirs_exist_ok=True)
    copy_kept(home)
    words = ("up", "--json", "--port", "0", *arguments)
    with Forked(*words, environment=os.environ | {"FLOWSIM_HOME": str(home)}) as process:
        try:
            yield process, json.loads(process.stdout.readline())
        finally:
            process.kill()


def end(process: Forked, number: signal.Signals) -> tuple[str, str]:
    """End a process with a signal and return what it printed."""
    process.send_signal(number)
    return process.communicate(timeout=30)


def told_to(flowsim: Flowsim, ready: dict[str, Any], *commands: str) -> None:
    """Let commands call the service."""
    for command in commands:
        result = flowsim(*command.split(), "--service", ready["url"])
        assert result.exit_code == 0, result.output


def test_the_ready_line_comes_before_attempts_of_an_earlier_run(
    tmp_path: Path, webhook: Webhook
) -> None:
    data, events = tmp_path / "data", 20
    with open_database(data) as database:
        clock = ManualClock(datetime(2026, 1, 15, 9, 30, tzinfo=UTC))
        service = open_service(database, clock, ServiceOptions(), settings.keys_folder())
        register(service, webhook.url)
        for number in range(events):
            publish(service, number)
    with up("--data", str(data), "--clock", "manual", home=tmp_path) as (process, ready):
        assert ready["type"] == "ready"
        result = [json.loads(process.stdout.readline()) for _ in range(events)]
    assert {each["outcome"] for each in result} == {"delivered"}


def test_up_prints_the_next_command_and_ends_at_ctrl_c(tmp_path: Path) -> None:
    """SIGTERM and SIGHUP end it as well, as further tests show."""
    with up("--data", ":memory:", "--clock", "manual", home=tmp_path) as (process, ready):
        assert requests.get(f"{ready['url']}/readyz", timeout=10).json()["now"] == ready["now"]
        held = Path(ready["credentials"]).read_text()
        assert f"FLOWSIM_CLIENT_ID={ready['client_id']}\n" in held
        assert (ready["type"], ready["data"], ready["clock"]) == ("ready", ":memory:", "manual")
        out, err = end(process, signal.SIGINT)
        assert (process.returncode, out, err) == (0, "", "stopped\n")
        assert not Path(ready["credentials"]).exists()


def test_families_of_folders_have_their_providers_and_broken_ones_are_warned_of(
    tmp_path: Path,
) -> None:
    file = break_family(own_families(tmp_path))
    options = ("--data", ":memory:", "--families", str(file.parent))
    with up(*options, home=tmp_path) as (process, ready):
        answer = requests.get(
            f"{ready['url']}/events/{ready['org']}/providers",
            headers={"authorization": "Bearer any", "x-api-key": "any"},
            timeout=10,
        )
        labels = {each["label"] for each in answer.json()["_embedded"]["providers"]}
        assert {"Orders", "Jobs", "Platform notifications"} <= labels
        _, err = end(process, signal.SIGTERM)
    warnings = err.splitlines()[:-1]
    assert {line.partition(":")[2].strip().partition(":")[0] for line in warnings} == {str(file)}


def test_scenarios_of_a_folder_are_in_the_dashboard(tmp_path: Path) -> None:
    folder = tmp_path / "mine"
    folder.mkdir()
    (folder / "orders.yaml").write_text("events: [{flow_run: {}}]")
    options = ("--data", ":memory:", "--scenarios", str(folder))
    with up(*options, home=tmp_path) as (_, ready):
        headers = {"accept": "application/json"}
        listed = requests.get(f"{ready['url']}/scenarios", headers=headers, timeout=60).json()
        assert [each["name"] for each in listed["own"]] == ["orders.yaml"]
        (folder / "orders.yaml").unlink()
        assert requests.get(f"{ready['url']}/scenarios/orders.yaml", timeout=60).status_code == 404


def test_a_folder_of_scenarios_that_is_none_ends_it(flowsim: Flowsim, tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    for name, found in (("none", "no such folder"), ("file", "a file")):
        result = flowsim("up", "--data", ":memory:", "--scenarios", tmp_path / name)
        sentence = f"{tmp_path / name}: {found}; expected a folder of scenario files\n"
        assert result.exit_code == 2
        assert result.stderr.endswith(sentence)


def test_an_event_code_that_a_family_takes_over_is_warned_of(tmp_path: Path) -> None:
    folder = own_families(tmp_path)
    said = take_over(folder, "audit_events_info")
    options = ("--data", ":memory:", "--families", str(folder))
    with up(*options, home=tmp_path) as (process, _):
        assert end(process, signal.SIGTERM)[1] == f"{said}\nstopped\n"


@pytest.mark.usefixtures("hang_ups")
def test_two_hang_ups_end_the_service_like_one(tmp_path: Path) -> None:
    """The system sends one when a terminal is closed, and the shell sends another."""
    with up("--data", ":memory:", "--clock", "manual", home=tmp_path) as (process, ready):
        for _ in range(20):
            process.send_signal(signal.SIGHUP)
        out, err = end(process, signal.SIGHUP)
        assert (process.returncode, out, err) == (0, "", "stopped\n")
        assert not Path(ready["credentials"]).exists()


def test_under_nohup_a_hang_up_does_not_end_it(tmp_path: Path) -> None:
    before = signal.signal(signal.SIGHUP, signal.SIG_IGN)
    try:
        with up("--data", ":memory:", "--clock", "manual", home=tmp_path) as (process, ready):
            process.send_signal(signal.SIGHUP)
            for _ in range(2):  # the second one is asked for when the signal has long been taken
                assert requests.get(f"{ready['url']}/readyz", timeout=10).ok
            assert process.poll() is None
            assert end(process, signal.SIGTERM)[1] == "stopped\n"
            assert process.returncode == 0
            assert not Path(ready["credentials"]).exists()
    finally:
        signal.signal(signal.SIGHUP, before)


def test_each_attempt_is_a_line_and_no_secret_is_in_any(flowsim: Flowsim, tmp_path: Path) -> None:
    with Webhook([echo]) as webhook, up("--data", ":memory:", home=tmp_path) as (process, ready):
        secrets = [
            line.partition("=")[2]
            for line in Path(ready["credentials"]).read_text().splitlines()
            if "SECRET" in line or "TOKEN" in line
        ]
        assert len(secrets) == 2
        told_to(flowsim, ready, f"register --webhook {webhook.url}", "trigger partial")
        *notes, attempt = (process.stdout.readline() for _ in range(4))
        delivered = json.loads(attempt)
        assert (delivered["outcome"], delivered["redelivered"]) == ("delivered", False)
        assert [json.loads(each)["type"] for each in notes] == ["registration"] * 3
        out, err = end(process, signal.SIGINT)
        said = json.dumps(ready) + "".join(notes) + attempt + out + err
        assert [each for each in secrets if each in said] == []


def test_people_read_lines_on_standard_error(tmp_path: Path) -> None:
    words = ("up", "--port", "0", "--host", "0.0.0.0")
    with Forked(*words, environment=os.environ | {"FLOWSIM_HOME": str(tmp_path)}) as process:
        lines = [process.stderr.readline() for _ in range(7)]
        process.send_signal(signal.SIGTERM)
        assert process.wait(30) == 0
        lines += process.stderr.readlines()
    assert lines[0].startswith("events service: http://0.0.0.0:")
    address = lines[0].removeprefix("events service: ").partition(" ")[0]
    assert lines[1].startswith(f"dashboard: {address}/?token=")
    assert f"secret and token in {tmp_path / 'services'}" in lines[2]
    client_id = lines[2].removeprefix("client id ").partition(",")[0]
    assert lines[3] == f"for your webhook: CLIENT_ID={client_id} KEY_HOST={address}\n"
    assert lines[4].endswith(f"data in {tmp_path / 'events'}\n")
    assert lines[5].startswith("next: flowsim register ")
    assert lines[6:] == [
        "warning: 0.0.0.0 can be reached from other machines\n",
        "stopped\n",
    ]


def test_published_events_are_there_after_a_restart(flowsim: Flowsim, tmp_path: Path) -> None:
    data, options = tmp_path / "data", ("--clock", "manual", "--data", str(tmp_path / "data"))
    with Webhook([echo]) as webhook:
        with up(*options, home=tmp_path) as (process, ready):
            register = f"register --webhook {webhook.url}"
            told_to(flowsim, ready, register, "trigger partial", "advance 1h")
            end(process, signal.SIGTERM)
        with up(*options, home=tmp_path) as (process, again):
            with ServiceClient(again["url"]) as client:
                status = client.get("/_flowsim/status")
            assert status["installation"]["client_id"] == ready["client_id"]
            assert status["clock"]["now"] > ready["now"]
            assert [each["succeeded"] for each in status["registrations"]] == [1]
            end(process, signal.SIGTERM)
    assert (data / FILE).exists()


def test_a_real_clock_that_starts_ahead_prints_a_message(tmp_path: Path) -> None:
    data = tmp_path / "data"
    with open_database(data) as database, database.transaction() as connection:
        Settings(database).put_clock(connection, present() + timedelta(hours=26, seconds=30))
    with up("--data", str(data), home=tmp_path) as (process, ready):
        warning = process.stderr.readline()
        assert end(process, signal.SIGTERM)[1] == "stopped\n"
    assert 26 * 3600 < ready["ahead"] < 27 * 3600
    assert warning.startswith("warning: the clock is 1d2h")
    for part in (f"{data} before had been advanced", ready["now"][:10], "--data", "--clock manual"):
        assert part in warning


def test_up_serves_on_when_the_reader_of_its_output_leaves(
    flowsim: Flowsim, tmp_path: Path
) -> None:
    with Webhook([echo]) as webhook, up("--data", ":memory:", home=tmp_path) as (process, ready):
        process.stdout.close()
        told_to(flowsim, ready, f"register --webhook {webhook.url}", "trigger partial")
        until(lambda: len(webhook.requests) == 2)
        told_to(flowsim, ready, "trigger partial")
        until(lambda: len(webhook.requests) == 3)
        _, err = end(process, signal.SIGTERM)
    assert (process.returncode, err) == (
        0,
        "warning: standard output takes no more lines (the program that reads it "
        "has ended); flowsim continues\n"
        "stopped\n",
    )


def test_a_strict_service_accepts_the_commands_of_its_owner(
    flowsim: Flowsim, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with up("--strict", "--data", ":memory:", home=tmp_path) as (process, ready):
        monkeypatch.setenv("FLOWSIM_HOME", str(tmp_path))
        told_to(flowsim, ready, "register --journal", "trigger partial", "journal", "traces")
        monkeypatch.setenv("FLOWSIM_TOKEN", "another")
        result = flowsim("status", "--service", ready["url"])
        assert (result.exit_code, result.stdout) == (2, "")
        assert result.stderr == (
            "error: Oauth token is not valid; set FLOWSIM_TOKEN to its token\n"
        )
        end(process, signal.SIGTERM)


def test_saved_attempts_have_the_sent_bytes_of_any_size(flowsim: Flowsim, tmp_path: Path) -> None:
    """Traces are cut; what is saved is not, and can be sent again."""
    options = ("--data", ":memory:", "--clock", "manual", "--save", str(tmp_path / "kept"))
    with Webhook([echo, status(503), status(200)]) as webhook:
        with up(*options, home=tmp_path) as (process, ready):
            large = "flow_run.errors=[{code: A-1, message: " + "x" * 100_000 + "}]"
            told_to(flowsim, ready, f"register --webhook {webhook.url}")
            trigger = ("trigger", "partial", "--set", large, "--service", ready["url"])
            assert flowsim(*trigger).exit_code == 0
            told_to(flowsim, ready, "advance 1m")
            end(process, signal.SIGINT)
        _, *sent = webhook.requests
        kept = sorted((tmp_path / "kept").iterdir())
        assert [each.read_bytes() for each in kept] == [
            each.head.encode() + b"\r\n\r\n" + each.body for each in sent
        ]
        assert len(sent) == 2
        assert len(sent[0].body) > 100_000
        again = flowsim("replay", tmp_path / "kept", "--target", webhook.port)
        assert (again.exit_code, [each.body for each in webhook.requests[3:]]) == (
            0,
            [each.body for each in sent],
        )
    first, second = (each.name[7:26] for each in kept)
    assert first[:15] < second[:15]


# Mistakes


def test_a_taken_port_is_reported_in_one_sentence(flowsim: Flowsim) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        result = flowsim("up", "--port", port, "--data", ":memory:")
    assert (result.exit_code, result.stdout) == (2, "")
    output = f"error: cannot listen on 127.0.0.1:{port}: address already in use\n"
    assert result.stderr == output


def test_a_data_folder_in_use_is_reported_in_one_sentence(flowsim: Flowsim, tmp_path: Path) -> None:
    with open_database(tmp_path):
        result = flowsim("up", "--port", "0", "--data", tmp_path)
    assert (result.exit_code, result.stdout) == (2, "")
    assert f"{tmp_path} is in use by another flowsim" in result.stderr


def test_a_damaged_data_folder_is_reported_in_one_sentence(
    flowsim: Flowsim, tmp_path: Path
) -> None:
    (tmp_path / FILE).write_bytes(b"not a database" * 1000)
    result = flowsim("up", "--port", "0", "--data", tmp_path)
    assert (result.exit_code, result.stdout) == (2, "")
    assert "is damaged" in result.stderr
    assert result.stderr.count("\n") == 1


def test_an_impossible_data_folder_is_reported_in_one_sentence(
    flowsim: Flowsim, tmp_path: Path
) -> None:
    os.mkfifo(tmp_path / "pipe")
    (tmp_path / "file").touch()
    (tmp_path / "folder").mkdir()
    os.mkfifo(tmp_path / "folder" / "events.sqlite3")
    remedy = "name a folder of yours with --data"
    for place, sentence in {
        tmp_path / "pipe": f"{tmp_path}/pipe: not a folder; {remedy}",
        "/dev/null": f"/dev/null: not a folder; {remedy}",
        tmp_path / "file": f"{tmp_path}/file: not a folder; {remedy}",
        tmp_path / "file" / "x": f"{tmp_path}/file/x: a part of its path is not a folder; {remedy}",
        tmp_path / "folder": f"{tmp_path}/folder/events.sqlite3 is not a file; move it away, or "
        "start with another --data",
    }.items():
        result = flowsim("up", "--port", "0", "--data", place)
        assert (result.exit_code, result.stdout) == (2, "")
        assert result.stderr == f"error: {sentence}\n"
    assert "--data is empty" in flowsim("up", "--data", "").stderr


def test_a_home_that_is_no_folder_is_named(
    flowsim: Flowsim, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "file").touch()
    monkeypatch.setenv("FLOWSIM_HOME", str(tmp_path / "file"))
    result = flowsim("up", "--port", "0")
    assert (result.exit_code, result.stdout) == (2, "")
    assert result.stderr == (
        f"error: {tmp_path}/file: not a folder; set FLOWSIM_HOME to a folder of yours\n"
    )


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["--clock", "fast"], "'fast' is neither real, manual nor a speed such as 60x."),
        (["--clock", "0x"], "neither real, manual"),
        (["--port", "70000"], "not in the range"),
        (["--host", "no.such.host.invalid"], "cannot listen on no.such.host.invalid"),
        (["--allow-target", "10.0.0.0/99"], "--allow-target 10.0.0.0/99: expected"),
        (["--cacert", "no-such.pem"], "--cacert no-such.pem: No such file"),
        (["--cacert", "a.pem", "--insecure"], "--cacert and --insecure exclude each other."),
        (["--save", ""], "'--save': an empty name; expected the name of a folder."),
        (["--save", "/dev/null"], "error: cannot save to /dev/null: "),
    ],
)
def test_an_invalid_option_is_explained(
    flowsim: Flowsim, arguments: list[str], message: str
) -> None:
    result = flowsim("up", "--data", ":memory:", "--port", "0", *arguments)
    assert (result.exit_code, result.stdout) == (2, "")
    assert message in result.stderr
    assert "Traceback" not in result.stderr


def test_the_scenario_that_the_ready_line_names_is_there() -> None:
    assert "partial" in shipped()


def test_variables_of_env_lead_adobe_clients_to_the_service(
    flowsim: Flowsim, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A shell takes the lines as they are; what is not asked for, curl cannot reach.

    What went past proxies before, goes to the service all the same.
    """
    monkeypatch.delenv("no_proxy", raising=False)
    monkeypatch.setenv("NO_PROXY", ".adobe.io")
    with up("--data", ":memory:", "--proxy-port", "0", home=tmp_path) as (_, ready):
        monkeypatch.setenv("FLOWSIM_HOME", str(tmp_path))
        printed = flowsim("env", "--service", ready["url"])
        assert "NO_PROXY is passed on without .adobe.io: " in printed.stderr
        fetch = "curl -sSf https://api.adobe.io/healthz && echo $FLOWSIM_CLIENT_ID"
        script = f"{printed.stdout}\n{fetch}"
        result = subprocess.check_output(["sh", "-c", script], text=True)
        assert result.split() == ['{"status":"ok"}', ready["client_id"]]
        as_json = json.loads(flowsim("env", "--service", ready["url"], "--format", "json").stdout)
        assert as_json["FLOWSIM_TLS_PORT"] == str(ready["tls_port"])
        assert as_json["HTTPS_PROXY"] == f"http://127.0.0.1:{ready['proxy_port']}"
        dotenv = flowsim("env", "--service", ready["url"], "--format", "dotenv").stdout
        assert f"HTTPS_PROXY='http://127.0.0.1:{ready['proxy_port']}'\n" in dotenv


def test_status_waits_and_env_needs_a_proxy(
    flowsim: Flowsim, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with up("--data", ":memory:", home=tmp_path) as (_, ready):
        waited = flowsim("status", "--service", ready["url"], "--wait", "30s", "--json")
        monkeypatch.setenv("FLOWSIM_HOME", str(tmp_path))
        result = flowsim("env", "--service", ready["url"])
    assert json.loads(waited.stdout)["data"] == ":memory:"
    assert (result.exit_code, result.stdout) == (2, "")
    assert "start it with flowsim up --tls-port 4443 --proxy-port 4480" in result.stderr
    again = flowsim("env", "--service", ready["url"])
    assert (again.exit_code, again.stdout) == (1, "")
    assert "no events service answers" in again.stderr
