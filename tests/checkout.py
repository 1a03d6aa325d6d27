"""This checkout, copied to where it can be built: builds leave files behind."""

from __future__ import annotations

import shutil
from pathlib import Path

CHECKOUT = Path(__file__).parents[1]
SHIPPED = ("simulator", "scenarios", "pyproject.toml", "README.md", "LICENSE")
"""What a build reads."""


def copy_checkout(to: Path, *more: str) -> Path:
    """Copy what a build reads, and more files or folders, into an empty folder."""
    for name in (*SHIPPED, *more):
        if (CHECKOUT / name).is_dir():
            ignored = shutil.ignore_patterns("__pycache__")
            shutil.copytree(CHECKOUT / name, to / name, ignore=ignored)
        else:
            shutil.copy(CHECKOUT / name, to / name)
    return to
