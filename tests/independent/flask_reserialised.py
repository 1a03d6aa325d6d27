"""Verify the signature over the JSON written again instead of the raw bytes (item 9)."""

from __future__ import annotations

import json

from .common.webhook import Webhook
from .flask_base import serve


class Reserialised(Webhook):
    """json.dumps writes other bytes than Adobe, for instance for letters outside ASCII."""

    def signed_bytes(self, body: bytes) -> bytes:
        """Return other bytes than those that Adobe signed, unless they happen to be equal."""
        try:
            return json.dumps(json.loads(body), separators=(",", ":")).encode()
        except ValueError:
            return body


if __name__ == "__main__":
    serve(Reserialised)
