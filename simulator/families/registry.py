"""The families that there are, and which event codes are theirs."""

from __future__ import annotations

from functools import cache
from importlib import import_module
from pkgutil import iter_modules
from typing import Any

from .. import families
from ..core.event import Notification


def event_codes() -> dict[str, str]:
    """Return the event codes of every family, each with its label."""
    return {code: label for each in _families() for code, label in each.EVENT_CODES.items()}


def samples() -> dict[str, str]:
    """Return the event codes of every family, each with a shipped scenario that shows it."""
    return {code: name for each in _families() for code, name in each.SAMPLES.items()}


def runs_of(notification: Notification) -> list[dict[str, Any]]:
    """Return the run entities that a notification of any family tells about."""
    family = _families_by_code().get(notification.event_code)
    return family.runs_of(notification) if family else []


@cache
def _families_by_code() -> dict[str, Any]:
    return {code: family for family in _families() for code in family.EVENT_CODES}


@cache
def _families() -> tuple[Any, ...]:
    return tuple(
        import_module(f"{families.__name__}.{found.name}.family")
        for found in iter_modules(families.__path__)
        if found.ispkg
    )
