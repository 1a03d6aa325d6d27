"""The other key is enough, if one of the keys cannot be had.

Mistake 14 of io-events-protocol.md 10.
"""

from __future__ import annotations

from ._judging import accepted_and_processed
from ._pages import GUIDE

GROUP = "signature"
LEVEL = "should"
WHY = (
    "A key that is gone, or not there yet, is no reason to lose events that the other key "
    "vouches for."
)
PAGE = GUIDE
ADVICE = (
    "Fetch and verify one key after the other; go on with the second if the first cannot be "
    "fetched."
)
EVENTS = [{"faults": [{"key-missing": 1}]}, {"faults": [{"key-missing": 2}]}]
judge = accepted_and_processed
