"""One signed request as a consumer gets it, for tests of its parts."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any

from ..core import headers
from ..core.delivery import Attempt


@dataclass(frozen=True, slots=True)
class SignedNotification:
    """Headers, and the exact bytes that are signed; a batch has several events."""

    headers: dict[str, str]
    body: bytes
    event_ids: tuple[str, ...]
    event_code: str

    @property
    def event_id(self) -> str:
        """The id of the event, or of a batch's first one."""
        return self.event_ids[0]

    @property
    def json(self) -> Any:
        """The body as JSON."""
        return json.loads(self.body)


def notification_of(attempt: Attempt) -> SignedNotification:
    """Return what an attempt would send."""
    payload = attempt.delivery.signed.payload
    return SignedNotification(
        dict(headers.of_attempt(attempt)),
        payload.body,
        tuple(event.id for event in payload.events),
        payload.events[0].notification.event_code,
    )
