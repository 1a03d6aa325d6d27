"""What these tests share: fixed keys, and the width of a terminal."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import Result

from ..kept import copy_kept
from .recording import FOLDER

Flowsim = Callable[..., Result]


@pytest.fixture(autouse=True)
def fixed_home(shared_home: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A home with the recorded keys, and 80 columns for all output."""
    home = tmp_path / "home"
    shutil.copytree(FOLDER / "keys", home / "keys")
    copy_kept(home, shared_home)
    for folder in (home, home / "keys"):
        folder.chmod(0o700)
    for file in (home / "keys").glob("*.pem"):
        file.chmod(0o600)
    monkeypatch.setenv("FLOWSIM_HOME", str(home))
    monkeypatch.setenv("COLUMNS", "80")
    monkeypatch.delenv("FLOWSIM_SERVICE", raising=False)
    return home


@pytest.fixture
def shown(flowsim: Flowsim) -> Callable[..., str]:
    """Run a command line that ends with 0, and return what it prints."""

    def run(*words: str) -> str:
        result = flowsim(*words)
        assert result.exit_code == 0, result.output
        return result.stdout

    return run
