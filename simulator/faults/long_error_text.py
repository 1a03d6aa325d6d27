"""An error comes with kilobytes of text: quotes, line ends, JSON inside.

Trap 15 of flow-run-payloads.md 7.4.
"""

from __future__ import annotations

from typing import Any

from ..core.fault import Fault
from ._argument import number
from ._edit import with_value

LINE = (
    "ErrorCode=UserErrorFailedFileOperation,"
    "'Type=Microsoft.DataTransfer.Common.Shared.HybridDeliveryException,"
    'Message=Cannot write: {"error": "login \\"etl\\" failed", "path": "C:\\\\data"},\r\n'
)

PROVES = "texts of any length and content are kept or cut, never a reason to fail"
EXPECT = "delivered"
ARGUMENT = number("kilobytes", 8, 1, 1_000)


def on_run(entity: Any, fault: Fault) -> Any:
    text = (LINE * (fault.argument * 1024 // len(LINE) + 1))[: fault.argument * 1024]
    error = {"code": "2200", "message": text}
    return with_value(entity, ("metrics", "statusSummary", "errors"), [error])
