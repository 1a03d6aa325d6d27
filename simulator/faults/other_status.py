"""The run has another of the documented statuses.

Trap 14 of flow-run-payloads.md 7.4.
"""

from __future__ import annotations

from typing import Any

from ..core.fault import Fault
from ._argument import choice
from ._edit import with_value

PROVES = "success and failed are not the only statuses"
EXPECT = "delivered"
ARGUMENT = choice("partialSuccess", "inProgress", "scheduled")


def on_run(entity: Any, fault: Fault) -> Any:
    return with_value(entity, ("metrics", "statusSummary", "status"), fault.argument)
