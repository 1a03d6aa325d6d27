"""The scenario files that are shipped with flowsim, by name."""

from __future__ import annotations

from functools import cache
from pathlib import Path

_FOLDERS = (
    Path(__file__).parents[1] / "scenarios",
    Path(__file__).parents[2] / "scenarios",
)


@cache
def shipped() -> dict[str, Path]:
    """Return the scenarios that are shipped with flowsim: name → file, sorted by name."""
    folder = next(folder for folder in _FOLDERS if folder.is_dir())
    return {path.stem: path for path in sorted(folder.glob("*.yaml"))}
