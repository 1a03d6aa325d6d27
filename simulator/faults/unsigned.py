"""There are no signatures and no key paths.

Mistake 11 of io-events-protocol.md 10.
"""

from __future__ import annotations

from ..core.fault import Fault
from ..core.signature import header_names

PROVES = "what is not signed is refused"
EXPECT = "rejected"


def on_headers(headers: dict[str, str], _: Fault) -> dict[str, str]:
    missing = {*header_names(1), *header_names(2)}
    return {name: value for name, value in headers.items() if name.lower() not in missing}
