"""An event that is signed, and meant for this webhook, is accepted.

Mistakes 10, 18, 20 and 22 of io-events-protocol.md 10. Whoever makes one of them accepts nothing
at all.
"""

from __future__ import annotations

from typing import Any

from ._pages import GUIDE

GROUP = "signature"
LEVEL = "must"
WHY = (
    "Whatever is not answered with 2xx is an event that you do not get. If this check fails, "
    "most others cannot be judged."
)
PAGE = GUIDE
ADVICE = (
    "Compare the recipient with the client id of --client-id; fetch both keys from the key "
    "host, at the paths of the headers x-adobe-public-key1-path and -key2-path; verify x-adobe- "
    "digital-signature-1 and -2 (RSA, PKCS#1 v1.5, SHA-256) over the raw body."
)
EVENTS: list[dict[str, Any]] = [{}]
