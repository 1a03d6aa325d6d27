"""The run succeeds and has errors all the same.

Trap 13 of flow-run-payloads.md 7.4.
"""

from __future__ import annotations

from typing import Any

from ..core.fault import Fault
from ._edit import with_value

ERRORS = [{"code": "CONNECTOR-2001-500", "message": "Error occurred at promotion activity."}]

PROVES = "a success with errors is a success, and its errors are kept"
EXPECT = "delivered"


def on_run(entity: Any, _: Fault) -> Any:
    return with_value(entity, ("metrics", "statusSummary"), {"status": "success", "errors": ERRORS})
