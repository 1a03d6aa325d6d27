"""Process the first event of an array only, and acknowledge all (items 32, 40)."""

from __future__ import annotations

from .common.envelopes import Event
from .common.webhook import Webhook
from .django_base import serve


class FirstOfBatch(Webhook):
    """The other events of a batch are lost."""

    def take(self, events: list[Event]) -> None:
        """Process one event."""
        super().take(events[:1])


if __name__ == "__main__":
    serve(FirstOfBatch)
