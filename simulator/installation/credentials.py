"""The token and ids of a service on this machine, in a file that only its owner can read.

``flowsim up`` writes it while it runs, as ``NAME=value`` lines; the commands read the token
from it, and a shell can. Secrets are written nowhere else. The service keeps the file
locked. A service that was killed leaves a file that is not locked. That one is not read, since
another program may listen on that port now, and the next service removes it. (Windows has no
such locks; there it is read.)
"""

from __future__ import annotations

import contextlib
import os
import sys
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import IO, Any
from urllib.parse import urlsplit

from ..core.host_names import ip_of
from ..core.system_reasons import folder_reason
from ..errors import SettingError
from . import own_files, settings
from .own_files import write_locked

TOKEN = "FLOWSIM_TOKEN"
"""The name of the bearer token, in the file and in the environment."""


@contextlib.contextmanager
def written(port: int, values: Mapping[str, str]) -> Iterator[Path]:
    """Yield the file of the service on a port; it is gone at the end of the block.

    Raises ``SettingError`` if it cannot be written.
    """
    path = _path(port)
    text = "".join(f"{name}={value}\n" for name, value in values.items())
    try:
        path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        _remove_stale(path.parent)
        file = write_locked(path, text.encode(), 0o600)
    except OSError as error:
        reason = f"{folder_reason(error)}; set FLOWSIM_HOME to a folder of yours"
        raise SettingError(f"{path}: {reason}") from None
    try:
        yield path
    finally:
        is_ours = _is_at(path, file)
        file.close()
        if is_ours:
            path.unlink(missing_ok=True)


def token_for(address: str) -> str | None:
    """Return the token for the service at an address: the environment's, or the file's."""
    return os.environ.get(TOKEN) or values_for(address).get(TOKEN)


def values_for(address: str) -> dict[str, str]:
    """Return the values of the service at an address; None if it is on another machine."""
    parts = urlsplit(address)
    if not _is_here(parts.hostname or ""):
        return {}
    try:
        with _path(parts.port or 80).open(encoding="utf-8") as file:
            lines = [] if _is_stale(file) else file.read().splitlines()
    except (OSError, UnicodeDecodeError):
        return {}
    return {name: value for name, _, value in (line.partition("=") for line in lines)}


def _remove_stale(folder: Path) -> None:
    for path in folder.glob("*.env"):
        with contextlib.suppress(OSError), path.open("rb") as file:
            if _is_stale(file) and _is_at(path, file):
                path.unlink()


def _is_stale(file: IO[Any]) -> bool:
    """Tell whether the service that wrote a file has ended without removing it."""
    return sys.platform != "win32" and not own_files.is_locked(file.fileno())


def _is_at(path: Path, file: IO[Any]) -> bool:
    """Tell whether an open file is still the one at its path, and not that of a later service."""
    try:
        return os.path.samestat(path.stat(), os.fstat(file.fileno()))
    except OSError:
        return False


def _path(port: int) -> Path:
    return settings.home() / "services" / f"{port}.env"


def _is_here(host: str) -> bool:
    ip = ip_of(host)
    return host == "localhost" if ip is None else ip.is_loopback or ip.is_unspecified
