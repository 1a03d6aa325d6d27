"""A key is read whatever ends its lines.

Mistake 25 of io-events-protocol.md 10.
"""

from __future__ import annotations

from ._pages import GUIDE

GROUP = "signature"
LEVEL = "should"
WHY = "Adobe's SDK for Java cannot read a PEM with CR LF. Nobody has promised you LF."
PAGE = GUIDE
ADVICE = "Read the PEM with a library, or remove all white space before you decode it."
EVENTS = [{"faults": ["key-crlf"]}]
