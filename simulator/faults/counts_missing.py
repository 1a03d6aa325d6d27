"""The summaries of counts are empty objects.

Trap 7 of flow-run-payloads.md 7.4.
"""

from __future__ import annotations

from typing import Any

from ..core.fault import Fault
from ._edit import COUNTED, PARTS, with_value

PROVES = "a count that is missing is unknown"
EXPECT = "delivered"


def on_run(entity: Any, _: Fault) -> Any:
    for part in PARTS:
        for name in COUNTED:
            entity = with_value(entity, (*part, name), {})
    return entity
