"""What the commands share that listen: how an address is shown, who can reach it, and who not."""

from __future__ import annotations

import contextlib
import re

from ..printable import printable
from ._output import say

_MOST_REFUSALS = 20
"""Of so many different ones people are warned: they name what others send."""


def address(host: str, port: int) -> str:
    """Return the URL of a port of this machine, without a path."""
    return f"http://[{host}]:{port}" if ":" in host else f"http://{host}:{port}"


def warn_if_reachable(host: str) -> None:
    """Say so if other machines can reach what listens on ``host``."""
    if host not in ("localhost", "::1") and not re.fullmatch(r"127(\.\d+){1,3}", host):
        say(f"warning: {printable(host)} can be reached from other machines", err=True)


class Refusals:
    """Warns of requests that are refused, once of each kind."""

    def __init__(self) -> None:
        self._told: set[str] = set()

    def warn(self, sentence: str) -> None:
        """Print why a request was refused; any thread may call this."""
        if sentence in self._told or len(self._told) == _MOST_REFUSALS:
            return
        self._told.add(sentence)
        with contextlib.suppress(OSError):  # no one reads warnings
            say(f"warning: {printable(sentence)}", err=True)
