"""What happened, once: the notification that a producer makes of it, and its event."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime
from hashlib import sha256
from typing import Any

from .envelope import Envelope
from .fault import Fault
from .identifiers import uuid4

USUAL_PROVIDER = "platform_notifications"
"""The provider metadata id of a payload of your own, if its registration names none."""


@dataclass(frozen=True, slots=True)
class Notification:
    """A producer payload and where the ``adobe_io`` envelope keeps it.

    ``member`` is ``event`` (one object, beside its ids), ``messages`` (the failure shape: an
    array whose elements hold ``messages`` beside the ids) or ``cloud_event`` (the attributes
    of a CloudEvent that its producer published, ``data`` among them). ``provider`` is the
    provider metadata id of its family, as in ``x-adobe-provider``; it is empty for a payload of
    your own, which any provider may send. ``format`` is the delivery format that events of its
    family have by default: ``adobe_io`` or ``cloud_events``. ``envelope`` is how the producer
    writes the members around the content, if that differs from the usual form.
    """

    event_code: str
    member: str
    content: Any
    provider: str = ""
    format: str = "adobe_io"
    envelope: Envelope | None = None

    def with_run(self, change: Callable[[Any], Any]) -> Notification:
        """Return the notification with its run entity changed; each shape keeps it elsewhere."""
        if self.member == "event":
            return replace(self, content=change(self.content))
        messages = [{**each, "value": change(each["value"])} for each in self.content]
        return replace(self, content=messages)


@dataclass(frozen=True, slots=True)
class Event:
    """One event of a story, with the ids that all its attempts share.

    ``id`` is the id of I/O Events (body and ``x-adobe-event-id``). ``expect`` is what the
    scenario expects of the webhook: one of ``spec_values.EXPECTATIONS``, or a status code.
    ``faults`` are what goes wrong with it on its way.
    """

    id: str
    time: datetime
    expect: str | int
    notification: Notification
    faults: tuple[Fault, ...] = ()

    @property
    def code(self) -> str:
        """Its event code, as in ``x-adobe-event-code``."""
        return self.notification.event_code

    @property
    def content(self) -> Any:
        """What it says: the parsed value under ``event``, ``messages`` or ``data``."""
        return self.notification.content

    @property
    def cloud_id(self) -> str:
        """The CloudEvents ``id``: the producer's own, never equal to ``id`` (1.4)."""
        return uuid4(sha256(self.id.encode()).digest())
