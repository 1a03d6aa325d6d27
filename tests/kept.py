"""What was read from shipped YAML, for homes of tests: to read it again takes seconds."""

from __future__ import annotations

import contextlib
import shutil
from pathlib import Path

from flowsim.errors import SettingError
from flowsim.installation import settings

FOLDERS = ("families", "checks")
"""Folders of a home in which ``flowsim.installation.kept`` keeps it, beside checksums."""


def copy_kept(home: Path, source: Path | None = None) -> None:
    """Copy to a home what was read with another one, by default with that in use."""
    with contextlib.suppress(SettingError):
        for folder in [(source or settings.home()) / name for name in FOLDERS]:
            if folder.is_dir():
                shutil.copytree(folder, home / folder.name, dirs_exist_ok=True)
