"""Run and activities count different numbers of files.

Trap 16 of flow-run-payloads.md 7.4.
"""

from __future__ import annotations

from typing import Any

from ..core.fault import Fault
from ._edit import EACH, with_members

PROVES = "counts that disagree are no reason to fail"
EXPECT = "delivered"


def on_run(entity: Any, _: Fault) -> Any:
    entity = with_members(entity, ("metrics", "fileSummary"), inputFileCount=1)
    return with_members(entity, ("activities", EACH, "fileSummary"), inputFileCount=2)
