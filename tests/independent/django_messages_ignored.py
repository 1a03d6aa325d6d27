"""Acknowledge failed runs, which come in messages, but do not process them (trap 1 of 7.4)."""

from __future__ import annotations

import logging

from .common.envelopes import Event
from .common.webhook import Webhook
from .django_base import serve


class MessagesIgnored(Webhook):
    """Only the shape of successful runs is known."""

    def process(self, event: Event) -> None:
        """Process an event whose payload is a run itself."""
        payload = event.content.get("event") or event.content.get("data") or event.content
        if isinstance(payload, list):
            payload = payload[0]
        if "messages" in payload:
            logging.info("not a flow run")
            return
        super().process(event)


if __name__ == "__main__":
    serve(MessagesIgnored)
