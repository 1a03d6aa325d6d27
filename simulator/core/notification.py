"""What the producer says about one run, before any envelope."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any


@dataclass(frozen=True, slots=True)
class Notification:
    """A producer payload and where the ``adobe_io`` envelope keeps it.

    ``member`` is ``event`` (one object, beside its ids), ``messages`` (the failure shape: an
    array whose elements hold ``messages`` beside the ids) or ``cloud_event`` (the attributes
    of a CloudEvent that its producer published, ``data`` among them).
    """

    event_code: str
    member: str
    content: Any

    def with_run(self, change: Callable[[Any], Any]) -> Notification:
        """Return the notification with its run entity changed, wherever it is kept."""
        if self.member == "event":
            return replace(self, content=change(self.content))
        messages = [{**each, "value": change(each["value"])} for each in self.content]
        return replace(self, content=messages)
