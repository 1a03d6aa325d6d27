"""Durations as people write them: ``90s``, ``1h30m``, ``500ms``, or a number of seconds."""

from __future__ import annotations

import re

LONGEST = 3660 * 86_400.0
"""Ten years, in seconds: the longest duration that is read."""

EXPECTED = "a duration such as 90s, 5m, 1h30m, 500ms or a number of seconds, at most 10 years"

_UNITS = {"ms": 0.001, "s": 1.0, "m": 60.0, "h": 3600.0, "d": 86_400.0}
_PART = re.compile(r"(\d+(?:\.\d+)?)(ms|s|m|h|d)")
_WHOLE = re.compile(rf"(?:{_PART.pattern})+")


def parse(text: str | float) -> float:
    """Return seconds. Raises ``ValueError`` for anything that is not a duration."""
    seconds = _seconds(text.strip()) if isinstance(text, str) else text
    if not 0 <= seconds <= LONGEST:
        raise ValueError(EXPECTED)
    return float(seconds)


def _seconds(text: str) -> float:
    if _WHOLE.fullmatch(text):
        return sum(float(number) * _UNITS[unit] for number, unit in _PART.findall(text))
    if re.fullmatch(r"\d+(?:\.\d+)?", text):
        return float(text)
    raise ValueError(EXPECTED)


def exact(seconds: float) -> str:
    """Return a spelling of which ``parse`` makes the same number: 0.1 → ``0.1s``."""
    from decimal import Decimal  # it takes long to load, and is rarely needed

    return f"{format(Decimal(repr(seconds)), 'f').removesuffix('.0')}s"


def spell(seconds: float) -> str:
    """Return the shortest usual spelling: 120 → ``2m``, 5400 → ``1h30m``, 0.25 → ``250ms``."""
    if 0 < seconds < 0.9995:
        return f"{round(seconds * 1000)}ms"
    tenths = round(seconds * 10)
    if tenths % 10 and tenths < 600:
        return f"{tenths / 10}s"
    rest, parts = round(seconds), ""
    for unit, size in (("d", 86_400), ("h", 3600), ("m", 60), ("s", 1)):
        count, rest = divmod(rest, size)
        parts += f"{count}{unit}" if count else ""
    return parts or "0s"
