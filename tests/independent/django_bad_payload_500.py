"""Answer 500 to a body that will never be readable (item 36)."""

from __future__ import annotations

from collections.abc import Mapping

from .common.envelopes import Event, events_in
from .common.webhook import Webhook
from .django_base import serve


class BadPayload(Webhook):
    """Adobe sends the same bytes again for 24 hours."""

    def read(self, body: bytes, headers: Mapping[str, str]) -> list[Event]:
        """Return the events; Django makes a 500 of the exception that is not caught."""
        return events_in(body, headers)


if __name__ == "__main__":
    serve(BadPayload)
