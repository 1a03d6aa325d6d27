"""A consumer's subscription: which events, where to, in which form (io-events-protocol.md 6.4)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

PUSHED = ("webhook", "webhook_batch")
"""The delivery types whose events are posted."""

VERIFIED, UNSTABLE, DISABLED = "verified", "unstable", "hook_unreachable"
PENDING = "pending"
"""Waits for an association with Amazon EventBridge; flowsim makes none, so it stays (1.10)."""

SPELLINGS = {
    VERIFIED: ("ACTIVE", "Active"),
    UNSTABLE: ("UNSTABLE", "Unstable"),
    DISABLED: ("DISABLED", "Disabled"),
    PENDING: ("PENDING", "Pending"),
}
"""``webhook_status`` of the API → the word of the rule, and the word of the Console (3.5)."""


@dataclass(frozen=True, slots=True)
class Workspace:
    """The three ids of a Console project that stand in the paths of the API (6.1)."""

    org: str
    project: str
    workspace: str


@dataclass(frozen=True, slots=True)
class EventOfInterest:
    """One kind of event that a registration asks for."""

    provider_id: str
    event_code: str


@dataclass(frozen=True, slots=True)
class Registration:
    """A registration as the service keeps it.

    ``key`` is the API's number ``id``, ``registration_id`` its UUID. ``delivery_type`` is
    ``webhook``, ``webhook_batch``, ``journal`` or ``aws_eventbridge``. A journal may have a
    ``webhook_url``, to which nothing is posted. ``status`` is a key of ``SPELLINGS``;
    ``unstable_since`` is story time. A deleted registration stays in the database, since
    its retries go on (4.7).
    """

    key: int
    registration_id: str
    workspace: Workspace
    client_id: str
    name: str
    description: str
    delivery_type: str
    webhook_url: str | None
    runtime_action: str | None
    enabled: bool
    events_of_interest: tuple[EventOfInterest, ...]
    destination_metadata: Mapping[str, str] | None
    created: datetime
    updated: datetime
    status: str = VERIFIED
    unstable_since: datetime | None = None
    deleted: bool = False

    @property
    def is_pushed(self) -> bool:
        """Return whether new events are posted to a webhook of its own."""
        return self.enabled and self.is_challenged

    @property
    def is_challenged(self) -> bool:
        """Return whether it has a webhook that must answer the challenge."""
        return self.webhook_url is not None and self.delivery_type in PUSHED

    @property
    def undelivered(self) -> str:
        """Why only its journal gets new events, as the beginning of a sentence.

        It is empty if a webhook gets them too, and for the delivery type ``journal``.
        """
        if self.delivery_type == "journal":
            return ""
        if self.delivery_type == "aws_eventbridge":
            return "nothing is delivered to Amazon EventBridge here"
        if self.runtime_action is not None:
            return "nothing is delivered to runtime actions here"
        if not self.enabled:
            return "it is switched off"
        return "it is DISABLED" if self.status == DISABLED else ""
