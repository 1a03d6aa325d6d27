"""All counts are -1, which means unknown.

Trap 7 of flow-run-payloads.md 7.4.
"""

from __future__ import annotations

from typing import Any

from ..core.fault import Fault
from ._edit import counts, with_members

PROVES = "-1 is taken for unknown, never added up"
EXPECT = "delivered"


def on_run(entity: Any, _: Fault) -> Any:
    entity = with_members(entity, ("metrics", "sizeSummary"), inputBytes=-1)
    entity = with_members(entity, ("metrics", "recordSummary"), inputRecordCount=-1)
    return counts(entity, lambda _: -1)
