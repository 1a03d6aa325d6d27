"""What callers of a service on this machine need, in a file that only its owner can read.

``flowsim up`` writes it while it runs, as ``NAME=value`` lines; the commands read the token
from it, and a shell can. It is the one place where secrets are shown.
"""

from __future__ import annotations

import contextlib
import ipaddress
import os
from collections.abc import Iterator, Mapping
from pathlib import Path
from urllib.parse import urlsplit

from . import settings
from .errors import SettingError

TOKEN = "FLOWSIM_TOKEN"
"""The name of the bearer token, in the file and in the environment."""


@contextlib.contextmanager
def shown(port: int, values: Mapping[str, str]) -> Iterator[Path]:
    """Yield the file of the service on a port; it is gone at the end of the block.

    Raises ``SettingError`` if it cannot be written.
    """
    from .own_files import write

    path = _path(port)
    text = "".join(f"{name}={value}\n" for name, value in values.items())
    try:
        path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        write(path, text.encode(), 0o600)
    except OSError as error:
        reason = f"{error.strerror or error}; set FLOWSIM_HOME to a folder of yours"
        raise SettingError(f"{path}: {reason}") from None
    try:
        yield path
    finally:
        path.unlink(missing_ok=True)


def token_for(address: str) -> str | None:
    """Return the token for the service at an address: the environment's, or the file's."""
    return os.environ.get(TOKEN) or values_for(address).get(TOKEN)


def values_for(address: str) -> dict[str, str]:
    """Return what the service at an address shows; nothing if it is not of this machine."""
    parts = urlsplit(address)
    if not _is_here(parts.hostname or ""):
        return {}
    try:
        lines = _path(parts.port or 80).read_text(encoding="utf-8").splitlines()
    except (OSError, UnicodeDecodeError):
        return {}
    return {name: value for name, _, value in (line.partition("=") for line in lines)}


def _path(port: int) -> Path:
    return settings.home() / "services" / f"{port}.env"


def _is_here(host: str) -> bool:
    try:
        address = ipaddress.ip_address(host)
    except ValueError:
        return host == "localhost"
    return address.is_loopback or address.is_unspecified
