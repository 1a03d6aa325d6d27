"""The run has no end, though its activities have.

Trap 8 of flow-run-payloads.md 7.4.
"""

from __future__ import annotations

from typing import Any

from ..core.fault import Fault
from ._edit import without

PROVES = "a run's end is read from its activities where the run has none"
EXPECT = "delivered"


def on_run(entity: Any, _: Fault) -> Any:
    return without(entity, ("metrics", "durationSummary"), "completedAtUTC")
