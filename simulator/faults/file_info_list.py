"""The files are listed as objects, at another place.

Newer runs have metrics.fileSummary.manifest.fileInfo, an array (2.2). Trap 10 of
flow-run-payloads.md 7.4.
"""

from __future__ import annotations

from typing import Any

from ..core.fault import Fault
from ._edit import with_value

PROVES = "files are read from a list as well as from an address"
EXPECT = "delivered"


def on_run(entity: Any, fault: Fault) -> Any:
    name = f"{fault.draw(4).hex()}.parquet"
    files = [{"path": name, "pathPrefix": "bucket1/csv_test/", "outputBytes": 1024}]
    return with_value(entity, ("metrics", "fileSummary", "manifest"), {"fileInfo": files})
