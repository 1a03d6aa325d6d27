"""References name no ids.

Trap 11 of flow-run-payloads.md 7.4.
"""

from __future__ import annotations

from functools import partial
from typing import Any

from ..core.fault import Fault
from ._argument import choice
from ._edit import EACH, edited, with_value, without

PROVES = "a reference without ids leads nowhere, and that is all"
EXPECT = "delivered"
ARGUMENT = choice("missing", "empty")


def on_run(entity: Any, fault: Fault) -> Any:
    change = _without_ids if fault.argument == "missing" else _with_no_ids
    for name in ("sourceInfo", "targetInfo"):
        entity = edited(entity, ("activities", EACH), partial(change, name))
    return entity


def _without_ids(name: str, activity: Any) -> Any:
    return without(activity, (name, EACH, "reference"), "ids") if name in activity else activity


def _with_no_ids(name: str, activity: Any) -> Any:
    path = (name, EACH, "reference", "ids")
    return with_value(activity, path, []) if name in activity else activity
