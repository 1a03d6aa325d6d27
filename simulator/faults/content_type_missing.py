"""The body is declared as nothing: there is no content type.

Adobe declares every body; a proxy on the way may lose the header. Mistake 31 of
io-events-protocol.md 10.
"""

from __future__ import annotations

from ..core.fault import Fault

PROVES = "the body is read as JSON without a declared type, too"
EXPECT = "delivered"


def on_headers(headers: dict[str, str], _: Fault) -> dict[str, str]:
    return {name: value for name, value in headers.items() if name.lower() != "content-type"}
