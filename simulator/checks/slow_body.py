"""A body that arrives over half a second is accepted.

Mistake 34 of io-events-protocol.md 10.
"""

from __future__ import annotations

from ._judging import accepted_and_processed
from ._pages import GUIDE

GROUP = "http"
LEVEL = "should"
WHY = "Networks are slow at times, and bodies are up to 2 MB."
PAGE = GUIDE
ADVICE = "Give a request some seconds to arrive."
EVENTS = [{"faults": [{"slow-body": "600ms"}]}]
judge = accepted_and_processed
