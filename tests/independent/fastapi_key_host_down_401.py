"""Answer 401 while the key host cannot be reached (item 35)."""

from __future__ import annotations

from collections.abc import Mapping

from .common.webhook import RefusedError, Webhook
from .fastapi_base import serve


class KeyHostDown(Webhook):
    """The event is dropped because of a problem that passes."""

    def verify(self, headers: Mapping[str, str], body: bytes) -> None:
        """Take a key that cannot be fetched for a signature that does not fit."""
        try:
            super().verify(headers, body)
        except RefusedError as refused:
            raise RefusedError(401, "no signature fits") from refused


if __name__ == "__main__":
    serve(KeyHostDown)
