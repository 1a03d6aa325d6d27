"""Headers are found whatever the case of their names.

Mistake 21 of io-events-protocol.md 10.
"""

from __future__ import annotations

from ._pages import HTTP

GROUP = "signature"
LEVEL = "must"
WHY = (
    "HTTP does not tell upper from lower case in names. Adobe writes them in small letters, "
    "proxies write them as they like."
)
PAGE = HTTP
ADVICE = "Look headers up through your framework, or by their names in lower case."
EVENTS = [{"faults": ["header-case"]}]
