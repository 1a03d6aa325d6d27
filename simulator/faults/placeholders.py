"""Ids are the placeholders of the documentation.

Trap 17 of flow-run-payloads.md 7.4.
"""

from __future__ import annotations

from typing import Any

from ..core.fault import Fault
from ._edit import as_object

PLACEHOLDERS = {"imsOrgId": "{ORG_ID}", "createdBy": "{CREATED_BY}", "updatedBy": "{UPDATED_BY}"}

PROVES = "an id is text of any form"
EXPECT = "delivered"


def on_run(entity: Any, _: Fault) -> Any:
    return {**as_object(entity), **PLACEHOLDERS}
