"""Clocks and durations, as programs and tests name them."""

from __future__ import annotations

import contextlib

from ..core import duration
from ..errors import SettingError
from ..runtime.clock import speed_of


def skips_waits(clock: str) -> bool:
    """Return whether a clock skips waits; raises ``SettingError`` if it is no clock."""
    try:
        return speed_of(clock) is None
    except ValueError:
        raise SettingError(
            f"clock={clock!r} is neither fast, real nor a speed such as 60x"
        ) from None


def seconds(name: str, time: str | float) -> float:
    """Return the seconds of a duration; raises ``SettingError`` that names the call."""
    try:
        return duration.parse(time)
    except ValueError as error:
        raise SettingError(f"{name}({time!r}): expected {error}") from None


def of_service(clock: str) -> str:
    """Return the clock of a service; raises ``SettingError`` for one that it cannot have."""
    with contextlib.suppress(ValueError):
        if clock == "manual" or speed_of(clock) is not None:
            return clock
    raise SettingError(
        f"clock={clock!r}: a service has a manual clock, real, or a speed such as 60x"
    )
