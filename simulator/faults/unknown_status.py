"""The run has a status that is not documented.

Trap 14 of flow-run-payloads.md 7.4.
"""

from __future__ import annotations

from typing import Any

from ..core.fault import Fault
from ._argument import text
from ._edit import with_value

PROVES = "a status of the future is kept as it is, and taken for neither success nor failure"
EXPECT = "delivered"
ARGUMENT = text("status", "quarantined")


def on_run(entity: Any, fault: Fault) -> Any:
    return with_value(entity, ("metrics", "statusSummary", "status"), fault.argument)
