"""What the commands share that listen: how an address is shown, and who can reach it."""

from __future__ import annotations

from ..printable import printable
from ._output import say


def address(host: str, port: int) -> str:
    """Return the URL of a port of this machine, without a path."""
    return f"http://[{host}]:{port}" if ":" in host else f"http://{host}:{port}"


def warn_if_reachable(host: str) -> None:
    """Say so if other machines can reach what listens on ``host``."""
    if host not in ("127.0.0.1", "localhost", "::1"):
        say(f"warning: {printable(host)} can be reached from other machines", err=True)
