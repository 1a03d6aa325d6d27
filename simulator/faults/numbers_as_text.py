"""Counts are printed as text.

Trap 6 of flow-run-payloads.md 7.4.
"""

from __future__ import annotations

from typing import Any

from ..core.fault import Fault
from ._edit import counts

PROVES = "a number is read from text too"
EXPECT = "delivered"


def on_run(entity: Any, _: Fault) -> Any:
    return counts(entity, str)
