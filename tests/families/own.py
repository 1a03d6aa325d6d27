"""Folders with event families of a user's own."""

from __future__ import annotations

import shutil
from pathlib import Path

from flowsim.families import registry

DATA = Path(__file__).parent / "data"


def own_families(folder: Path, *names: str) -> Path:
    """Make a folder with some families of the tests, by default orders and jobs; return it."""
    made = folder / "families"
    made.mkdir(exist_ok=True)
    for name in names or ("order", "job"):
        shutil.copy(DATA / f"{name}.yaml", made)
    return made


def break_family(folder: Path, name: str = "broken") -> Path:
    """Write a family file with two mistakes into a folder; return the file."""
    file = folder / f"{name}.yaml"
    file.write_text("label: Broken\nsumary: No such key.\ncodes: 7\n")
    return file


def take_over(folder: Path, code: str) -> str:
    """Let a family of a folder have an event code of a shipped one; return the warning of it."""
    file = folder / "order.yaml"
    file.write_text(file.read_text("utf-8").replace("order.placed", code))
    (family,) = (name for name in registry.shipped() if code in registry.shipped()[name].codes)
    return f"warning: {file}: event code {code} is one of {family} too; this file is used"
