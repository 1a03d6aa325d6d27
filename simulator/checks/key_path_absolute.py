"""A key path that is a whole address is refused.

Mistake 19 of io-events-protocol.md 10.
"""

from __future__ import annotations

from . import _key_paths
from ._judging import refused_at_home
from ._pages import GUIDE

GROUP = "signature"
LEVEL = "must"
WHY = _key_paths.WHY
PAGE = GUIDE
ADVICE = _key_paths.ADVICE
EVENTS = [{"faults": [{"key-path-absolute": "http://{foreign-http}"}], "expect": "rejected"}]
judge = refused_at_home
