"""Commands that lack memory or threads: one sentence, and never a service that does not answer."""

from __future__ import annotations

import compileall
import contextlib
import json
import resource
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from itertools import cycle
from pathlib import Path

import pytest
import requests
from click.testing import Result

import flowsim
from flowsim.commands import _groups
from flowsim.runtime import event_loop

from ..webhook import Webhook, echo
from .own_streams import exit_code

MANY = 900 * 2**20
"""More bytes of address space than any of the commands ever fills, and fewer than they reserve."""

COMMANDS = {
    "up": ["up", "--port", "0", "--data", ":memory:", "--json"],
    "up with TLS": ["up", "--port", "0", "--data", ":memory:", "--tls-port", "0", "--json"],
    "receive": ["receive", "--port", "0"],
    "replay": ["replay", "partial"],
    "check": ["check", "1", "--serve-keys", "0"],
    "exec": ["exec", "--", "true"],
}


@pytest.fixture(autouse=True, scope="module")
def _compiled() -> None:
    """Compile the package, as an installation does: Python's own parser fails without memory."""
    assert compileall.compile_dir(Path(flowsim.__file__).parent, quiet=1)


only_on_linux = pytest.mark.skipif(sys.platform != "linux", reason="others do not limit it so")


def address_space(size: int) -> Callable[[], None]:
    return lambda: resource.setrlimit(resource.RLIMIT_AS, (size, size))


def told_by(ended: subprocess.CompletedProcess[str]) -> str:
    """Return the only line of a command that cannot run; its JSON ends with the same sentence."""
    line, *others = ended.stderr.splitlines()
    assert (ended.returncode, others) == (2, [])
    if "--json" in ended.args or "'--json'" in ended.args[-1]:
        assert json.loads(ended.stdout)["error"] == line.removeprefix("error: ")
    else:
        assert ended.stdout == ""
    return line


@pytest.mark.slow
@only_on_linux
@pytest.mark.parametrize(("name", "size"), [*zip(COMMANDS, cycle([MANY, MANY // 3]), strict=False)])
def test_too_little_address_space_is_reported_before_anything_starts(name: str, size: int) -> None:
    ended = subprocess.run(
        [sys.executable, "-m", "flowsim", *COMMANDS[name]],
        check=False,
        capture_output=True,
        text=True,
        preexec_fn=address_space(size),
    )
    start = f"error: flowsim may use {size // 2**20:,} MB of address space, and its threads need "
    assert told_by(ended).startswith(start)
    assert "allow it more (ulimit -v " in ended.stderr


@pytest.mark.slow
@only_on_linux
def test_the_advised_limit_is_enough() -> None:
    command = [sys.executable, "-m", "flowsim", "replay", "partial"]
    refused = subprocess.run(
        command, check=False, capture_output=True, text=True, preexec_fn=address_space(MANY)
    )
    advised = int(refused.stderr.rpartition("ulimit -v ")[2].rstrip(")\n")) * 1024
    ended = subprocess.run(
        command, check=False, capture_output=True, text=True, preexec_fn=address_space(advised)
    )
    assert (ended.returncode, ended.stderr) == (0, "")


def program(before: str, arguments: list[str]) -> list[str]:
    """Return a command that runs a program first, and then flowsim in the same process."""
    return [
        sys.executable,
        "-c",
        f"from flowsim.commands import main\n{before}\nmain({arguments})",
    ]


LITTLE_MEMORY = """
import resource
pages = int(open("/proc/self/statm").read().split()[0])
limit = pages * resource.getpagesize() + 2 * 2**20
resource.setrlimit(resource.RLIMIT_AS, (limit, limit))
"""
"""Room for what is loaded, and for no library that is not."""


@pytest.mark.slow
@only_on_linux
@pytest.mark.parametrize("name", COMMANDS)
def test_a_library_without_memory_is_reported_in_one_sentence(name: str) -> None:
    ended = subprocess.run(
        program(LITTLE_MEMORY, COMMANDS[name]), check=False, capture_output=True, text=True
    )
    result = "error: out of memory; allow flowsim more (ulimit -v, or the limit of its container)"
    assert told_by(ended) == result


def test_a_command_that_cannot_be_loaded_is_reported_in_one_sentence(
    monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    """It cannot be asked whether it has --json: an object is printed."""

    def load(*_: object) -> None:
        raise MemoryError

    monkeypatch.setattr(_groups.importlib, "import_module", load)
    code = exit_code(*COMMANDS["up"], output=1, messages=2)
    monkeypatch.undo()
    ended = subprocess.CompletedProcess(COMMANDS["up"], code, *capfd.readouterr())  # type: ignore[arg-type]
    assert told_by(ended).startswith("error: out of memory; allow flowsim more")


NO_THREADS = """
import threading
def refuse(*_, **__):
    raise RuntimeError("can't start new thread")
threading.Thread.start = refuse
"""
"""What a limit of processes does, which no test can set for every user."""

NO_THREAD = "error: no more threads or processes can be started; allow flow"


@pytest.mark.slow
def test_a_process_without_threads_ends_with_one_sentence() -> None:
    ended = subprocess.run(
        program(NO_THREADS, COMMANDS["up"]),
        check=False,
        capture_output=True,
        text=True,
        timeout=120,
    )
    assert told_by(ended).startswith(NO_THREAD)


@pytest.mark.slow
@pytest.mark.parametrize("arguments", [*COMMANDS.values(), ["replay", "partial", "--target", "1"]])
def test_a_lack_of_threads_is_reported_in_one_sentence(
    arguments: list[str], capfd: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """The command does not connect to the target before: the first connection takes threads."""

    def refuse(_: threading.Thread) -> None:
        raise RuntimeError("can't start new thread")

    event_loop._try_threads.cache_clear()  # noqa: SLF001 - it remembers that there were some
    monkeypatch.setattr(threading.Thread, "start", refuse)
    code = exit_code(*arguments, output=1, messages=2)
    monkeypatch.undo()
    ended = subprocess.CompletedProcess(arguments, code, *capfd.readouterr())  # type: ignore[arg-type]
    assert told_by(ended).startswith(NO_THREAD)


# While a service runs

A_THREAD_THAT_DIES = """
import sys, threading
def die():
    sys.stdin.readline()
    raise {}
threading.Thread(target=die, daemon=True).start()
"""
"""It dies when asked to."""


@contextlib.contextmanager
def serving(before: str) -> Iterator[tuple[subprocess.Popen[str], str]]:
    """Run a service in the process of a program; yield it and its URL."""
    with subprocess.Popen(
        program(before, COMMANDS["up"]),
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    ) as process:
        assert process.stdout
        try:
            yield process, json.loads(process.stdout.readline())["url"]
        finally:
            process.kill()


@pytest.mark.slow
def test_a_thread_without_memory_ends_the_service_with_a_sentence() -> None:
    with serving(A_THREAD_THAT_DIES.format("MemoryError")) as (process, url):
        assert requests.get(f"{url}/readyz", timeout=10).status_code == 200
        _, said = process.communicate("now\n", timeout=60)
    assert process.returncode == 2
    assert said == (
        "error: out of memory; allow flowsim more (ulimit -v, or the limit of its container)\n"
    )


@pytest.mark.slow
def test_a_thread_with_a_bug_ends_the_service_with_a_traceback() -> None:
    with serving(A_THREAD_THAT_DIES.format("KeyError('x')")) as (process, _):
        _, said = process.communicate("now\n", timeout=60)
    assert process.returncode == 2
    assert "Traceback" in said
    assert said.splitlines()[-1] == (
        "error: a part of flowsim has ended (KeyError: 'x' at <string>:6); start it again"
    )


A_DELIVERY_THREAD_THAT_ENDS = """
from flowsim.events_service.deliveries.recording import Recorder
def fail(*_):
    raise MemoryError
Recorder.record = fail
"""


@pytest.mark.slow
def test_a_delivery_thread_that_ends_ends_the_service_with_a_sentence(
    webhook: Webhook, flowsim: Callable[..., Result]
) -> None:
    webhook.answers = [echo]
    with serving(A_DELIVERY_THREAD_THAT_ENDS) as (process, url):
        for command in (f"register --webhook {webhook.url}", "trigger partial"):
            assert flowsim(*command.split(), "--service", url).exit_code == 0
        _, said = process.communicate(timeout=60)
    assert (process.returncode, said) == (
        2,
        "error: out of memory; allow flowsim more (ulimit -v, or the limit of its container)\n",
    )
