"""A command run without process groups, as on Windows: what that needs is everywhere."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from flowsim.adobe_clients import plain_command

PATIENCE = 30.0

HEEDS = "import signal; signal.signal(signal.SIGINT, signal.default_int_handler)"
"""Heeds Ctrl-C, which a shell's job in the background ignores."""

RUNS = f"""{HEEDS}
import os, sys
from flowsim.adobe_clients import plain_command
sys.exit(plain_command.run(tuple(sys.argv[1:]), dict(os.environ)))
"""

ENDS_AT_CTRL_C = f"""{HEEDS}
import sys
try:
    print("ready", flush=True)
    sys.stdin.read()
except KeyboardInterrupt:
    sys.exit(7)
"""


def test_the_command_gets_its_variables_and_its_exit_code_is_returned() -> None:
    words = sys.executable, "-c", "import os, sys; sys.exit(int(os.environ['CODE']))"
    assert plain_command.run(words, {**os.environ, "CODE": "7"}) == 7
    assert plain_command.run(words, {**os.environ, "CODE": "0"}) == 0


def test_a_command_is_looked_up_in_the_path_it_gets(tmp_path: Path) -> None:
    tool = tmp_path / "tool"
    tool.symlink_to(sys.executable)
    words = "tool", "-c", "raise SystemExit(3)"
    assert plain_command.run(words, {**os.environ, "PATH": str(tmp_path)}) == 3
    with pytest.raises(FileNotFoundError, match="tool"):
        plain_command.run(words, {**os.environ, "PATH": str(tmp_path / "none")})


def test_a_command_that_handles_ctrl_c_is_waited_for() -> None:
    """A console sends it to both, as a terminal does to a process group."""
    running = subprocess.Popen(
        [sys.executable, "-c", RUNS, sys.executable, "-c", ENDS_AT_CTRL_C],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
        start_new_session=True,
    )
    with running:
        assert running.stdout is not None
        assert running.stdout.readline() == "ready\n"
        os.killpg(running.pid, signal.SIGINT)
        assert running.wait(timeout=PATIENCE) == 7
