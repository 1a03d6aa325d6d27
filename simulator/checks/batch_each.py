"""Each event of a batch is processed.

Mistakes 32 and 40 of io-events-protocol.md 10.
"""

from __future__ import annotations

from ._judging import processed_once
from ._pages import FAQ

GROUP = "identity"
LEVEL = "should"
WHY = "The headers of a batch name one of its events at most; the others are in the body alone."
PAGE = FAQ
ADVICE = "Go through all events of the array, each with the id in its own object."
EVENTS = [{"faults": [{"batch": 20}]}]
NEEDS_EFFECTS = True
judge = processed_once
