"""The list of activities is empty.

Trap 12 of flow-run-payloads.md 7.4.
"""

from __future__ import annotations

from typing import Any

from ..core.fault import Fault
from ._edit import with_value

PROVES = "the run's own summaries suffice"
EXPECT = "delivered"


def on_run(entity: Any, _: Fault) -> Any:
    return with_value(entity, ("activities",), [])
