"""An array that holds one event is read as that event.

Mistake 32 of io-events-protocol.md 10.
"""

from __future__ import annotations

from ._pages import FAQ

GROUP = "http"
LEVEL = "should"
WHY = (
    "With the delivery type batch every body is an array, of a single event too. The setting is "
    "one click away in the console."
)
PAGE = FAQ
ADVICE = "Take the body for a list of events, and an object for a list of one."
EVENTS = [{"faults": [{"batch": 1}]}]
