"""An event without a content type is read.

Mistake 31 of io-events-protocol.md 10.
"""

from __future__ import annotations

from ._pages import HTTP

GROUP = "http"
LEVEL = "note"
WHY = (
    "Adobe declares every body. HTTP does not demand it, and a proxy on the way may leave the "
    "header out; a body parser that is bound to a type reads nothing then."
)
PAGE = HTTP
ADVICE = "Read the body whatever its declared type, as JSON in UTF-8."
EVENTS = [{"faults": ["content-type-missing"]}]
