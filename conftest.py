"""Keeps pytest of another project out of this folder, where it is a part of that project.

The tests here would be collected beside that project's own, as a second package ``tests``.
"""

from __future__ import annotations

from pathlib import Path

import pytest

_HERE = Path(__file__).parent.resolve()


def pytest_ignore_collect(config: pytest.Config) -> bool | None:
    """Collect nothing, unless pytest was started for this project."""
    return None if config.rootpath.resolve() == _HERE else True
