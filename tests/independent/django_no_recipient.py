"""Do not look at the recipient (item 27)."""

from __future__ import annotations

from .common.envelopes import Event
from .common.webhook import Webhook
from .django_base import serve


class NoRecipient(Webhook):
    """A signed event for another client id is processed."""

    def check_recipients(self, events: list[Event]) -> None:
        """Refuse nothing."""


if __name__ == "__main__":
    serve(NoRecipient)
