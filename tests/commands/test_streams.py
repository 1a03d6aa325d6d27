"""Standard streams that are closed, full, or left by their reader."""

from __future__ import annotations

import json
import os
import re
import resource
import select
import shlex
import signal
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from types import FrameType

import pytest
import requests

from flowsim.commands import _streams

from ..cases import for_each
from ..events_service.running import until
from .own_streams import exit_code, on_a_terminal

pytestmark = pytest.mark.slow

FLOWSIM = [sys.executable, "-m", "flowsim"]

BUFFERED = {name: each for name, each in os.environ.items() if name != "PYTHONUNBUFFERED"}
HOW_BUFFERED = {"buffered": BUFFERED, "unbuffered": BUFFERED | {"PYTHONUNBUFFERED": "1"}}

FULL = "/dev/full"

needs_a_shell = pytest.mark.skipif(os.name == "nt", reason="there is no sh")
needs_a_full_disk = pytest.mark.skipif(
    not Path(FULL).exists(), reason="there is no disk that is always full"
)


@pytest.fixture(params=HOW_BUFFERED)
def environment(request: pytest.FixtureRequest) -> dict[str, str]:
    """Python writes buffered output at the end of the process, or does not buffer."""
    return HOW_BUFFERED[request.param]


def of_a_shell(
    command: str, environment: dict[str, str] = BUFFERED
) -> subprocess.CompletedProcess[str]:
    """Run a line of a shell, in which flowsim is the command of that name."""
    line = f'flowsim() {{ {shlex.join(FLOWSIM)} "$@"; }}; {command}'
    return subprocess.run(
        ["sh", "-c", line], check=False, capture_output=True, text=True, env=environment
    )


@contextmanager
def left_by_its_reader() -> Iterator[int]:
    """A pipe that no program reads any more."""
    reading, writing = os.pipe()
    os.close(reading)
    try:
        yield writing
    finally:
        os.close(writing)


# Commands


@needs_a_shell
@pytest.mark.parametrize("arguments", ["replay partial", "show partial --as body", "--version"])
def test_a_closed_standard_output_is_reported_before_anything_is_done(arguments: str) -> None:
    ended = of_a_shell(f"flowsim {arguments} >&-")
    assert (ended.returncode, ended.stdout) == (2, "")
    said = "error: standard output is closed; expected a file, a pipe or /dev/null\n"
    assert ended.stderr == said


@needs_a_shell
def test_a_closed_standard_input_is_an_empty_file() -> None:
    ended = of_a_shell("flowsim validate - <&-")
    assert (ended.returncode, ended.stdout) == (2, "")
    assert ended.stderr == "<stdin>:1:1: an empty file; expected a scenario with the key events\n"


@needs_a_shell
@pytest.mark.parametrize(("scenario", "code"), [("partial", 0), ("no-such-name", 2)])
def test_a_command_works_without_standard_error(scenario: str, code: int) -> None:
    ended = of_a_shell(f"flowsim show {scenario} 2>&-")
    assert (ended.returncode, bool(ended.stdout)) == (code, code == 0)


NO_SPACE = "error: standard output: no space left on device\n"

COMMANDS = ["--help", "--version", "replay --help", "show partial", "replay partial", "schema"]
COMMANDS += ["replay partial --repeat 200 --json", "check --list", "scenarios", "keys show"]


@needs_a_full_disk
@pytest.mark.parametrize(
    ("arguments", "how"), [("--version", "buffered"), ("replay partial", "unbuffered")]
)
def test_a_full_output_is_reported_in_one_sentence(arguments: str, how: str) -> None:
    ended = of_a_shell(f"flowsim {arguments} >{FULL}", HOW_BUFFERED[how])
    assert (ended.returncode, ended.stderr) == (2, NO_SPACE)


@needs_a_full_disk
@pytest.mark.parametrize("arguments", COMMANDS)
@pytest.mark.parametrize("is_buffered", [True, False])
def test_every_command_reports_a_full_output(
    arguments: str, is_buffered: bool, capfd: pytest.CaptureFixture[str]
) -> None:
    with open(FULL, "wb") as full:
        ended = exit_code(
            *arguments.split(), output=full.fileno(), messages=2, is_buffered=is_buffered
        )
    assert (ended, capfd.readouterr()) == (2, ("", NO_SPACE))


@needs_a_full_disk
@pytest.mark.parametrize("arguments", ["replay partial", "show partial", "no-such-command"])
def test_an_unwritable_reason_leaves_the_exit_code_unchanged(arguments: str) -> None:
    with open(FULL, "wb") as full:
        own = exit_code(*arguments.split(), output=full.fileno(), messages=full.fileno())
    assert own == 2


@needs_a_full_disk
def test_the_exit_code_of_a_process_is_the_same_too() -> None:
    assert of_a_shell(f"flowsim show partial >{FULL} 2>{FULL}").returncode == 2


@pytest.mark.skipif(os.name == "nt", reason="a pipe that is left is another error there")
@pytest.mark.parametrize("arguments", ["replay partial", "replay partial --json", "schema"])
@pytest.mark.parametrize("is_buffered", [True, False])
def test_a_reader_that_leaves_ends_a_command_without_a_message(
    arguments: str, is_buffered: bool, capfd: pytest.CaptureFixture[str]
) -> None:
    with left_by_its_reader() as pipe:
        ended = exit_code(*arguments.split(), output=pipe, messages=2, is_buffered=is_buffered)
    assert (ended, capfd.readouterr()) == (2, ("", ""))


@pytest.mark.skipif(os.name == "nt", reason="a pipe that is left is another error there")
@pytest.mark.parametrize(
    ("arguments", "how"), [("schema", "unbuffered"), ("show partial", "buffered")]
)
def test_a_reader_that_leaves_ends_a_process_without_a_message(arguments: str, how: str) -> None:
    with left_by_its_reader() as pipe:
        ended = subprocess.run(
            [*FLOWSIM, *arguments.split()],
            check=False,
            stdout=pipe,
            stderr=subprocess.PIPE,
            env=HOW_BUFFERED[how],
        )
    assert (ended.returncode, ended.stderr) == (2, b"")


MESSAGES = [("replay no-such-name", 2), ("validate no-such-name", 2), ("replay --no-such", 2)]
MESSAGES += [("show partial --seed random", 0), ("replay partial --json --seed random", 0)]


@needs_a_full_disk
@pytest.mark.parametrize(("arguments", "code"), MESSAGES)
def test_unwritable_messages_change_nothing_that_a_command_does(
    arguments: str, code: int, tmp_path: Path
) -> None:
    """Neither a full disk nor a reader that has left changes it."""
    with open(FULL, "wb") as full, left_by_its_reader() as pipe:
        for messages in (full.fileno(), pipe, 2):
            with (tmp_path / "output").open("wb") as output:
                own = exit_code(*arguments.split(), output=output.fileno(), messages=messages)
                assert (own or 0, output.tell() > 0) == (code, code == 0)


@pytest.mark.slow
@needs_a_full_disk
def test_unwritable_messages_leave_the_exit_code_of_a_process_unchanged() -> None:
    """One command line has a warning, the other one has a mistake."""
    with open(FULL, "wb") as full, left_by_its_reader() as pipe:
        for arguments, messages, code in (
            ("show partial --seed random", full.fileno(), 0),
            ("validate no-such-name", pipe, 2),
        ):
            line = [*FLOWSIM, *arguments.split()]
            ended = subprocess.run(
                line, check=False, stdout=subprocess.PIPE, stderr=messages, env=BUFFERED
            )
            assert (ended.returncode, bool(ended.stdout)) == (code, code == 0)


@pytest.mark.parametrize(
    ("write", "words"),
    [
        (_streams._Output.write, "show partial --as body"),  # noqa: SLF001
        (_streams._Messages.write, "show partial --as body --seed random"),  # noqa: SLF001
    ],
)
def test_ctrl_c_writes_no_line_twice(tmp_path: Path, write: Callable[..., int], words: str) -> None:
    def press(frame: FrameType, event: str, _: object) -> Callable[..., object]:
        if frame.f_code is write.__code__ and event == "return":
            sys.settrace(None)
            raise KeyboardInterrupt
        return press

    with (tmp_path / "said").open("wb") as said:
        sys.settrace(press)
        try:
            ended = exit_code(*words.split(), output=said.fileno(), messages=said.fileno())
        finally:
            sys.settrace(None)
    once, last = (tmp_path / "said").read_text().splitlines()
    assert (ended, last, once != last) == (130, "stopped", True)


@pytest.mark.skipif(os.name == "nt", reason="there is no such pipe")
def test_a_pipe_that_another_program_made_non_blocking_is_waited_for(
    environment: dict[str, str],
) -> None:
    """Node does so with the pipes that it shares: a write is refused where it would wait."""
    reading, writing = os.pipe()
    os.set_blocking(writing, False)
    command = [*FLOWSIM, "show", "partial", "--repeat", "200", "--as", "json"]
    with (
        os.fdopen(reading, "rb") as reader,
        subprocess.Popen(
            command, stdout=writing, stderr=subprocess.PIPE, env=environment
        ) as process,
    ):
        until(lambda: not select.select([], [writing], [], 0)[1])  # it is full
        os.close(writing)
        assert process.stderr
        lines, said = len(reader.readlines()), process.stderr.read()
    assert (process.returncode, lines, said) == (0, 200, b"")


@needs_a_full_disk
def test_files_of_a_check_are_written_though_its_lines_cannot_be(tmp_path: Path) -> None:
    kept = tmp_path / "verdict.xml"
    words = (
        "check",
        "1",
        "--serve-keys",
        "0",
        "--only",
        "signature",
        "--json",
        "--junit",
        str(kept),
    )
    with open(FULL, "wb") as full:
        assert exit_code(*words, output=full.fileno(), messages=full.fileno()) == 2
    assert kept.read_text().startswith("<?xml")


# Services


@contextmanager
def service(
    *arguments: str, **streams: object
) -> Iterator[tuple[subprocess.Popen[str], str, list[str]]]:
    """Run a service for a minute at most; yield it, its URL and what it says until it ends."""
    with subprocess.Popen(  # type: ignore[call-overload]
        [*FLOWSIM, *arguments, "--port", "0"],
        **{"stderr": subprocess.PIPE, "text": True, "env": BUFFERED, **streams},
    ) as process:
        watchdog = threading.Timer(60, process.kill)
        watchdog.start()
        said = [process.stderr.readline()]
        url = re.search(r"http://[\d.:]+", said[0])
        assert url, said
        try:
            yield process, url[0], said
        finally:
            process.send_signal(signal.SIGTERM)
            said += process.stderr.readlines()
            watchdog.cancel()


SERVES_ON = "warning: standard output takes no more lines ({}); flowsim continues\n"


@needs_a_full_disk
def test_a_receiver_with_full_output_goes_on_and_warns_once() -> None:
    with (
        open(FULL, "wb") as full,
        service("receive", stdout=full) as (process, url, said),
    ):
        codes = [requests.post(url, data=b"{}", timeout=10).status_code for _ in range(3)]
    assert (codes, process.returncode) == ([401] * 3, 0)
    assert said[1:] == [SERVES_ON.format("no space left on device"), "stopped\n"]


def test_lines_before_the_disk_is_full_are_kept(tmp_path: Path) -> None:
    log, limit = tmp_path / "log", 1000

    def little_room() -> None:
        resource.setrlimit(resource.RLIMIT_FSIZE, (limit, limit))

    with (
        log.open("wb") as file,
        service("receive", stdout=file, preexec_fn=little_room) as (process, url, said),
    ):
        codes = [requests.post(url, data=b"{}", timeout=10).status_code for _ in range(40)]
    assert (codes, process.returncode) == ([401] * 40, 0)
    assert said[1:] == [SERVES_ON.format("file too large"), "stopped\n"]
    assert log.stat().st_size == limit


UP = [*FLOWSIM, "up", "--port", "0", "--data", ":memory:", "--json"]


@needs_a_full_disk
def test_a_service_runs_without_standard_error() -> None:
    with (
        open(FULL, "wb") as full,
        subprocess.Popen(
            UP, stdout=subprocess.PIPE, stderr=full, text=True, env=BUFFERED
        ) as process,
    ):
        assert process.stdout
        url = json.loads(process.stdout.readline())["url"]
        assert requests.get(f"{url}/readyz", timeout=10).status_code == 200
        process.send_signal(signal.SIGTERM)
        assert process.wait(30) == 0


NOT_READY = (
    "error: standard output does not take the line that says it is ready ({}); "
    "expected a program that reads it, or a file\n"
)


@pytest.mark.slow
@needs_a_full_disk
def test_a_service_that_cannot_print_its_ready_line_ends(
    capfd: pytest.CaptureFixture[str],
) -> None:
    """A program that asked for this line waits for it."""
    with open(FULL, "wb") as full, left_by_its_reader() as pipe:
        for output, reason in (
            (full.fileno(), "no space left on device"),
            (pipe, "the program that reads it has ended"),
        ):
            own = exit_code(*UP[len(FLOWSIM) :], output=output, messages=2)
            assert (own, capfd.readouterr()) == (2, ("", NOT_READY.format(reason)))
        ended = subprocess.run(
            UP, check=False, stdout=pipe, stderr=subprocess.PIPE, text=True, env=BUFFERED
        )
    assert (ended.returncode, ended.stderr) == (
        2,
        NOT_READY.format("the program that reads it has ended"),
    )


# Narrow terminals


@pytest.mark.parametrize("columns", ["40", "60", "80"])
def test_a_mistake_in_a_command_line_is_folded_between_words(columns: str) -> None:
    lines = on_a_terminal("registrations", "reader", COLUMNS=columns).splitlines()
    result = lines[lines.index("") + 1 :] if "" in lines else lines
    assert result[0].startswith("Error: No such command 'reader'.")
    assert result[-1].endswith("flowsim registrations show reader")
    assert all(len(each) <= int(columns) for each in result)


@for_each("encoding", ["ascii", "cp1252"])
@for_each("columns", ["69", "71"])
def test_replacements_of_symbols_count_for_the_width_of_a_line(encoding: str, columns: str) -> None:
    shown = on_a_terminal("replay", "partial", encoding=encoding, COLUMNS=columns, NO_COLOR="1")
    assert max(map(len, shown.splitlines())) <= int(columns)


def test_a_process_folds_for_its_encoding() -> None:
    shown, terminal = os.openpty()
    at_a_terminal = {"COLUMNS": "69", "PYTHONIOENCODING": "ascii", "NO_COLOR": "1"}
    result = [*FLOWSIM, "replay", "partial"]
    subprocess.run(result, stdout=terminal, env=os.environ | at_a_terminal, check=True)
    os.close(terminal)
    lines = os.read(shown, 100_000).decode("ascii").splitlines()
    os.close(shown)
    assert max(map(len, lines)) <= 69
