"""What an import costs every user at every run: heavy libraries wait until they are needed."""

from __future__ import annotations

import subprocess
import sys

import pytest

from .cases import for_each

HEAVY = {"asyncio", "cheroot", "cryptography", "faker", "flask", "jinja2", "markupsafe"}
HEAVY |= {"multiprocessing", "platformdirs", "pydantic", "requests", "rich", "ruamel", "ssl"}
HEAVY |= {"httptools", "orjson", "uvloop", "werkzeug"}


def loaded_by(program: str) -> set[str]:
    """Return the heavy libraries that a fresh interpreter has loaded after a program."""
    ask = f"import sys\n{program}\nprint(*sys.modules, file=sys.stderr)"
    output = subprocess.run([sys.executable, "-c", ask], capture_output=True, text=True, check=True)
    return HEAVY & {name.partition(".")[0] for name in output.stderr.split()}


@pytest.mark.parametrize(
    "program", ["import flowsim", "import flowsim.commands", "import flowsim.errors"]
)
def test_importing_the_package_or_its_entry_point_is_light(program: str) -> None:
    assert loaded_by(program) == set()


@for_each("arguments", ["--help", "--version", "replay --help", "receive --help"])
def test_help_loads_nothing_heavy(arguments: str) -> None:
    call = f"main({arguments.split()}, standalone_mode=False)"
    assert loaded_by(f"from flowsim.commands import main\n{call}") == set()


def test_a_replay_loads_no_module_that_it_does_not_need() -> None:
    """A bar is for terminals, worker processes for long replays."""
    call = "main(['replay', 'partial'], standalone_mode=False)"
    loaded = loaded_by(f"from flowsim.commands import main\n{call}")
    assert {"httptools", "cryptography", "flask"} <= loaded
    assert loaded & {"multiprocessing", "requests", "rich"} == set()


def test_worker_processes_load_only_the_modules_for_signing() -> None:
    assert loaded_by("import flowsim.delivery.signing_worker") == {"cryptography"}
