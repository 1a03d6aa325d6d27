"""A request that came to one of our own hosts while a webhook was checked."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from ..challenge import PATH
from ..signature import KEY_PATH

Host = Literal["keys", "foreign"]
"""``keys`` is the key host, ``foreign`` one that no webhook has any business with."""


@dataclass(frozen=True, slots=True)
class Visit:
    """One request: the host it came to, and the path that it asked for, query included."""

    host: Host
    path: str

    @property
    def is_for_key(self) -> bool:
        """Tell whether the key host was asked for a key."""
        return self.host == "keys" and KEY_PATH.fullmatch(self.path) is not None

    @property
    def is_validation(self) -> bool:
        """Tell whether a validation URL was opened."""
        return self.path.startswith(f"{PATH}?")
