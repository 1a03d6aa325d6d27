"""The flow's name is written in many scripts.

Mistake 9 of io-events-protocol.md 10.
"""

from __future__ import annotations

from typing import Any

from ..core.fault import Fault
from ._edit import as_object

NAME = "Übernahme der Aufträge · 受注データ · заказы · 🧾 e\u0301"

PROVES = "signatures are verified over the raw bytes, whatever the text"
EXPECT = "delivered"


def on_run(entity: Any, _: Fault) -> Any:
    return {**as_object(entity), "flowName": NAME}
