"""The list of files is an empty text.

Trap 10 of flow-run-payloads.md 7.4.
"""

from __future__ import annotations

from typing import Any

from ..core.fault import Fault
from ._edit import EACH, with_value

PROVES = "an address that is empty is not called"
EXPECT = "delivered"


def on_run(entity: Any, _: Fault) -> Any:
    path = ("activities", EACH, "fileSummary", "extensions", "manifest", "fileInfo")
    return with_value(entity, path, "")
