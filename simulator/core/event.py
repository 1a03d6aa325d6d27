"""An event: what happened, once, with the ids that all its attempts share."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from .notification import Notification


@dataclass(frozen=True, slots=True)
class Event:
    """One event of a story.

    ``id`` is the id of I/O Events (body and ``x-adobe-event-id``); ``cloud_id`` is the
    CloudEvents ``id``, which is another one (io-events-protocol.md 1.4). ``expect`` is what
    the scenario expects of the webhook: ``delivered``, ``rejected`` or a status code.
    """

    id: str
    cloud_id: str
    time: datetime
    expect: str | int
    notification: Notification
