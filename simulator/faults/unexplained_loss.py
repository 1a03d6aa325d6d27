"""30 of 100 records are gone, and nothing says why.

Trap 13 of flow-run-payloads.md 7.4.
"""

from __future__ import annotations

from typing import Any

from ..core.fault import Fault
from ._edit import with_value, without

COUNTS = {"inputRecordCount": 100, "outputRecordCount": 70}

PROVES = "a loss is seen in the counts, without an error that tells of it"
EXPECT = "delivered"


def on_run(entity: Any, _: Fault) -> Any:
    entity = with_value(entity, ("metrics", "recordSummary"), COUNTS)
    return without(entity, ("metrics", "statusSummary"), "errors")
