"""Where flowsim keeps what belongs to the installation."""

from __future__ import annotations

import os
from pathlib import Path


def home() -> Path:
    """Return the data folder: ``FLOWSIM_HOME``, or the user's own data folder."""
    stated = os.environ.get("FLOWSIM_HOME")
    if stated:
        return Path(stated).expanduser()
    import platformdirs

    return Path(platformdirs.user_data_dir("flowsim", appauthor=False))


def keys_folder() -> Path:
    """Return the folder of the signing keys."""
    return home() / "keys"
