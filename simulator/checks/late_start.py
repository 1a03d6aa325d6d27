"""The start of a run is accepted though its end is known.

Mistake 49 of io-events-protocol.md 10. Trap 18 of flow-run-payloads.md 7.4.
"""

from __future__ import annotations

from ._pages import FAQ

GROUP = "identity"
LEVEL = "must"
WHY = "The order of events is not guaranteed, not even in the journal."
PAGE = FAQ
ADVICE = (
    "Take events in any order, and let the time in the payload decide which state is the latest."
)
EVENTS = [{"faults": ["late-start"]}]
