"""An event is accepted though the key host takes half a second.

Mistake 16 of io-events-protocol.md 10.
"""

from __future__ import annotations

from ._pages import GUIDE

GROUP = "signature"
LEVEL = "should"
WHY = (
    "The 10 seconds of an attempt run on while keys are fetched: patience is needed, and there "
    "is time for it."
)
PAGE = GUIDE
ADVICE = "Give the fetching of a key some seconds, fewer than 10 for both keys together."
EVENTS = [{"faults": [{"slow-key-host": "500ms"}]}]
IS_TRIED_LATER = True
