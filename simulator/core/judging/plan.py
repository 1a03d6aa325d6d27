"""What is known of a run of checks before its first request."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from .check import Check


@dataclass(frozen=True, slots=True)
class Plan:
    """The checks in their order; ``key_host`` is as ``127.0.0.1:4020``, ``longest`` in seconds.

    ``tls_port`` is where the key host speaks HTTPS, ``proxy_port`` where a proxy leads there; if
    there are any.
    """

    url: str
    checks: Sequence[Check]
    seed: int
    key_host: str
    longest: float
    tls_port: int | None
    proxy_port: int | None
