"""A shelf: one file is one event family; the file's name is the family's name."""

from __future__ import annotations

from importlib import import_module
from pkgutil import iter_modules


def event_codes() -> dict[str, str]:
    """Return the event codes of every family, each with its label."""
    codes: dict[str, str] = {}
    for found in iter_modules(__path__):
        codes |= import_module(f"{__name__}.{found.name}").EVENT_CODES
    return codes
