"""Attributes that are not known are left alone.

Mistake 51 of io-events-protocol.md 10.
"""

from __future__ import annotations

from ._pages import PUBLISHING

GROUP = "identity"
LEVEL = "should"
WHY = "Producers add attributes of their own beside data, such as phidata; some are objects."
PAGE = PUBLISHING
ADVICE = "Read what you need, and ignore the rest."
EVENTS = [{"faults": ["extension-attributes"]}]
