"""All counts are 0, which is a legitimate number.

Trap 7 of flow-run-payloads.md 7.4.
"""

from __future__ import annotations

from typing import Any

from ..core.fault import Fault
from ._edit import counts, with_members

PROVES = "0 is a number like any other, and not the lack of one"
EXPECT = "delivered"


def on_run(entity: Any, _: Fault) -> Any:
    entity = with_members(entity, ("metrics", "recordSummary"), inputRecordCount=0)
    return counts(entity, lambda _: 0)
