"""``flowsim`` as a process of its own that need not load its modules again.

One process per worker has loaded them, and forks for each command line. What comes before, from
the start of Python on, tests of other processes prove.
"""

from __future__ import annotations

import atexit
import contextlib
import json
import os
import select
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from functools import cache
from pathlib import Path
from typing import IO, Self

PROGRAM = """
import contextlib, gc, importlib, json, os, runpy, select, signal, socket, sys, threading, time
import flowsim.captures.files, flowsim.checks.run
import flowsim.commands.advance, flowsim.commands.check, flowsim.commands.events
import flowsim.commands.keys, flowsim.commands.receive, flowsim.commands.register
import flowsim.commands.replay, flowsim.commands.show, flowsim.commands.trigger
import flowsim.commands.up, flowsim.events_service.local_service
import flowsim.events_service.control.routes, flowsim.events_service.application
import flowsim.receiver.key_host, flowsim.receiver.application
import flowsim.replay.run, flowsim.story.opening
import faker.config, requests, uvloop
from flowsim.entry import main
from flowsim.families.registry import FAULTS, shipped

shipped().readable()
FAULTS.keys()
gc.freeze()

def run(asked, output, messages, status):
    for number, descriptor in enumerate((output, messages), 1):
        os.dup2(descriptor, number)
        os.close(descriptor)
    os.close(status)
    os.environ.clear()
    os.environ.update(asked["environment"])
    time.tzset()
    os.chdir(asked["folder"])
    signal.signal(signal.SIGHUP, signal.SIG_IGN if asked["ignores"] else signal.SIG_DFL)
    for name, value in asked.get("changed", {}).items():
        module, _, name = name.rpartition(".")
        setattr(importlib.import_module(module), name, value)
    is_script = asked.get("program") == "run-python"
    sys.argv = [*asked["words"]] if is_script else ["flowsim", *asked["words"]]
    sys.stdout = sys.__stdout__ = open(1, "w", encoding="utf-8", closefd=False)
    sys.stderr = sys.__stderr__ = open(
        2, "w", 1, encoding="utf-8", errors="backslashreplace", closefd=False
    )
    if is_script:
        sys.path.insert(0, os.getcwd())
        runpy.run_path(sys.argv[0], run_name="__main__")
    else:
        main()

def end_with_reader(status, child):
    waiting = select.poll()
    waiting.register(status, 0)
    waiting.poll()
    with contextlib.suppress(ProcessLookupError):
        os.kill(child, signal.SIGKILL)

requests = socket.socket(fileno=int(sys.argv[1]))
signal.signal(signal.SIGINT, signal.default_int_handler)
while True:
    with contextlib.suppress(ChildProcessError):
        while os.waitpid(-1, os.WNOHANG)[0]:
            pass
    try:
        text, files, *_ = socket.recv_fds(requests, 1 << 20, 3)
    except KeyboardInterrupt:
        continue
    if not text:
        break
    if os.fork():
        for each in files:
            os.close(each)
        continue
    requests.close()
    child = os.fork()
    if not child:
        run(json.loads(text), *files)
        break
    output, messages, status = files
    os.close(output)
    os.close(messages)
    os.write(status, b"%d\\n" % child)
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    threading.Thread(target=end_with_reader, args=[status, child], daemon=True).start()
    code = os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])
    with contextlib.suppress(BrokenPipeError):  # who asked was killed
        os.write(status, b"%d\\n" % code)
    os._exit(0)
"""
"""Between the process that forks and the one that is asked for is one that waits for its end."""

COMMAND = """#!{python} -IS
import json, os, signal, socket, sys
program, words = os.path.basename(sys.argv[0]), sys.argv[1:]
try:
    asking = socket.socket(fileno={asking}) if words[:1] != ["exec"] else None
except OSError:
    asking = None
if asking is None:
    own = {flowsim!r} if program == "flowsim" else sys.executable
    os.execv(own, [own, *words])
reading, writing = os.pipe()
ignores = signal.getsignal(signal.SIGHUP) is signal.SIG_IGN
asked = dict(program=program, words=words, ignores=ignores)
asked |= dict(environment=dict(os.environ), folder=os.getcwd())
socket.send_fds(asking, [json.dumps(asked).encode()], [1, 2, writing])
os.close(writing)
status = os.fdopen(reading)
child = int(status.readline())
for number in signal.SIGHUP, signal.SIGINT, signal.SIGTERM:
    signal.signal(number, lambda number, _: os.kill(child, number))
code = int(status.readline())
if code < 0:
    signal.signal(-code, signal.SIG_DFL)
    os.kill(os.getpid(), -code)
sys.exit(code)
"""
"""``flowsim`` for a shell, and ``run-python`` for a file: pass on signals, return the exit code.

Where it has not inherited the socket, it becomes a process that has to load its modules.
``flowsim exec`` always does: what it starts has to end with the shell.
"""


@cache
def _forking() -> socket.socket:
    """Start the process that forks, and return where it is asked to."""
    ours, its = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
    command = [sys.executable, "-c", PROGRAM, str(its.fileno())]
    process = subprocess.Popen(command, pass_fds=[its.fileno()])
    its.close()

    def end() -> None:
        ours.close()
        process.wait()

    atexit.register(end)
    return ours


@cache
def flowsim_command() -> tuple[Path, int]:
    """Return ``flowsim`` for a shell, in a folder of its own, and the descriptor to inherit.

    Beside it is ``run-python``, which runs a file as ``python`` does.
    """
    folder = Path(tempfile.mkdtemp(prefix="flowsim-"))
    atexit.register(shutil.rmtree, folder)
    asking = _forking().fileno()
    flowsim = str(Path(sys.executable).with_name("flowsim"))
    for path in (folder / "run-python", folder / "flowsim"):
        path.write_text(COMMAND.format(python=sys.executable, asking=asking, flowsim=flowsim))
        path.chmod(0o755)
    return path, asking


class Forked:
    """A command line that runs; as far as tests use it, the same as ``subprocess.Popen``.

    ``changed`` are constants of modules that are others there, such as a time to wait.
    """

    returncode: int | None = None

    def __init__(
        self,
        *words: str,
        environment: Mapping[str, str] | None = None,
        changed: Mapping[str, float] | None = None,
    ) -> None:
        asked = {
            "words": words,
            "changed": {**(changed or {})},
            "environment": dict(os.environ if environment is None else environment),
            "folder": os.getcwd(),
            "ignores": signal.getsignal(signal.SIGHUP) is signal.SIG_IGN,
        }
        pipes = [os.pipe() for _ in range(3)]
        socket.send_fds(_forking(), [json.dumps(asked).encode()], [each[1] for each in pipes])
        for _, writing in pipes:
            os.close(writing)
        self.stdout, self.stderr, self._status = (_reader(reading) for reading, _ in pipes)
        self.pid = int(self._status.readline())

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.stdout.close()
        self.stderr.close()
        self.wait()
        self._status.close()

    def poll(self) -> int | None:
        """Return the exit code, if it has ended."""
        if self.returncode is None and select.select([self._status], [], [], 0)[0]:
            self.wait()
        return self.returncode

    def wait(self, timeout: float = 60) -> int:
        """Return the exit code once it has ended."""
        if self.returncode is None:
            assert select.select([self._status], [], [], timeout)[0], "it does not end"
            self.returncode = int(self._status.readline())
        return self.returncode

    def send_signal(self, number: int) -> None:
        if self.poll() is None:
            with contextlib.suppress(ProcessLookupError):
                os.kill(self.pid, number)

    def kill(self) -> None:
        self.send_signal(signal.SIGKILL)

    def communicate(self, timeout: float = 60) -> tuple[str, str]:
        """Return what it says until its end."""
        with ThreadPoolExecutor(1) as pool:
            said = pool.submit(self.stderr.read)
            told = "" if self.stdout.closed else self.stdout.read()
            self.wait(timeout)
            return told, said.result()


def _reader(descriptor: int) -> IO[str]:
    return os.fdopen(descriptor, encoding="utf-8")
