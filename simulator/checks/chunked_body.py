"""A body without a stated length, in chunks, is read.

Mistake 33 of io-events-protocol.md 10.
"""

from __future__ import annotations

from ._pages import HTTP

GROUP = "http"
LEVEL = "note"
WHY = "Adobe states lengths. A proxy on the way may send chunks instead, as HTTP/1.1 allows."
PAGE = HTTP
ADVICE = "Let your server or framework read the body; do not count on content-length."
EVENTS = [{"faults": ["chunked-body"]}]
