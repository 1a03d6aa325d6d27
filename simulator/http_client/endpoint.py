"""Where a URL leads."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from urllib.parse import urlsplit

from ..core import target


@dataclass(frozen=True, slots=True)
class Endpoint:
    """What listens for a URL; URLs with the same endpoint share connections."""

    host: str
    port: int
    secure: bool


@lru_cache(maxsize=4096)
def of(url: str) -> Endpoint:
    """Return the endpoint of an http or https URL; raises ``ValueError`` for any other."""
    host, port = target.host_and_port(url)
    scheme = urlsplit(url).scheme
    if scheme not in ("http", "https") or not host:
        raise ValueError(f"{url[:80]!r} is no http address")
    return Endpoint(host, port, scheme == "https")
