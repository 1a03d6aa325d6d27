"""The run has fields that are not documented.

Trap 17 of flow-run-payloads.md 7.4.
"""

from __future__ import annotations

from typing import Any

from ..core.fault import Fault
from ..core.identifiers import uuid4
from ._edit import as_object

FIELDS = {
    "flowName": "Dataflow - orders.csv",
    "flowType": "batch",
    "message": "Flow run finished.",
    "url": "https://experience.adobe.com/#/platform/flow/runs",
    "inventedIn2031": {"deep": [{"er": None}]},
}

PROVES = "fields that are not known are left alone"
EXPECT = "delivered"


def on_run(entity: Any, fault: Fault) -> Any:
    parent = {"flowId": uuid4(fault.draw(16, "flow")), "flowRunId": uuid4(fault.draw(16, "run"))}
    return {**as_object(entity), **FIELDS, "predecessors": [parent]}
