"""Durations are printed in seconds, among other times in milliseconds.

Trap 5 of flow-run-payloads.md 7.4.
"""

from __future__ import annotations

from typing import Any

from ..core.fault import Fault
from ._edit import PARTS, as_object, edited

PROVES = "the unit of a time is told by its size"
EXPECT = "delivered"


def on_run(entity: Any, _: Fault) -> Any:
    for part in PARTS:
        entity = edited(entity, (*part, "durationSummary"), _in_seconds)
    return entity


def _in_seconds(summary: Any) -> Any:
    return {name: _seconds_of(each) for name, each in as_object(summary).items()}


def _seconds_of(value: Any) -> Any:
    if type(value) is int:
        return value // 1000
    return _in_seconds(value) if isinstance(value, dict) else value
