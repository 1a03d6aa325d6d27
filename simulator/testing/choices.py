"""Defaults of a project or a test, for all calls that do not give a value themselves."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, fields, replace
from difflib import get_close_matches
from pathlib import Path
from typing import Any, Self

from ..errors import SettingError

MARKER = "@pytest.mark.flowsim"

_OF_THE_PROJECT = ("scenarios", "families")


@dataclass(frozen=True, slots=True)
class Choices:
    """Defaults from the configuration of pytest, its command line and the marker of a test.

    ``target`` is an address, an application, or where one is imported from; ``path`` is where
    the webhook is in an application. ``scenarios`` are folders in which names are looked up
    first, ``families`` are folders with event families. ``None`` is the default of the scenario,
    or of flowsim.
    """

    target: Any = None
    path: str = "/"
    client_id: str | None = None
    seed: int | str | None = None
    scenario: Any = None
    clock: str | None = None
    scenarios: tuple[Path, ...] = field(default=())
    families: tuple[Path, ...] = field(default=())

    def marked(self, unnamed: tuple[Any, ...], stated: Mapping[str, Any]) -> Self:
        """Return these choices, changed by a marker; raises ``SettingError`` for unknown names."""
        if unnamed:
            raise SettingError(f"{MARKER} takes names only, as in scenario={unnamed[0]!r}")
        known = [each.name for each in fields(self) if each.name not in _OF_THE_PROJECT]
        for name in stated:
            if name not in known:
                near = get_close_matches(name, known, 1) or known
                raise SettingError(f"{MARKER} has no {name!r}; expected {', '.join(near)}")
        return replace(self, **stated)


def seed_of(text: str, origin: str) -> int | str | None:
    """Return a seed: a number, or ``random``; None for an empty text. Raises ``SettingError``."""
    if text in ("", "random"):
        return text or None
    if not (text.isascii() and text.isdecimal() and len(text) < 19):
        raise SettingError(
            f"{origin}: {text!r}; expected random or a whole number from 0 to below 10^18"
        )
    return int(text)
