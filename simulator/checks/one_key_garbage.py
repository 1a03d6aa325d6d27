"""The other key is enough, if a page comes in the place of a key.

Mistake 14 of io-events-protocol.md 10.
"""

from __future__ import annotations

from ._pages import SDK

GROUP = "signature"
LEVEL = "should"
WHY = (
    "Key hosts show error pages like any other. A page that is parsed as a key, and fails, must "
    "not keep the other signature from being verified."
)
PAGE = SDK
ADVICE = (
    "Catch the error of a PEM that cannot be read for each key by itself, and go on with the other."
)
EVENTS = [{"faults": [{"key-garbage": 1}]}, {"faults": [{"key-garbage": 2}]}]
