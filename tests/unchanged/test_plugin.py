"""What pytest tells about the plugin: fixtures, options and the marker."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

from ..other_plugins import ALONE
from .recording import unchanged


@pytest.mark.parametrize(
    ("option", "begin", "end"),
    [
        (
            "--fixtures",
            r"fixtures defined from flowsim",
            r"fixtures defined from(?! flowsim)|no tests",
        ),
        ("--markers", r"@pytest\.mark\.flowsim", r"\n\n"),
        ("--help", r"\nflowsim \(", r"\n\n"),
        ("--help", r"  flowsim_target", r"\n  (?!flowsim_|   )|\n\n"),
    ],
    ids=["fixtures", "marker", "options", "settings"],
)
def test_the_pytest_help_of_the_plugin_is_unchanged(
    tmp_path: Path, request: pytest.FixtureRequest, option: str, begin: str, end: str
) -> None:
    words = [sys.executable, "-m", "pytest", option, "-q", "--rootdir", str(tmp_path)]
    environment = os.environ | {"PYTEST_ADDOPTS": ALONE, "COLUMNS": "80"}
    ran = subprocess.run(
        words,
        cwd=tmp_path,
        env=environment,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    found = re.search(f"{begin}.*?(?={end}|\\Z)", ran.stdout, re.DOTALL)
    assert found, ran.stdout + ran.stderr
    text = re.sub(r" -- \S+pytest_plugin\.py:\d+", " -- pytest_plugin.py", found[0])
    text = re.sub(r"^-+ |[- ]+$|^[= ]+$", "", text, flags=re.MULTILINE).strip()
    name = request.node.callspec.id
    unchanged(f"plugin/{name}.txt", f"{text}\n", f"pytest {option}")
