"""What the checks of forged key paths have in common."""

from __future__ import annotations

WHY = (
    "Your webhook builds the address of the key from a header that anybody can write. If that "
    "leads to another host, its owner signs as he likes, and your server calls whom he likes."
)
ADVICE = (
    "Accept a key path only if it has the form /prod/keys/pub-key-….pem, put the fixed host "
    "before it, and refuse the event otherwise."
)
