"""The activities were updated at a time that is none.

In the samples it is 87473822, which is a time in no unit, or 0. Trap 9 of flow-run-payloads.md
7.4.
"""

from __future__ import annotations

from typing import Any

from ..core.fault import Fault
from ._argument import choice
from ._edit import EACH, with_value

PROVES = "the update time of an activity is not relied upon"
EXPECT = "delivered"
ARGUMENT = choice(87473822, 0)


def on_run(entity: Any, fault: Fault) -> Any:
    return with_value(entity, ("activities", EACH, "updatedAtUTC"), fault.argument)
