"""No command lets through to a terminal what is in names, files, options, answers and settings.

Each test hands text to commands that would harm a terminal, with colours and without, and
looks at all that is printed.
"""

from __future__ import annotations

import json
import os
import pty
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import click
import pytest
import requests
from click.testing import Result

from flowsim.commands import COMMANDS, main

from ..core.captures.archives import archive, entry
from ..hostile import HEADER, HOSTILE, LINE, OPTION, SHOWN, assert_harmless
from ..webhook import Answer, Request, Webhook
from .relay import relay
from .serving import Serving

Flowsim = Callable[..., Result]
Run = Callable[..., str]

FILE = OPTION.replace("/", "")


@pytest.fixture(params=[False, True], ids=["plain", "coloured"])
def run(request: pytest.FixtureRequest, flowsim: Flowsim) -> Run:
    """Run a command and return all that it printed, which may not harm a terminal."""

    def run(*words: object, shows: bool = True, exit_codes: tuple[int, ...] = (0, 1, 2)) -> str:
        result = flowsim(*words, color=request.param, input="")
        assert result.exit_code in exit_codes
        assert_harmless(result.output, folded=words[0] == "diff")
        assert not shows or any(each in result.output for each in SHOWN), result.output
        return result.output

    return run


def hostile_answer(code: int) -> Answer:
    """Answer with text that harms a terminal in every part of the answer."""
    said, body = HEADER.encode(), HOSTILE.encode()
    head = f"content-length: {len(body)}\r\n\r\n".encode()
    line = f"HTTP/1.1 {code} ".encode() + said
    return lambda _: iter([line, b"\r\nlocation: " + said, b"\r\n" + head, body])


def broken_answer(_: Request) -> Iterator[bytes]:
    """Answer with what is not HTTP."""
    yield b"HTTP/1.1 " + HEADER.encode() + b"\r\n\r\n"


# Options


def options_of(command: click.Command, *before: str) -> Iterator[tuple[str, ...]]:
    """Yield command lines that end with an option which takes a value."""
    if isinstance(command, click.Group):
        for name in command.list_commands(click.Context(command)):
            found = command.get_command(click.Context(command), name)
            assert found is not None
            yield from options_of(found, *before, name)
    for each in command.params:
        if isinstance(each, click.Option) and not each.is_flag:
            yield (*before, each.opts[0])


@pytest.mark.parametrize("words", [*options_of(main)], ids=" ".join)
def test_no_option_says_its_value_raw(run: Run, words: tuple[str, ...]) -> None:
    """The command line is refused: by this value, or by the option behind it."""
    told = run(*words, OPTION, "--no-such-option-" + OPTION, shows=False, exit_codes=(2,))
    assert any(each in told for each in SHOWN)


@pytest.mark.parametrize("command", COMMANDS)
def test_no_command_says_a_word_too_many_raw(run: Run, command: str) -> None:
    if command == "exec":
        run(command, "--", OPTION, exit_codes=(127,))
    else:
        run(command, OPTION, OPTION, OPTION, exit_codes=(1, 2))


def test_a_command_that_is_none_is_not_said_raw(run: Run) -> None:
    run(OPTION, exit_codes=(2,))
    run(f"--{OPTION}", exit_codes=(2,))


@pytest.mark.parametrize(
    "words",
    [
        ("replay", "partial", "--target"),
        ("replay", "partial", "--at"),
        ("replay", "partial", "--seed"),
        ("replay", "partial", "--client-id"),
        ("replay", "partial", "--set"),
        ("replay", "partial", "--cacert"),
        ("replay",),
        ("show", "partial", "--target"),
        ("show",),
        ("validate",),
        ("diff", "partial"),
        ("diff", "partial", "success", "--ignore"),
        ("check",),
        ("check", "1", "--only"),
        ("check", "1", "--skip"),
        ("check", "1", "--cacert"),
        ("check", "1", "--host"),
        ("receive", "--keys"),
        ("receive", "--respond"),
        ("receive", "--client-id"),
        ("receive", "--host"),
        ("up", "--host"),
        ("up", "--clock"),
        ("up", "--data", ":memory:", "--allow-target"),
        ("exec", "--scenario", OPTION, "--"),
        ("trigger",),
        ("register", "--journal", "--filter"),
        *((name, "--service") for name in ("status", "traces", "journal", "env")),
    ],
    ids=" ".join,
)
def test_no_mistake_names_a_value_raw(run: Run, words: tuple[str, ...]) -> None:
    run(*words, OPTION, exit_codes=(1, 2))
    run(*words, f"a={OPTION}", exit_codes=(1, 2))


def test_the_address_that_tells_the_effects_is_not_said_raw(run: Run) -> None:
    run("check", "1", "--processed", f"{OPTION}{{event_id}}", exit_codes=(2,))


@pytest.mark.parametrize(
    "setting", ["flow.name", "registration.client_id", "events.0.faults", "at"]
)
def test_no_setting_is_said_raw(run: Run, setting: str) -> None:
    run("show", "partial", "--set", f"{setting}={OPTION}", shows=False, exit_codes=(0, 2))
    run("show", "partial", "--set", f'{setting}={{"a": {json.dumps(OPTION)}}}', exit_codes=(2,))


# Files


@pytest.fixture
def hostile_story(tmp_path: Path) -> Path:
    """A scenario that says hostile text wherever text may be, in a file that is called so."""
    said = json.dumps(HOSTILE)
    path = tmp_path / f"{FILE}.yaml"
    error = f"{{code: {said}, message: {said}}}"
    path.write_text(
        f"description: {said}\nseed: 7\nat: 2026-01-15T09:30:00Z\nevents:\n"
        f"  - flow_run: {{name: {said}, errors: [{error}], sandbox: {said}, status: failed}}\n"
        f"    override: {{{said}: {said}}}\n"
        f"  - {{payload: {{{said}: {said}}}}}\n"
    )
    return path


@pytest.fixture
def hostile_mistakes(tmp_path: Path) -> Path:
    """A scenario with hostile text wherever something else is expected."""
    said = json.dumps(HOSTILE)
    path = tmp_path / f"{FILE}-mistaken.yaml"
    path.write_text(
        f"{said}: 1\nseed: {said}\nat: {said}\nflow: {{source: {said}}}\nevents:\n"
        f"  - {{flow_run: {{{said}: {said}}}, faults: [{said}], expect: {said}, after: {said}}}\n"
        f"  - {{event_code: {said}, event_id: {said}, payload: 1}}\n"
    )
    return path


def test_a_story_is_told_without_harm(run: Run, hostile_story: Path, tmp_path: Path) -> None:
    with Webhook([hostile_answer(404)]) as webhook:
        target = ("--target", webhook.port)
        run("replay", hostile_story, *target, exit_codes=(1,))
        run("replay", hostile_story, *target, "--json", shows=False, exit_codes=(1,))
        run("replay", hostile_story, "--save", tmp_path / FILE, exit_codes=(0,))
        run("replay", hostile_story, "--save", tmp_path / FILE, exit_codes=(2,))
        run("replay", tmp_path / FILE, *target, exit_codes=(1,))
        run("diff", tmp_path / FILE, hostile_story, shows=False)
        run("diff", hostile_story, "partial", exit_codes=(1,))
        told = run("diff", hostile_story, "partial", "--json", shows=False, exit_codes=(1,))
        assert HOSTILE in everything(json.loads(told.splitlines()[0]))
    run("validate", hostile_story, exit_codes=(0,))


@pytest.mark.parametrize("form", ["pretty", "json", "curl"])
def test_a_story_is_shown_without_harm(run: Run, hostile_story: Path, form: str) -> None:
    run("show", hostile_story, "--as", form, shows=False, exit_codes=(0,))


@pytest.mark.usefixtures("serving")
def test_mistakes_are_told_without_harm(run: Run, hostile_mistakes: Path) -> None:
    for words in (("validate",), ("replay",), ("show",), ("trigger",), ("diff", "partial")):
        told = run(*words, hostile_mistakes, exit_codes=(2,))
        assert len(told.splitlines()) > 5
    run("exec", "--scenario", hostile_mistakes, "--", "true", exit_codes=(2,))


@pytest.mark.parametrize("content", [b"%s", b"a: [%s", b"a: &%s b", b"!%s a", b"a: b\n\xff", b""])
def test_a_file_that_is_no_scenario_is_told_without_harm(
    run: Run, tmp_path: Path, content: bytes
) -> None:
    path = tmp_path / f"{FILE}.yaml"
    path.write_bytes(content.replace(b"%s", LINE.encode()))
    for command in ("validate", "show", "replay"):
        run(command, path, exit_codes=(2,))


def test_captured_requests_are_told_without_harm(run: Run, tmp_path: Path) -> None:
    said = HEADER.encode()
    one = tmp_path / f"{FILE}.http"
    one.write_bytes(
        b"POST /hook HTTP/1.1\r\nx-adobe-event-id: "
        + said
        + b"\r\nx-adobe-event-code: "
        + said
        + b"\r\nx-adobe-delivery-id: "
        + said
        + b"\r\ncontent-length: 2\r\n\r\n{}"
    )
    other = tmp_path / f"{FILE}.har"
    other.write_bytes(archive(entry(headers=(("x-adobe-event-id", HEADER),), text=HOSTILE)))
    with Webhook([hostile_answer(404)]) as webhook:
        for path in (one, other):
            run("replay", path, "--target", webhook.port, exit_codes=(1,))
            run("replay", path, "--target", webhook.port, "--json", shows=False, exit_codes=(1,))
    run("diff", one, other, exit_codes=(0, 1))
    other.write_text(json.dumps({"log": {"entries": [{"request": HOSTILE}]}}))
    run("replay", other, exit_codes=(2,))
    one.write_bytes(said)
    run("replay", one, exit_codes=(2,))
    run("diff", one, "partial", exit_codes=(2,))


def test_payloads_are_compared_without_harm(run: Run, tmp_path: Path) -> None:
    one, other = tmp_path / f"{FILE}1", tmp_path / f"{FILE}2"
    one.write_text(json.dumps({HOSTILE: HOSTILE, "a": [HOSTILE]}))
    other.write_text(json.dumps({HOSTILE: f"{HOSTILE}!", "b": HOSTILE}))
    run("diff", one, other, exit_codes=(1,))
    told = run("diff", one, other, "--json", shows=False, exit_codes=(1,))
    assert json.loads(told)[0]["left"] == HOSTILE
    other.write_text(f"{HOSTILE}\n{{")
    run("diff", one, other, exit_codes=(1,))


def test_the_installation_may_be_anywhere(
    run: Run, tmp_path: Path, shared_home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    home = tmp_path / FILE
    home.symlink_to(shared_home)
    monkeypatch.setenv("FLOWSIM_HOME", str(home))
    run("keys", "show", exit_codes=(0,))
    run("keys", "show", "--pem", shows=False, exit_codes=(0,))
    (told,) = run("certs", "--json", shows=False, exit_codes=(0,)).splitlines()
    assert json.loads(told)["authority"].startswith(f"{home}{os.sep}")
    monkeypatch.setenv("FLOWSIM_HOME", f"~{FILE}")
    run("keys", "show", exit_codes=(2,))
    (tmp_path / f"{FILE}-file").write_text("")
    monkeypatch.setenv("FLOWSIM_HOME", str(tmp_path / f"{FILE}-file"))
    for words in (("keys", "show"), ("keys", "rotate"), ("certs",), ("show", "partial"), ("up",)):
        run(*words, exit_codes=(2,))


# Webhooks


@pytest.mark.parametrize("answer", [hostile_answer(200), hostile_answer(302), broken_answer])
def test_a_webhook_is_checked_without_harm(run: Run, tmp_path: Path, answer: Answer) -> None:
    files = tmp_path / "page.html", tmp_path / "cases.xml"
    options = ("--only", "answers,unsigned,duplicate", "--serve-keys", 0, "--seed", 7)
    with Webhook([answer]) as webhook:
        check, shows = ("check", webhook.port, *options), answer is not broken_answer
        processed = ("--processed", f"{webhook.port}/{{event_id}}")
        written = ("--html", files[0], "--junit", files[1])
        run(*check, *written, shows=shows, exit_codes=(1,))
        run(*check, *processed, shows=shows, exit_codes=(2,))
        run(*check, "--json", shows=False, exit_codes=(1,))
        run(*check, "--junit", files[0] / FILE, exit_codes=(2,))
    for file in files:
        assert_harmless(file.read_text("utf-8"))


# Services


@pytest.fixture
def spoilt(serving: Serving, monkeypatch: pytest.MonkeyPatch) -> Iterator[Serving]:
    """A service with hostile text in everything that it answers, and in its registrations."""
    serving.register(f"hook{HOSTILE}", webhook="http://127.0.0.1:9/hook")
    serving.register(f"reader{HOSTILE}", webhook=None)
    with relay(serving.local.url, HOSTILE) as url:
        monkeypatch.setenv("FLOWSIM_SERVICE", url)
        yield serving


def test_the_answers_of_a_service_are_shown_without_harm(
    run: Run, spoilt: Serving, hostile_story: Path
) -> None:
    run("trigger", "partial", exit_codes=(0,))
    run("trigger", hostile_story, exit_codes=(0,))
    event_id = published(spoilt)
    run("advance", "1m", shows=False, exit_codes=(0,))
    for command in ("traces", "journal", "redeliver x"):
        run(*command.split(), exit_codes=(0, 2))
    one = ("--registration", f"hook{HOSTILE}{HOSTILE}")
    for words in (("status",), ("traces", *one), ("journal", *one), ("redeliver", event_id)):
        run(*words, exit_codes=(0,))
        told = run(*words, "--json", shows=False, exit_codes=(0,))
        assert all(HOSTILE in everything(json.loads(line)) for line in told.splitlines())
    run("register", "--journal", "--name", "other", exit_codes=(0, 1, 2))
    run("env", exit_codes=(2,), shows=False)
    run("register", "--journal", "--event", OPTION, exit_codes=(2,))
    run("journal", *one, "--since", OPTION, exit_codes=(2,))
    run("journal", *one, "--seek", OPTION, exit_codes=(2,))
    run("advance", "1s", "--json", shows=False, exit_codes=(0,))
    run("advance", "25h", exit_codes=(0,))


def published(serving: Serving) -> str:
    """Return the id of an event that was triggered."""
    url = f"{serving.local.url}/_flowsim/trigger"
    text = "events: [{flow_run: {}}]"
    done = requests.post(url, json={"text": text, "file": "a"}, timeout=60).json()
    return str(done["events"][0]["event_id"])


def everything(content: Any) -> str:
    """Return all text of what JSON holds."""
    if isinstance(content, dict):
        return "".join(map(everything, [*content, *content.values()]))
    if isinstance(content, list):
        return "".join(map(everything, content))
    return content if isinstance(content, str) else ""


@pytest.mark.usefixtures("serving")
def test_names_reach_a_service_and_come_back_without_harm(run: Run) -> None:
    for name in (f"{OPTION}1", f"{OPTION}2"):
        run("register", "--journal", "--name", name, exit_codes=(0,))
    run("status", exit_codes=(0,))
    run("traces", exit_codes=(2,))
    run("trigger", "partial", exit_codes=(0,))


def refusal(_: Request) -> Iterator[bytes]:
    """Answer as a service does that says no in many words."""
    body = json.dumps({"reason": HOSTILE, "message": HOSTILE}).encode()
    head = f"HTTP/1.1 400 No\r\nx-request-id: {'a' * 32}\r\ncontent-length: {len(body)}\r\n\r\n"
    yield head.encode() + body


@pytest.mark.parametrize(
    "answer", [hostile_answer(200), hostile_answer(404), refusal, broken_answer]
)
def test_servers_of_others_are_told_without_harm(run: Run, answer: Answer) -> None:
    calls = ("status", "traces", "journal", "trigger partial", "advance 1s", "env", "redeliver x")
    with Webhook([answer]) as server:
        for call in (*calls, "register --journal"):
            shows = answer is not broken_answer
            run(*call.split(), "--service", server.port, shows=shows, exit_codes=(1, 2))


# Terminals


def on_a_terminal(*words: object, talk: Callable[[str], object] = lambda _: None) -> str:
    """Run a command whose output is a terminal until it has said all; ``talk`` hears its start."""
    ours, its = pty.openpty()
    command = [sys.executable, "-m", "flowsim", *map(str, words)]
    with subprocess.Popen(command, stdout=its, stderr=its, stdin=subprocess.DEVNULL) as process:
        os.close(its)
        text, told = "", False
        while part := _read(ours):
            text += part
            if not told and "\n" in text:
                told = True
                talk(text)
                process.send_signal(signal.SIGINT)
    os.close(ours)
    return text.replace("\r\n", "\n")


def _read(descriptor: int) -> str:
    try:
        return os.read(descriptor, 1 << 16).decode("utf-8", "surrogateescape")
    except OSError:  # the other end is closed
        return ""


@pytest.mark.parametrize("form", ["pretty", "json", "curl", "body", "http"])
def test_bodies_do_not_harm_a_terminal(form: str, hostile_story: Path) -> None:
    assert_harmless(on_a_terminal("show", hostile_story, "--as", form))


@pytest.mark.parametrize("form", ["body", "http"])
def test_a_pipe_gets_the_exact_bytes(flowsim: Flowsim, hostile_story: Path, form: str) -> None:
    result = flowsim("show", hostile_story, "--as", form)
    assert LINE[LINE.index("\u202e") : LINE.index("\x1b[31")].encode() in result.stdout_bytes


def test_a_path_is_exact_for_programs_and_harmless_on_a_terminal(
    flowsim: Flowsim, tmp_path: Path, shared_home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    home = tmp_path / FILE
    home.symlink_to(shared_home)
    monkeypatch.setenv("FLOWSIM_HOME", str(home))
    assert flowsim("certs", color=True).stdout.startswith(str(home))
    assert_harmless(on_a_terminal("certs"))


def test_what_a_receiver_gets_is_printed_without_harm(tmp_path: Path) -> None:
    headers = {f"x-adobe-{each}": HEADER.encode() for each in ("event-code", "event-id")}
    headers["x-adobe-retry-count"] = HEADER.encode()

    def talk(text: str) -> None:
        port = text.partition("127.0.0.1:")[2].partition("/")[0]
        url = f"http://127.0.0.1:{port}/"
        for body in (HOSTILE, json.dumps({"validationUrl": HOSTILE})):
            requests.post(url, data=body.encode(), headers=headers, timeout=60)

    for option in ((), ("--json",)):
        told = on_a_terminal("receive", "--port", 0, "--save", tmp_path / FILE, *option, talk=talk)
        assert_harmless(told)
        assert "u00" in told or r"\x" in told
