"""Plugins of pytest that are installed here and have nothing to do with ours."""

from __future__ import annotations

from importlib.metadata import entry_points

ALONE = " ".join(
    f"-p no:{each.name}" for each in entry_points(group="pytest11") if each.name != "flowsim"
)
"""Options that leave them out: they take their time to load."""
