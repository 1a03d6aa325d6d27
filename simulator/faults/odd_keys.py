"""Keys hold slashes, dots, spaces and dashes.

Trap 17 of flow-run-payloads.md 7.4.
"""

from __future__ import annotations

from typing import Any

from ..core.fault import Fault
from ._edit import EACH, with_value

KEYS = {"adf/run/id": "1", "incremental.batchId": "2", "a b": "3", "e-tag": "4", "": "5"}

PROVES = "keys are taken as they are, not as paths or names"
EXPECT = "delivered"


def on_run(entity: Any, _: Fault) -> Any:
    entity = with_value(entity, ("params",), KEYS)
    return with_value(entity, ("activities", EACH, "statusSummary", "extensions", "keys"), KEYS)
