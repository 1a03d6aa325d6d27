"""The activities have no start.

Trap 8 of flow-run-payloads.md 7.4.
"""

from __future__ import annotations

from typing import Any

from ..core.fault import Fault
from ._edit import EACH, without

PROVES = "a duration that cannot be computed is unknown"
EXPECT = "delivered"


def on_run(entity: Any, _: Fault) -> Any:
    return without(entity, ("activities", EACH, "durationSummary"), "startedAtUTC")
