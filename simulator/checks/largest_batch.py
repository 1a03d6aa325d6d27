"""A batch of 2 MB, the most there may be, is accepted.

Mistake 33 of io-events-protocol.md 10.
"""

from __future__ import annotations

from ._pages import FAQ

GROUP = "http"
LEVEL = "should"
WHY = (
    "Parsers and proxies often stop at 100 kB or 1 MB, and answer 413: the events are lost at once."
)
PAGE = FAQ
ADVICE = (
    "Raise the limit for bodies to 2 MB or more, in your framework and in every proxy before it."
)
EVENTS = [{"faults": ["largest-batch"]}]
