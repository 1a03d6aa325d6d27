"""Take every request with x-adobe-retry-count for a duplicate (items 41, 42)."""

from __future__ import annotations

from collections.abc import Mapping

from .common.webhook import Webhook
from .flask_base import serve


class RetriesSkipped(Webhook):
    """A retry follows a failed attempt, so most often its event was never processed."""

    def handle(self, headers: Mapping[str, str], body: bytes) -> tuple[int, str]:
        """Acknowledge a retry at once."""
        if "x-adobe-retry-count" in headers:
            return 200, "seen before"
        return super().handle(headers, body)


if __name__ == "__main__":
    serve(RetriesSkipped)
