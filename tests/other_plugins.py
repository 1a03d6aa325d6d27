"""Plugins of pytest that are installed here and have nothing to do with ours."""

from __future__ import annotations

from importlib.metadata import entry_points


def without_others(*kept: str) -> str:
    """Return options that leave them out, but for those with these names."""
    names = (each.name for each in entry_points(group="pytest11"))
    return " ".join(f"-p no:{name}" for name in names if name not in ("flowsim", *kept))


ALONE = without_others()
"""Options that leave all of them out: they take their time to load."""
