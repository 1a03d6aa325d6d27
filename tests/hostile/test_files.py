"""Files that commands read, and their names."""

from __future__ import annotations

import json
import os
from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import Result

from ..captures.archives import archive, entry
from ..webhook import Webhook
from .answers import hostile_answer
from .text import HEADER, HOSTILE, LINE, OPTION, everything

Flowsim = Callable[..., Result]
Run = Callable[..., str]


def test_a_story_is_replayed_without_harm(run: Run, hostile_story: Path, tmp_path: Path) -> None:
    with Webhook([hostile_answer(404)]) as webhook:
        target = ("--target", webhook.port)
        run("replay", hostile_story, *target, exit_codes=(1,))
        run("replay", hostile_story, *target, "--json", shows=False, exit_codes=(1,))
        run("replay", hostile_story, "--save", tmp_path / OPTION, exit_codes=(0,))
        run("replay", hostile_story, "--save", tmp_path / OPTION, exit_codes=(2,))
        run("replay", tmp_path / OPTION, *target, exit_codes=(1,))
        run("diff", tmp_path / OPTION, hostile_story, shows=False)
        run("diff", hostile_story, "partial", exit_codes=(1,))
        output = run("diff", hostile_story, "partial", "--json", shows=False, exit_codes=(1,))
        assert HOSTILE in everything(json.loads(output.splitlines()[0]))
    run("validate", hostile_story, exit_codes=(0,))


@pytest.mark.parametrize("form", ["pretty", "json", "curl"])
def test_a_story_is_shown_without_harm(run: Run, hostile_story: Path, form: str) -> None:
    for more in ((), ("--set", "faults=[broken-json]")):
        run("show", hostile_story, "--as", form, *more, shows=False, exit_codes=(0,))


@pytest.mark.usefixtures("serving")
def test_mistakes_are_printed_without_harm(run: Run, hostile_mistakes: Path) -> None:
    for words in (("validate",), ("replay",), ("show",), ("trigger",), ("diff", "partial")):
        output = run(*words, hostile_mistakes, exit_codes=(2,))
        assert len(output.splitlines()) > 5
    run("exec", "--scenario", hostile_mistakes, "--", "true", exit_codes=(2,))


@pytest.mark.parametrize(
    "content",
    [
        b"%s",
        b"a: [%s",
        b"!<tag:x,2026:%s> a",
        b"[%s]: a",
        b"%s: .inf",
        b"a: &%s b",
        b"!%s a",
        b"a: b\n\xff",
        b"",
    ],
)
def test_a_file_that_is_not_a_scenario_is_refused_without_harm(
    run: Run, tmp_path: Path, content: bytes
) -> None:
    path = tmp_path / f"{OPTION}.yaml"
    path.write_bytes(content.replace(b"%s", LINE.encode()))
    for command in ("validate", "show", "replay"):
        run(command, path, exit_codes=(2,))


def test_captured_requests_are_replayed_without_harm(run: Run, tmp_path: Path) -> None:
    said = HEADER.encode()
    one = tmp_path / f"{OPTION}.http"
    one.write_bytes(
        b"POST /hook HTTP/1.1\r\nx-adobe-event-id: "
        + said
        + b"\r\nx-adobe-event-code: "
        + said
        + b"\r\nx-adobe-delivery-id: "
        + said
        + b"\r\ncontent-length: 2\r\n\r\n{}"
    )
    other = tmp_path / f"{OPTION}.har"
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
    one, other = tmp_path / f"{OPTION}1", tmp_path / f"{OPTION}2"
    one.write_text(json.dumps({HOSTILE: HOSTILE, "a": [HOSTILE]}))
    other.write_text(json.dumps({HOSTILE: f"{HOSTILE}!", "b": HOSTILE}))
    run("diff", one, other, exit_codes=(1,))
    output = run("diff", one, other, "--json", shows=False, exit_codes=(1,))
    assert json.loads(output)[0]["left"] == HOSTILE
    other.write_text(f"{HOSTILE}\n{{")
    run("diff", one, other, exit_codes=(1,))


def test_the_installation_may_be_anywhere(
    run: Run, tmp_path: Path, shared_home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    home = tmp_path / OPTION
    home.symlink_to(shared_home)
    monkeypatch.setenv("FLOWSIM_HOME", str(home))
    run("keys", "show", exit_codes=(0,))
    run("keys", "show", "--pem", shows=False, exit_codes=(0,))
    (output,) = run("certs", "--json", shows=False, exit_codes=(0,)).splitlines()
    assert json.loads(output)["authority"].startswith(f"{home}{os.sep}")
    monkeypatch.setenv("FLOWSIM_HOME", f"~{OPTION}")
    run("keys", "show", exit_codes=(2,))
    (tmp_path / f"{OPTION}-file").write_text("")
    monkeypatch.setenv("FLOWSIM_HOME", str(tmp_path / f"{OPTION}-file"))
    for words in (("keys", "show"), ("keys", "rotate"), ("certs",), ("show", "partial"), ("up",)):
        run(*words, exit_codes=(2,))


def test_the_command_that_repeats_a_story_is_printed_without_harm(run: Run, tmp_path: Path) -> None:
    path = tmp_path / f"{OPTION}.yaml"
    path.write_text("events: [{flow_run: {}}]\n")
    run("show", path, exit_codes=(0,))
    run("replay", path, "--json", exit_codes=(0,))
