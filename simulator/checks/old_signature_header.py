"""The old header x-adobe-signature does not decide anything.

Mistake 10 of io-events-protocol.md 10.
"""

from __future__ import annotations

from ._pages import FAQ

GROUP = "signature"
LEVEL = "should"
WHY = "It was removed in 2022; pages still mention it, and today's deliveries do not have it."
PAGE = FAQ
ADVICE = "Ignore x-adobe-signature, whether it is there or not."
EVENTS = [{"faults": ["old-signature-header"]}]
