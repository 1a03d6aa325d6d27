"""The folders of the installation: data, signing keys, certificate authority."""

from __future__ import annotations

import os
from pathlib import Path

from ..core.system_reasons import folder_reason
from ..errors import SettingError


def home() -> Path:
    """Return the data folder: ``FLOWSIM_HOME``, or the user's own data folder.

    Raises ``SettingError`` if there is no such user, or no home is known.
    """
    stated = os.environ.get("FLOWSIM_HOME")
    if stated:
        try:
            return Path(stated).expanduser()
        except RuntimeError:
            raise SettingError(
                f"FLOWSIM_HOME {stated}: no such user; expected a folder of yours"
            ) from None
    import platformdirs

    try:
        folder = Path(platformdirs.user_data_dir("flowsim", appauthor=False))
    except RuntimeError:
        folder = Path("~")
    if not folder.is_absolute():  # neither HOME nor the system says where the user's is
        raise SettingError("no home folder is known; set FLOWSIM_HOME to a folder of yours")
    return folder


def made_home() -> Path:
    """Return the data folder, which is made if it is not there; raises ``SettingError``."""
    folder = home()
    try:
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    except OSError as error:
        reason = folder_reason(error)
        raise SettingError(f"{folder}: {reason}; set FLOWSIM_HOME to a folder of yours") from None
    return folder


def keys_folder() -> Path:
    """Return the folder of the signing keys."""
    return home() / "keys"


def authority_folder() -> Path:
    """Return the folder of the certificate authority."""
    return home() / "authority"
