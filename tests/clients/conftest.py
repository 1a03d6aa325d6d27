"""A service with every port, once for all clients of a file."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from pathlib import Path
from unittest.mock import patch

import pytest

from flowsim.client_variables import variables
from flowsim.local_service import Options, run

from .reaching import Reached, bare_environment


@pytest.fixture(scope="module")
def reached(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Reached]:
    bare = bare_environment(tmp_path_factory.mktemp("user"))
    with run(Options(tls_port=0, proxy_port=0)) as local:
        with patch.dict(os.environ, bare, clear=True):
            found = variables(local.identity)
        yield Reached(local, bare | found)


@pytest.fixture(scope="session")
def node() -> Path:
    """The folder of the tests' Node project, with Adobe's SDK installed in it."""
    if shutil.which("node") is None or shutil.which("npm") is None:
        pytest.skip("no Node, or no npm, on this machine: Adobe's Node SDK cannot be run")
    folder = Path(__file__).parents[1] / "node"
    if not (folder / "node_modules" / ".package-lock.json").exists():
        pytest.fail(
            "Adobe's Node SDK is not installed: remove tests/node/node_modules, run make .venv/test"
        )
    return folder
