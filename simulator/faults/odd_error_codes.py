"""Errors have codes of every form: digits, words, and too many letters.

Trap 15 of flow-run-payloads.md 7.4.
"""

from __future__ import annotations

from typing import Any

from ..core.fault import Fault
from ._edit import with_value

CODES = ("133", "42602", "Unknown error code", "ACTIVATION_BATCH-0000-SKIP")
ERRORS = [{"code": code, "message": "The record could not be read."} for code in CODES]

PROVES = "an error code is text, and kept as it is"
EXPECT = "delivered"


def on_run(entity: Any, _: Fault) -> Any:
    return with_value(entity, ("metrics", "statusSummary", "errors"), ERRORS)
