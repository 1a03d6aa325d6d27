"""Check the first signature only (item 13)."""

from __future__ import annotations

from collections.abc import Mapping

from .common.webhook import Webhook
from .fastapi_base import serve


class OnlyKey1(Webhook):
    """The second signature is enough for Adobe, but not here."""

    def signatures(self, headers: Mapping[str, str]) -> list[tuple[str, str]]:
        """Return the signature of the first key."""
        return [pair for pair in super().signatures(headers) if pair[1] == headers.get(FIRST)]


FIRST = "x-adobe-public-key1-path"


if __name__ == "__main__":
    serve(OnlyKey1)
