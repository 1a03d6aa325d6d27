"""What all tests share: a home of their own for keys, and the command line in process."""

from __future__ import annotations

import contextlib
import gc
import os
import shutil
import signal
import socket
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from flask.testing import FlaskClient
from hypothesis import settings

from flowsim.commands import main
from flowsim.events_service import application as events_service
from flowsim.events_service.opening import open_database, open_service
from flowsim.events_service.service import Service, ServiceOptions
from flowsim.installation import keys
from flowsim.installation.settings import keys_folder
from flowsim.runtime.clock import ManualClock

from .kept import copy_kept
from .webhook import Webhook

EXAMPLES = int(os.environ.get("FLOWSIM_EXAMPLES", "25"))
"""How many examples a property test tries that does not say it; others in each run."""

settings.register_profile("suite", deadline=None, max_examples=EXAMPLES)
settings.load_profile("suite")

# Collection makes nothing that garbage could be: looking for it is a fifth of its time.
gc.disable()

# A shell's job in the background ignores Ctrl-C, and so would the commands that tests end by it.
if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:
    signal.signal(signal.SIGINT, signal.default_int_handler)

SCENARIOS = Path(__file__).parents[1] / "scenarios"


@pytest.fixture(scope="session", autouse=True)
def shared_home(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """Keep the keys of all tests of one worker in one place, and never in the user's own."""
    before = os.environ.get("FLOWSIM_HOME")
    home = tmp_path_factory.mktemp("home")
    copy_kept(home)
    os.environ["FLOWSIM_HOME"] = str(home)
    yield home
    if before is None:
        del os.environ["FLOWSIM_HOME"]
    else:
        os.environ["FLOWSIM_HOME"] = before


@pytest.fixture
def own_home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A home without keys."""
    home = tmp_path / "home"
    monkeypatch.setenv("FLOWSIM_HOME", str(home))
    return home


@pytest.fixture
def own_keys(shared_home: Path, own_home: Path) -> Path:
    """A home that is the test's own, with the keys of all tests: to make others takes long."""
    keys.load(shared_home / "keys")
    shutil.copytree(shared_home / "keys", own_home / "keys")
    copy_kept(own_home, shared_home)
    return own_home


@pytest.fixture
def flowsim() -> Callable[..., Result]:
    """The command line, called as ``flowsim("replay", "partial")``; output is kept apart."""

    def call(*arguments: str, **options: object) -> Result:
        result = CliRunner().invoke(main, [*map(str, arguments)], **options)  # type: ignore[arg-type]
        if result.exception and not isinstance(result.exception, SystemExit):
            raise result.exception
        return result

    return call


@pytest.fixture
def hang_ups() -> Iterator[None]:
    """Let processes that a test starts heed SIGHUP, though nohup makes this one ignore it."""
    before = signal.signal(signal.SIGHUP, signal.SIG_DFL)
    yield
    signal.signal(signal.SIGHUP, before)


@pytest.fixture
def webhook() -> Iterator[Webhook]:
    """A webhook on a real socket that answers 200 unless told otherwise."""
    with Webhook() as running:
        yield running


@pytest.fixture
def service() -> Iterator[Service]:
    """An events service in memory whose clock stands still; nothing is delivered."""
    with open_database(None) as database:
        clock = ManualClock(datetime(2026, 1, 15, 9, 30, tzinfo=UTC))
        yield open_service(database, clock, ServiceOptions(), keys_folder())


@pytest.fixture
def api(service: Service) -> FlaskClient:
    """A client of that service's interfaces, in process."""
    return events_service.create(service).test_client()


@pytest.fixture
def strict(service: Service) -> FlaskClient:
    """A client of the same service, now one that accepts only its own token and key."""
    guarded = replace(service, options=replace(service.options, strict=True))
    return events_service.create(guarded).test_client()


@pytest.fixture
def scenario(tmp_path: Path) -> Callable[[str], str]:
    """Write a scenario file and return its path."""

    def write(text: str, name: str = "scenario.yaml") -> str:
        path = tmp_path / name
        path.write_text(text, encoding="utf-8")
        return str(path)

    return write


@pytest.fixture
def allow_files() -> Iterator[Callable[[int], None]]:
    """Let a test limit how many more files this process can open; restore the limit at its end."""
    resource = pytest.importorskip("resource")
    before = resource.getrlimit(resource.RLIMIT_NOFILE)
    with contextlib.ExitStack() as stack:

        def allow(number: int) -> None:
            resource.setrlimit(resource.RLIMIT_NOFILE, before)
            highest = max(map(int, os.listdir("/dev/fd")))
            while stack.enter_context(socket.socket()).fileno() <= highest:  # no number is free
                pass
            next_one = stack.enter_context(socket.socket()).fileno() + 1
            resource.setrlimit(resource.RLIMIT_NOFILE, (next_one + number, before[1]))

        yield allow
        resource.setrlimit(resource.RLIMIT_NOFILE, before)


@pytest.fixture(scope="session")
def node() -> Path:
    """The folder of the tests' Node project, with Adobe's SDK installed in it."""
    if shutil.which("node") is None or shutil.which("npm") is None:
        pytest.skip("no Node, or no npm, on this machine: Adobe's Node SDK cannot be run")
    folder = Path(__file__).parent / "node"
    if not (folder / "node_modules" / ".package-lock.json").exists():
        pytest.fail(
            "Adobe's Node SDK is not installed: remove tests/node/node_modules, run make .venv/test"
        )
    return folder


def pytest_collection_finish() -> None:
    """Look through what collection made no more: seven thousand tests stay to the end.

    Garbage among it stays too: to find it once takes longer than it saves.
    """
    gc.freeze()
    gc.enable()
