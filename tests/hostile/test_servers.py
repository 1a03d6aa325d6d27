"""Answers of webhooks, services and servers of others."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
import requests
from click.testing import Result

from ..commands.serving import Serving
from ..webhook import Answer, Request, Webhook, status
from .answers import broken_answer, hostile_answer, refusal
from .relay import relay
from .text import HOSTILE, OPTION, assert_harmless, everything

Flowsim = Callable[..., Result]
Run = Callable[..., str]


def _reading(answer: Answer) -> Answer:
    """Return the answer of a webhook that refuses what is no JSON, as most do."""

    def chosen(request: Request) -> Iterator[bytes]:
        yield from (status(400) if "text/plain" in request.head else answer)(request)

    return chosen


@pytest.mark.parametrize("answer", [hostile_answer(200), hostile_answer(302), broken_answer])
def test_a_webhook_is_checked_without_harm(run: Run, tmp_path: Path, answer: Answer) -> None:
    files = tmp_path / "page.html", tmp_path / "cases.xml"
    options = ("--only", "answers,unsigned,duplicate", "--serve-keys", 0, "--seed", 7)
    with Webhook([_reading(answer)]) as webhook:
        check, shows = ("check", webhook.port, *options), answer is not broken_answer
        processed = ("--processed", f"{webhook.port}/{{event_id}}")
        written = ("--html", files[0], "--junit", files[1])
        run(*check, *written, shows=shows, exit_codes=(1,))
        run(*check, *processed, shows=shows, exit_codes=(2,))
        run(*check, "--json", shows=False, exit_codes=(1,))
        run(*check, "--junit", files[0] / OPTION, exit_codes=(2,))
    for file in files:
        assert_harmless(file.read_text("utf-8"))


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
    run("advance", "1m", shows=False, exit_codes=(2,))
    for command in ("traces", "journal", "redeliver x"):
        run(*command.split(), exit_codes=(0, 2))
    one = ("--registration", f"{HOSTILE}hook{HOSTILE}")
    for words in (("status",), ("traces", *one), ("journal", *one), ("redeliver", event_id)):
        run(*words, exit_codes=(0,))
        output = run(*words, "--json", shows=False, exit_codes=(0,))
        assert all(HOSTILE in everything(json.loads(line)) for line in output.splitlines())
    run("register", "--journal", "--name", "other", exit_codes=(0, 1, 2))
    run("env", exit_codes=(2,), shows=False)
    run("register", "--journal", "--event", OPTION, exit_codes=(2,))
    run("journal", *one, "--since", OPTION, exit_codes=(2,))
    run("journal", *one, "--seek", OPTION, exit_codes=(2,))
    run("advance", "1s", "--json", shows=False, exit_codes=(0,))
    run("advance", "25h", shows=False, exit_codes=(2,))


def published(serving: Serving) -> str:
    """Return the id of an event that was triggered."""
    url = f"{serving.local.url}/_flowsim/trigger"
    text = "events: [{flow_run: {}}]"
    done = requests.post(url, json={"text": text, "file": "a"}, timeout=60).json()
    return str(done["events"][0]["event_id"])


@pytest.mark.usefixtures("serving")
def test_names_reach_a_service_and_come_back_without_harm(run: Run) -> None:
    run("register", "--journal", "--name", OPTION, shows=False, exit_codes=(2,))
    for name in (f"{HOSTILE}1", f"{HOSTILE}2"):
        run("register", "--journal", "--name", name, exit_codes=(0,))
    run("status", exit_codes=(0,))
    run("traces", exit_codes=(2,))
    run("trigger", "partial", exit_codes=(0,))


@pytest.mark.parametrize(
    "answer", [hostile_answer(200), hostile_answer(404), refusal, broken_answer]
)
def test_answers_of_other_servers_are_printed_without_harm(run: Run, answer: Answer) -> None:
    calls = ("status", "traces", "journal", "trigger partial", "advance 1s", "env", "redeliver x")
    with Webhook([answer]) as server:
        for call in (*calls, "register --journal"):
            shows = answer is not broken_answer
            run(*call.split(), "--service", server.port, shows=shows, exit_codes=(1, 2))
