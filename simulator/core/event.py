"""An event: what happened, once, with the ids that all its attempts share."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256

from .fault import Fault
from .identifiers import uuid4
from .notification import Notification


@dataclass(frozen=True, slots=True)
class Event:
    """One event of a story.

    ``id`` is the id of I/O Events (body and ``x-adobe-event-id``). ``expect`` is what the
    scenario expects of the webhook: ``delivered``, ``rejected`` or a status code. ``faults``
    are what goes wrong with it on its way.
    """

    id: str
    time: datetime
    expect: str | int
    notification: Notification
    faults: tuple[Fault, ...] = ()

    @property
    def cloud_id(self) -> str:
        """The CloudEvents ``id``: the producer's own, never equal to ``id`` (1.4)."""
        return uuid4(sha256(self.id.encode()).digest())
