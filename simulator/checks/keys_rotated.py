"""New keys under new names, as after a rotation, are fetched and used.

Mistake 17 of io-events-protocol.md 10.
"""

from __future__ import annotations

from typing import Any

from ._pages import GUIDE

GROUP = "signature"
LEVEL = "must"
WHY = (
    "Adobe changes its keys, and their paths with them. Who has the first keys built in, or "
    "keeps them whatever the path, refuses everything from then on."
)
PAGE = GUIDE
ADVICE = "Look keys up by the path that the header names, and fetch those that you do not have."
EVENTS: list[dict[str, Any]] = [{}]
HAS_NEW_KEYS = True
