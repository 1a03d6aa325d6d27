"""Commands whose output is a terminal."""

from __future__ import annotations

import json
import os
import re
import subprocess
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
import requests
from click.testing import Result

from ..webhook import Request, Webhook, echo
from .answers import hostile_answer
from .terminal import OnTerminal
from .text import HEADER, HOSTILE, LINE, OPTION, assert_harmless

Flowsim = Callable[..., Result]

_SAID = LINE[LINE.index("\u202e") : LINE.index("\x1b[31")].encode()


def shown(*words: object) -> str:
    """Return all that a command prints on a terminal."""
    with OnTerminal(words) as command:
        pass
    return command.text


@pytest.mark.parametrize("form", ["pretty", "json", "curl", "body", "http"])
def test_bodies_do_not_harm_a_terminal(form: str, hostile_story: Path) -> None:
    text = shown("show", hostile_story, "--as", form)
    assert_harmless(text)
    assert "title" in text


@pytest.mark.parametrize("form", ["body", "http"])
def test_a_pipe_gets_the_exact_bytes(flowsim: Flowsim, hostile_story: Path, form: str) -> None:
    assert _SAID in flowsim("show", hostile_story, "--as", form).stdout_bytes


def test_a_path_is_exact_for_programs_and_harmless_on_a_terminal(
    flowsim: Flowsim, tmp_path: Path, shared_home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    home = tmp_path / OPTION
    home.symlink_to(shared_home)
    monkeypatch.setenv("FLOWSIM_HOME", str(home))
    assert flowsim("certs", color=True).stdout_bytes.startswith(os.fsencode(home))
    assert_harmless(shown("certs"))


@pytest.mark.parametrize("options", [(), ("--json",)], ids=["plain", "json"])
def test_deliveries_to_a_receiver_are_printed_without_harm(
    tmp_path: Path, options: tuple[str, ...]
) -> None:
    said = HEADER.encode()
    headers = dict.fromkeys(("event-code", "event-id", "retry-count", "delivery-id"), said)
    with OnTerminal(("receive", "--port", 0, "--save", tmp_path / OPTION, *options)) as stub:
        stub.wait_for("\n")
        port = re.search(r":(\d+)/", stub.text)
        assert port
        for body in (HOSTILE, json.dumps({"validationUrl": HOSTILE})):
            requests.post(
                f"http://127.0.0.1:{port[1]}/{HEADER}",
                data=body.encode(),
                headers={f"x-adobe-{name}": value for name, value in headers.items()},
                timeout=60,
            )
        stub.interrupt()
    assert_harmless(stub.text)
    assert r"\u009b" in stub.text or r"\x9b" in stub.text


def refuses(request: Request) -> Iterator[bytes]:
    """Answer the challenge, and deliveries with text that harms a terminal."""
    answer = echo if request.line.startswith("GET") else hostile_answer(404)
    return answer(request)


@pytest.mark.parametrize("options", [(), ("--json",)], ids=["plain", "json"])
def test_the_attempts_of_a_service_are_printed_without_harm(
    flowsim: Flowsim, tmp_path: Path, options: tuple[str, ...]
) -> None:
    up = ("up", "--port", 0, "--data", tmp_path / f"{OPTION}data", "--save", tmp_path / OPTION)
    with OnTerminal((*up, *options)) as service, Webhook([refuses]) as webhook:
        service.wait_for("http://")
        service.wait_for("\n")
        port = re.search(r"http://127.0.0.1:(\d+)", service.text)
        assert port
        called = ("--service", port[1], "--wait", "30s")
        registered = flowsim("register", "--webhook", f"{webhook.port}/{'a' * 9}", *called)
        assert registered.exit_code == 0
        assert flowsim("trigger", "partial", *called).exit_code == 0
        service.wait_for("dropped")
        service.interrupt()
    assert_harmless(service.text)


def test_a_bar_below_the_lines_changes_nothing(tmp_path: Path) -> None:
    """The bar itself needs sequences of its own: what is foreign must not be among them."""
    story = tmp_path / f"{OPTION}.yaml"
    story.write_text(
        f"description: {json.dumps(HOSTILE)}\nseed: 7\nat: 2026-01-15T09:30:00Z\n"
        "events: [{flow_run: {}, repeat: 51}]\n"
    )
    with Webhook([hostile_answer(404)]) as webhook:
        text = shown("replay", story, "--target", webhook.port)
    assert text.count("it said") == 51
    assert re.findall("[\x00\x07\x80-\x9f\u061c\u200e\u200f\u2028\u202e\u2066]", text) == []
    assert re.findall(r"\x1b(?:\]|\[2J|\[8m|\[31;32m)", text) == []


def test_a_curl_line_that_can_be_printed_sends_the_exact_bytes(
    flowsim: Flowsim, hostile_story: Path, webhook: Webhook
) -> None:
    arguments = (hostile_story, "--target", webhook.port, "--as")
    commands = flowsim("show", *arguments, "curl").stdout
    assert_harmless(commands)
    subprocess.run(["sh"], input=commands.encode(), stdout=subprocess.DEVNULL, check=True)
    bodies = b"".join(each.body + b"\n" for each in webhook.requests)
    assert bodies == flowsim("show", *arguments, "body").stdout_bytes
    assert _SAID in bodies
