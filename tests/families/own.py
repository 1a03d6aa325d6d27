"""Event families of a user's own, in folders and in installed packages."""

from __future__ import annotations

import shutil
from collections.abc import Iterable, Mapping
from pathlib import Path

from flowsim.families import installed, registry

DATA = Path(__file__).parent / "data"

IN_PYTHON = """
from flowsim.families.base import EventCode, Family, FamilyProvider

class Fine(Family):
    name, label, summary = "fine", "Fine", "A fine thing happened."
    provider = FamilyProvider("fine", "Fine")
    formats = {"adobe_io": "A"}
    codes = {"fine.thing": EventCode("fine.thing", "Fine", "", "A")}
    def model(self): return dict
    def teller(self, chance, defaults): raise AssertionError
"""
"""A family in Python, of which nothing is told."""


def own_families(folder: Path, *names: str) -> Path:
    """Make a folder with some families of the tests, by default orders and jobs; return it."""
    made = folder / "families"
    made.mkdir(exist_ok=True)
    for name in names or ("order", "job"):
        shutil.copy(DATA / f"{name}.yaml", made)
    return made


def install(folder: Path, name: str, files: Mapping[str, str], points: Iterable[str]) -> None:
    """Write an installed package into a folder: its files, and its entry points for families."""
    about = f"{name}-1.0.dist-info"
    entry_points = "\n".join([f"[{installed.GROUP}]", *points])
    metadata = f"Metadata-Version: 2.1\nName: {name}\nVersion: 1.0\n"
    described = {f"{about}/METADATA": metadata, f"{about}/entry_points.txt": entry_points}
    for path, text in {**files, **described}.items():
        (folder / path).parent.mkdir(exist_ok=True)
        (folder / path).write_text(text)


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
