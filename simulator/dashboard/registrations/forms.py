"""What is typed into the form of a registration, and what the API makes of it."""

from __future__ import annotations

from dataclasses import dataclass, fields, replace
from typing import Any

from werkzeug.datastructures import MultiDict

from ...core.printable import printable_lines
from ...events_service.registrations.model import Registration
from ...events_service.service import Service
from .choices import interest_of, usual_values, values_of

DELIVERY_TYPES = {
    "webhook": "webhook: one event a request",
    "webhook_batch": "webhook_batch: several events a request",
    "journal": "journal: the consumer pulls events",
    "aws_eventbridge": "aws_eventbridge: Amazon EventBridge",
}
"""The delivery types of the API → their words."""


def typed_or_before(typed: str, before: str) -> str:
    """Return what was typed, or the value ``before`` if the field was sent as it was shown.

    A form shows unprintable characters as escapes, and line ends only in a field of several lines.
    """
    text = typed.replace("\r\n", "\n")
    is_same = text.replace("\n", "") == printable_lines(before).replace("\n", "")
    return before if is_same else text


@dataclass(frozen=True, slots=True)
class TypedRegistration:
    """The values of the form, as they were typed; ``find`` is the text that filters events."""

    name: str = ""
    description: str = ""
    delivery_type: str = "webhook"
    webhook_url: str = ""
    runtime_action: str = ""
    client_id: str = ""
    aws_region: str = ""
    aws_account_id: str = ""
    filter_name: str = ""
    subscriber_filter: str = ""
    find: str = ""
    events: tuple[str, ...] = ()

    @classmethod
    def of(cls, values: MultiDict[str, str], before: TypedRegistration) -> TypedRegistration:
        """Return what a form or a query says; what it leaves out is as before."""
        names = {each.name for each in fields(cls)} - {"events"}
        typed = {
            name: typed_or_before(values[name], getattr(before, name))
            for name in names & values.keys()
        }
        is_form = "name" in values
        shown = {printable_lines(each): each for each in before.events}
        sent = dict.fromkeys(shown.get(each, each) for each in values.getlist("events"))
        kept = dict.fromkeys(each for each in before.events if each in sent)
        events = tuple(kept | sent)  # in the order that they have
        return replace(before, **typed, events=events if is_form or events else before.events)

    @classmethod
    def new(cls, service: Service) -> TypedRegistration:
        """Return what the form of a new registration shows."""
        return cls(client_id=service.installation.client_id, events=usual_values(service))

    @classmethod
    def kept(cls, registration: Registration) -> TypedRegistration:
        """Return what the form of a registration shows."""
        place = registration.destination_metadata or {}
        return cls(
            name=registration.name,
            description=registration.description,
            delivery_type=registration.delivery_type,
            webhook_url=registration.webhook_url or "",
            runtime_action=registration.runtime_action or "",
            client_id=registration.client_id,
            aws_region=place.get("aws_region", ""),
            aws_account_id=place.get("aws_account_id", ""),
            events=values_of(registration),
        )

    def content(self) -> dict[str, Any]:
        """Return the body for the API; without a filter it has no such member."""
        place = {"aws_region": self.aws_region, "aws_account_id": self.aws_account_id}
        content: dict[str, Any] = {
            "name": self.name,
            "description": self.description or None,
            "client_id": self.client_id,
            "delivery_type": self.delivery_type,
            "webhook_url": self.webhook_url.strip() or None,
            "runtime_action": self.runtime_action.strip() or None,
            "destination_metadata": place if any(place.values()) else None,
            "events_of_interest": [*map(interest_of, self.events)],
        }
        if self.subscriber_filter.strip():
            name = self.filter_name or "filter"
            filters = [{"name": name, "subscriber_filter": self.subscriber_filter}]
            content["subscriber_filters"] = filters
        return content
