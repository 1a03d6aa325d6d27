"""Activities have the ids and names of today.

They are constants since December 2020 (2.3). Trap 12 of flow-run-payloads.md 7.4.
"""

from __future__ import annotations

from typing import Any

from ..core.fault import Fault
from ._edit import EACH, as_object, edited, replaced

PROVES = "activities are found by either of their ids"
EXPECT = "delivered"


IDS = {
    "copyActivity": "4f008a00-3a04-11eb-adc1-0242ac120002",
    "promotionActivity": "37b34f84-1ada-11eb-adc1-0242ac120002",
}
NAMES = {"copyActivity": "Copy Activity", "promotionActivity": "Promotion Activity"}


def on_run(entity: Any, _: Fault) -> Any:
    named = edited(entity, ("activities", EACH), _named)
    return replaced(named, IDS)


def _named(activity: Any) -> Any:
    old = as_object(activity).get("id")
    return {**activity, "name": NAMES[old]} if old in NAMES else activity
