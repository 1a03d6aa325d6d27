"""The types of references begin with the other case.

The samples have both batch and Batch. Trap 11 of flow-run-payloads.md 7.4.
"""

from __future__ import annotations

from typing import Any

from ..core.fault import Fault
from ._edit import EACH, as_object, edited

PROVES = "types of references are compared without their case"
EXPECT = "delivered"


def on_run(entity: Any, _: Fault) -> Any:
    return edited(entity, ("activities", EACH), _activity)


def _activity(activity: Any) -> Any:
    for name in {"sourceInfo", "targetInfo"} & as_object(activity).keys():
        activity = edited(activity, (name, EACH, "reference", "type"), _other_case)
    return activity


def _other_case(word: Any) -> Any:
    return word[:1].swapcase() + word[1:] if isinstance(word, str) else word
