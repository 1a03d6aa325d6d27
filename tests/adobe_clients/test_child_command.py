"""A command run as a shell runs its foreground job, with real signals and a real terminal."""

from __future__ import annotations

import contextlib
import os
import select
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from ..cases import for_each

pty = pytest.importorskip("pty")

HEEDS = """
import signal
for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP, signal.SIGQUIT):
    signal.signal(number, signal.SIG_DFL)
"""
"""Handles signals that the runner of the tests ignores, as nohup and background jobs do."""

RUNS = f"""{HEEDS}
import os, sys
from flowsim.adobe_clients import child_command
child_command.GRACE = 0.2
sys.exit(child_command.run(tuple(sys.argv[1:]), dict(os.environ)))
"""

PATIENCE = 30.0


def runner(*command: str) -> list[str]:
    return [sys.executable, "-c", RUNS, *command]


def start(*command: str) -> subprocess.Popen[str]:
    pipe = subprocess.PIPE
    return subprocess.Popen(runner(*command), stdin=pipe, stdout=pipe, stderr=pipe, text=True)


def until(true: Callable[[], bool]) -> None:
    deadline = time.monotonic() + PATIENCE
    while not true():
        assert time.monotonic() < deadline, "it did not come to pass"
        time.sleep(0.005)


def waits(pid: int) -> bool:
    """Tell whether a process sleeps; where the system does not say so, give it a moment."""
    try:
        state = Path(f"/proc/{pid}/stat").read_text(encoding="utf-8")
    except OSError:
        time.sleep(0.5)
        return True
    return state.rpartition(")")[2].split()[0] == "S"


def is_gone(pid: int) -> bool:
    """Tell whether a process has ended, reaped by its parent or not."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] == "Z"
    except OSError:
        return True


@for_each(
    ("words", "code"),
    [
        ("exit 0", 0),
        ("exit 7", 7),
        ("kill -TERM $$", 128 + signal.SIGTERM),
        ("kill -KILL $$", 128 + signal.SIGKILL),
    ],
)
def test_the_exit_code_of_a_command_is_returned_as_by_a_shell(words: str, code: int) -> None:
    with start("sh", "-c", words) as running:
        assert running.communicate(timeout=PATIENCE) == ("", "")
    assert running.returncode == code


def test_arguments_streams_and_environment_are_the_commands_own(tmp_path: Path) -> None:
    script = 'printf "%s|" "$@"; echo "$FOO"; cat; echo oh >&2'
    result = subprocess.run(
        runner("sh", "-c", script, "sh", "a b", "", "*"),
        input="in",
        capture_output=True,
        text=True,
        check=True,
        cwd=tmp_path,
        env=os.environ | {"FOO": "bar"},
    )
    assert (result.stdout, result.stderr) == ("a b||*|bar\nin", "oh\n")


def test_a_command_is_ended_by_writing_to_a_closed_pipe() -> None:
    """Python ignores that signal; programs that expect to end by it would go on for ever."""
    with start("sh", "-c", "yes | head -n 1; kill -PIPE $$; echo ignored") as running:
        assert running.communicate(timeout=PATIENCE)[0] == "y\n"
    assert running.returncode == 128 + signal.SIGPIPE


@for_each("number", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP, signal.SIGQUIT])
def test_a_signal_is_forwarded_to_the_command(number: int) -> None:
    name = signal.Signals(number).name.removeprefix("SIG")
    script = f"trap 'echo caught; exit 5' {name}; echo ready; while :; do sleep 0.01; done"
    with start("sh", "-c", script) as running:
        assert running.stdout
        assert running.stdout.readline() == "ready\n"
        running.send_signal(number)
        assert running.communicate(timeout=PATIENCE)[0] == "caught\n"
    assert running.returncode == 5


@pytest.mark.parametrize("ignores", ["", "trap '' TERM; "])
def test_background_processes_of_a_command_end_with_it(ignores: str) -> None:
    """A process that ignores SIGTERM ends too."""
    left = f'({ignores}while :; do sleep 0.01; done) >/dev/null 2>&1 & echo "$!"'
    with start("sh", "-c", left) as running:
        pid = int(running.communicate(timeout=PATIENCE)[0])
    assert running.returncode == 0
    until(lambda: is_gone(pid))


@pytest.mark.parametrize("ignores", ["", "trap '' TERM; "])
def test_a_command_ends_with_all_it_started_when_flowsim_is_killed(ignores: str) -> None:
    """Without a watcher it would get another parent and go on."""
    script = f'{ignores}sleep 600 & echo "$$ $!"; while :; do sleep 0.01; done'
    with start("sh", "-c", script) as running:
        assert running.stdout
        started = [*map(int, running.stdout.readline().split())]
        assert not any(map(is_gone, started))
        until(lambda: waits(running.pid))  # it has named the command to what watches it
        running.kill()
        try:
            until(lambda: all(map(is_gone, started)))
        finally:
            for pid in started:
                with contextlib.suppress(ProcessLookupError):
                    os.kill(pid, signal.SIGKILL)


@pytest.mark.parametrize("command", [("true",), ("sh", "-c", "kill -KILL $$"), ("nothing",)])
def test_the_watcher_ends_with_the_command(command: tuple[str, ...]) -> None:
    """Every process started here holds the pipe, so the pipe ends after the last of them."""
    reading, writing = os.pipe()
    ran = subprocess.Popen(runner(*command), pass_fds=[writing], stderr=subprocess.DEVNULL)
    os.close(writing)
    assert ran.wait(PATIENCE) != 0 or command == ("true",)
    assert select.select([reading], [], [], PATIENCE)[0] == [reading]
    assert os.read(reading, 1) == b""
    os.close(reading)


def test_a_command_that_is_not_there_is_an_error_of_the_system(tmp_path: Path) -> None:
    with start(str(tmp_path / "nothing")) as running:
        assert "FileNotFoundError" in running.communicate(timeout=PATIENCE)[1]


class Terminal:
    """A terminal of its own, with a runner as the leader of its session."""

    def __init__(self, *command: str) -> None:
        self.seen = ""
        self.pid, self._descriptor = pty.fork()
        if not self.pid:
            os.execv(sys.executable, runner(*command))

    def type(self, text: str) -> None:
        os.write(self._descriptor, text.encode())

    def expect(self, text: str) -> None:
        """Read until a text is shown."""
        while text not in self.seen:
            self.seen += os.read(self._descriptor, 1024).decode(errors="ignore")

    def exit_code(self) -> int:
        return os.waitstatus_to_exitcode(os.waitpid(self.pid, 0)[1])


def test_a_command_has_the_terminal_and_gets_its_keys() -> None:
    script = (
        "trap 'echo caught; exit 5' INT; read line; echo got $line; while :; do sleep 0.01; done"
    )
    terminal = Terminal("sh", "-c", script)
    terminal.type("hello\n")
    terminal.expect("got hello")
    terminal.type("\x03")
    terminal.expect("caught")
    assert terminal.exit_code() == 5


def test_a_command_that_is_stopped_stops_the_runner_until_it_goes_on() -> None:
    """It has the terminal by then: it has read from it."""
    terminal = Terminal("sh", "-c", "read go; kill -STOP $$; read line; echo got $line")
    terminal.type("go\n")
    _, status = os.waitpid(terminal.pid, os.WUNTRACED)
    assert os.WIFSTOPPED(status)
    os.kill(terminal.pid, signal.SIGCONT)
    terminal.type("hello\n")
    terminal.expect("got hello")
    assert terminal.exit_code() == 0
