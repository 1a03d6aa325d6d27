"""Requests of the webhook to our own hosts: for keys, to open validation URLs, or led astray."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal

from ..core.challenge import PATH
from ..core.signature import KEY_PATH

Host = Literal["keys", "foreign"]
"""``keys`` is the key host, ``foreign`` a host that a webhook must never go to."""


@dataclass(frozen=True, slots=True)
class Visit:
    """One request of the webhook: the host, and the path with its query."""

    host: Host
    path: str

    @property
    def is_for_key(self) -> bool:
        """Return whether the key host was asked for a key."""
        return self.host == "keys" and KEY_PATH.fullmatch(self.path) is not None

    @property
    def is_validation(self) -> bool:
        """Return whether a validation URL was opened."""
        return self.path.startswith(f"{PATH}?")


@dataclass(slots=True)
class Visits:
    """All requests at our hosts, in order; any thread may note one."""

    _noted: list[Visit] = field(default_factory=list)

    def note(self, host: Host, path: str) -> None:
        """Add a request: which of our hosts was asked, and for which path."""
        self._noted.append(Visit(host, path))

    def count(self) -> int:
        """Return how many requests there were until now, for ``since``."""
        return len(self._noted)

    @property
    def has_keys(self) -> bool:
        """Return whether a key was ever asked for."""
        return any(visit.is_for_key for visit in self._noted)

    def since(self, number: int) -> tuple[Visit, ...]:
        """Return all visits after the first ``number``."""
        return tuple(self._noted[number:])
