"""What is asked about ids: of an address, a command or a function, whatever the ids are."""

from __future__ import annotations

import asyncio
import sys
from functools import partial
from pathlib import Path
from typing import Any
from urllib.parse import unquote

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from flowsim.checks import questions
from flowsim.checks.asking import Command
from flowsim.checks.effects import COUNTS
from flowsim.checks.questions import Kind, Questions
from flowsim.errors import ProcessedError

from ..webhook import Webhook, status

TEXT = Kind("--processed", "event_id", lambda reply: reply.text, ProcessedError)
"""A question whose answer is the text that came."""

HOSTILE = [
    "$(touch pwned)",
    "a; rm -rf /",
    "two words",
    "line\nline",
    "{event_id}",
    "{run_id}{}",
    "'\"`|&<>*?~#!",
    "--help",
    "",
    "../../etc/passwd",
    "ünï ☃",
]
"""Ids of a file of unknown origin."""

IDS = st.text(st.characters(codec="utf-8", exclude_characters="\0"), max_size=30)

here = pytest.mark.skipif(sys.platform == "win32", reason="the scripts are for a POSIX shell")


def ask(asked: Any, *ids: str, kind: Kind[Any] = TEXT) -> dict[str, Any]:
    async def work() -> dict[str, Any]:
        async with Questions(asked, kind) as all_of_them:
            return await all_of_them.answers(ids)

    return asyncio.run(work())


@pytest.fixture(scope="module")
def script(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A command that prints how many arguments it has, and the first of them."""
    path = tmp_path_factory.mktemp("command") / "count.sh"
    path.write_text('printf "%s:%s" "$#" "$1"', encoding="utf-8")
    return path


@here
def test_an_id_is_one_argument_whatever_characters_it_has(script: Path) -> None:
    command = Command(("/bin/sh", str(script), "{event_id}"))
    assert ask(command, *HOSTILE) == {each: f"1:{each}" for each in HOSTILE}
    inside = Command(("/bin/sh", str(script), "id={event_id}.", "second"))
    assert ask(inside, "a b", "{event_id}") == {
        "a b": "2:id=a b.",
        "{event_id}": "2:id={event_id}.",
    }


@here
@settings(max_examples=25, suppress_health_check=[HealthCheck.too_slow], deadline=None)
@given(id_=IDS)
def test_no_text_of_an_id_becomes_more_than_an_argument(script: Path, id_: str) -> None:
    assert ask(Command(("/bin/sh", str(script), "{event_id}")), id_) == {id_: f"1:{id_}"}


@settings(max_examples=25, suppress_health_check=[HealthCheck.too_slow], deadline=None)
@given(id_=IDS)
def test_an_id_is_one_segment_of_an_address(id_: str) -> None:
    with Webhook([status(200, "1")]) as owner:
        ask(f"{owner.url}/of/{{event_id}}/times?a=1", id_)
    path = owner.requests[0].line.split(" ")[1]
    assert unquote(path.removesuffix("/times?a=1").rpartition("/")[2]) == id_
    assert path.count("/") == f"{owner.url}/of/x/times".count("/") - 2


@here
@pytest.mark.parametrize(
    ("words", "problem"),
    [
        (["/nowhere/count"], "--processed-command /nowhere/count cannot be run: no such file or d"),
        (["/bin/sh", "-c", "echo no table >&2; exit 3"], "ends with exit code 3: 'no table'"),
        (["/bin/sh", "-c", "exit 1"], "/bin/sh ends with exit code 1: ''"),
        (["/bin/sh", "-c", "kill -9 $$"], "ends with exit code -9: ''"),
        (
            ["/bin/sh", "-c", "echo many"],
            "prints 'many'; expected how often the event was processed",
        ),
        (["/bin/sh", "-c", "echo -1"], "prints '-1'; expected how often"),
        (["/bin/sh", "-c", ":"], "prints ''; expected how often"),
        (["/bin/sh", "-c", "yes"], "/bin/sh prints more than 65,536 bytes"),
        (["/bin/sh", "-c", "sleep 60 & wait"], "/bin/sh did not end in 0.3 s"),
    ],
)
def test_what_a_command_does_wrong_is_one_sentence(
    monkeypatch: pytest.MonkeyPatch, words: list[str], problem: str
) -> None:
    monkeypatch.setattr(questions, "COMMAND_TIMEOUT", 0.3 if "sleep" in words[-1] else 20.0)
    with pytest.raises(ProcessedError) as caught:
        ask(Command((*words, "{event_id}")), "an id", kind=COUNTS)
    assert problem in str(caught.value)
    assert "\n" not in str(caught.value)


@here
def test_an_id_that_cannot_be_an_argument_is_one_sentence() -> None:
    command = Command(("/bin/echo", "{event_id}"))
    for impossible in ("\0", "\udc80 \ud800"):
        with pytest.raises(ProcessedError, match="/bin/echo cannot be run: "):
            ask(command, impossible, kind=COUNTS)


@here
def test_a_command_has_no_input_and_its_errors_are_no_answer() -> None:
    """``cat`` ends at once; more than the pipe takes is written to standard error."""
    text = "cat; head -c 300000 /dev/zero | tr '\\0' x >&2; echo 2"
    assert ask(Command(("/bin/sh", "-c", text, "{event_id}")), "a", kind=COUNTS) == {"a": 2}


@here
def test_only_a_few_commands_run_at_once(tmp_path: Path) -> None:
    """Each has a file while it runs, and counts the files."""
    text = 'touch "$1/$2"; ls "$1" | wc -l; rm "$1/$2"'
    command = Command(("/bin/sh", "-c", text, "sh", str(tmp_path), "{event_id}"))
    found = ask(command, *"abcdefghijkl", kind=COUNTS)
    assert len(found) == 12
    assert max(found.values()) <= questions.COMMANDS_AT_ONCE


def test_a_function_may_be_async() -> None:
    async def later(id_: str) -> int:
        await asyncio.sleep(0)
        return len(id_)

    assert ask(later, "a", "bc", kind=COUNTS) == {"a": 1, "bc": 2}
    assert ask(partial(later), "a", kind=COUNTS) == {"a": 1}
