"""The run's own times are text in ISO 8601.

Trap 6 of flow-run-payloads.md 7.4.
"""

from __future__ import annotations

from typing import Any

from ..core.fault import Fault
from ..core.instant import from_ms, spell

PROVES = "a time is read as a number or as text"
EXPECT = "delivered"


def on_run(entity: Any, _: Fault) -> Any:
    times = {
        name: spell(from_ms(entity[name]))
        for name in ("createdAt", "updatedAt")
        if type(entity.get(name)) is int
    }
    return {**entity, **times}
