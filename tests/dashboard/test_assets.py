"""The files that pages load: unchanged where others made them, and with their licences."""

from __future__ import annotations

import hashlib
import re
from pathlib import Path

from flowsim import dashboard

from ..checkout import CHECKOUT

ASSETS = Path(dashboard.__file__).parent / "assets"
ROW = re.compile(
    r"^\| `(?P<file>\S+)` \| (?P<name>[^|]+) \| (?P<version>\S+) \| \w+, `(?P<licence>\S+)` "
    r"\| `\S+`, `\S+` \| `(?P<sha256>\w{64})` \|$",
    re.M,
)
OURS = {"README.md", "dashboard.css", "dashboard.js", "icon.svg"}


def rows() -> list[re.Match[str]]:
    """Return what the table of the folder's README says of each file of other projects."""
    return list(ROW.finditer((ASSETS / "README.md").read_text("utf-8")))


def test_files_of_other_projects_are_unchanged() -> None:
    found = {row["file"]: row["sha256"] for row in rows()}
    held = {name: hashlib.sha256((ASSETS / name).read_bytes()).hexdigest() for name in found}
    assert held == found
    assert set(found) == {"htmx.min.js", "pico.min.css"}


def test_every_file_of_another_project_has_its_licence_and_version() -> None:
    listed = {name for row in rows() for name in (row["file"], row["licence"])}
    assert {path.name for path in ASSETS.iterdir()} - OURS == listed
    for row in rows():
        assert row["version"] in (ASSETS / row["file"]).read_text("utf-8")
        text = (ASSETS / row["licence"]).read_text("utf-8")
        assert "Permission" in text


def test_our_own_script_has_at_most_300_lines() -> None:
    script = (ASSETS / "dashboard.js").read_text("utf-8")
    assert 0 < len(script.splitlines()) <= 300


def test_no_style_sheet_or_script_of_ours_loads_from_elsewhere() -> None:
    for name in OURS - {"README.md", "icon.svg"}:  # the name of its namespace is an address
        text = (ASSETS / name).read_text("utf-8")
        assert not re.search(r"@import|url\(|https?:", text)


def test_the_pictures_of_the_documentation_are_small() -> None:
    pictures = (CHECKOUT / "docs" / "pictures").glob("*.png")
    assert 0 < sum(each.stat().st_size for each in pictures) <= 600_000
