"""There is no summary of counts at all.

Trap 7 of flow-run-payloads.md 7.4.
"""

from __future__ import annotations

from typing import Any

from ..core.fault import Fault
from ._edit import COUNTED, PARTS, without

PROVES = "a summary that is missing is no reason to give up"
EXPECT = "delivered"


def on_run(entity: Any, _: Fault) -> Any:
    for part in PARTS:
        entity = without(entity, part, *COUNTED)
    return entity
