"""Acknowledge events without the deprecated event_id, but do not process them (item 6)."""

from __future__ import annotations

import logging

from .common.envelopes import Event
from .common.webhook import Webhook
from .flask_base import serve


class OldNames(Webhook):
    """Only event_id is looked for, which Adobe removes at the end of 2026."""

    def process(self, event: Event) -> None:
        """Process an event that has the old name of its id."""
        envelope = "eventid" in event.content or "event" in event.content
        if envelope and "event_id" not in event.content:
            logging.warning("not an event")
            return
        super().process(event)


if __name__ == "__main__":
    serve(OldNames)
