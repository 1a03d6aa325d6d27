"""A registration as a caller sends it (io-events-protocol.md 6.4, 8.3)."""

from __future__ import annotations

from dataclasses import asdict
from typing import Annotated, Any, Literal, Self

from pydantic import Field, ValidationInfo, field_validator, model_validator

from ...core.host_names import ascii_url
from ...errors import TargetError
from ..filters.bodies import FilterBody
from ..request_body import Body, Truth, spell
from .model import PUSHED, Registration

DeliveryType = Literal["webhook", "webhook_batch", "journal", "aws_eventbridge"]

Text = Annotated[str, Field(min_length=1, max_length=255)]


class InterestBody(Body):
    """One kind of event; ``provider`` is another key for the provider, from older versions."""

    event_code: Text
    provider_id: Annotated[str, Field(min_length=1, max_length=38)] | None = None
    provider: Text | None = None

    @model_validator(mode="after")
    def _names_a_provider(self) -> Self:
        if self.provider_id is None and self.provider is None:
            raise ValueError("a provider_id in it")
        return self


class DestinationBody(Body):
    """Where Amazon EventBridge listens."""

    aws_region: Annotated[str, Field(pattern=r"^(us|ca|eu|af|ap|cn|me|sa|il)-[a-z]+-[0-9]$")]
    aws_account_id: Annotated[str, Field(pattern=r"^[0-9]{12}$")]


class RegistrationBody(Body):
    """What PUT replaces. What is absent, null or empty gets its default.

    Which members exclude or need each other is judged at the later one of them, so that it is
    named together with all other mistakes.
    """

    name: Annotated[str, Field(min_length=3, max_length=255)]
    description: Annotated[str, Field(max_length=5000)] | None = None
    events_of_interest: Annotated[list[InterestBody], Field(min_length=1)]
    delivery_type: DeliveryType
    runtime_action: Annotated[str, Field(max_length=255)] | None = Field(
        None, validate_default=True
    )
    webhook_url: Annotated[str, Field(max_length=4000)] | None = Field(None, validate_default=True)
    enabled: Truth | None = None
    destination_metadata: DestinationBody | None = Field(None, validate_default=True)
    subscriber_filters: Annotated[list[FilterBody], Field(max_length=1)] | None = None

    @field_validator("events_of_interest", mode="after")
    @classmethod
    def _are_unique(cls, interests: list[InterestBody]) -> list[InterestBody]:
        seen = set()
        for each in interests:
            named = each.provider_id or each.provider, each.event_code
            if named in seen:
                raise ValueError(f"each event once, not {spell(each.event_code)} twice")
            seen.add(named)
        return interests

    @field_validator("runtime_action", mode="after")
    @classmethod
    def _runs_for_webhooks(cls, action: str | None, info: ValidationInfo) -> str | None:
        if action and not _may_have_webhook(info):
            raise ValueError("nothing with this delivery_type")
        return action or None

    @field_validator("webhook_url", mode="after")
    @classmethod
    def _is_where_to_deliver(cls, url: str | None, info: ValidationInfo) -> str | None:
        action = info.data.get("runtime_action", "not judged")
        if url and not _may_have_webhook(info):
            raise ValueError("nothing with this delivery_type")
        if url and action and action != "not judged":
            raise ValueError("nothing beside a runtime_action")
        if not url and not action and _is_pushed(info) and "delivery_type" in info.data:
            raise ValueError("an address, or a runtime_action, with this delivery_type")
        try:
            return ascii_url(url) if url else None
        except TargetError:  # refused later, by the look-up
            return url

    @field_validator("destination_metadata", mode="after")
    @classmethod
    def _is_for_eventbridge(
        cls, destination: DestinationBody | None, info: ValidationInfo
    ) -> DestinationBody | None:
        delivery_type = info.data.get("delivery_type")
        if destination and delivery_type not in (None, "aws_eventbridge"):
            raise ValueError("nothing with this delivery_type")
        if not destination and delivery_type == "aws_eventbridge":
            raise ValueError("aws_region and aws_account_id")
        return destination

    @field_validator("subscriber_filters", mode="after")
    @classmethod
    def _are_for_other_types(
        cls, filters: list[FilterBody] | None, info: ValidationInfo
    ) -> list[FilterBody] | None:
        if filters and info.data.get("delivery_type") == "aws_eventbridge":
            raise ValueError("nothing with this delivery_type")
        return filters

    @property
    def filter(self) -> FilterBody | None:
        """The one filter, if there is one."""
        return next(iter(self.subscriber_filters or ()), None)


class NewRegistrationBody(RegistrationBody):
    """What POST creates: the client id stays what it is then."""

    client_id: Annotated[str, Field(min_length=3, max_length=128, pattern=r"^[A-Za-z0-9_.-]+$")]


def _is_pushed(info: ValidationInfo) -> bool:
    """Return whether the delivery type needs a webhook; true if the type itself is invalid."""
    return info.data.get("delivery_type") in (*PUSHED, None)


def _may_have_webhook(info: ValidationInfo) -> bool:
    """Return whether a webhook may be given; type ``journal`` stores it for a later change."""
    return _is_pushed(info) or info.data["delivery_type"] == "journal"


def content_of(registration: Registration, filters: list[dict[str, str]]) -> dict[str, Any]:
    """Return the body that saves a registration unchanged; a JSON Patch is applied to it."""
    special = {
        "events_of_interest": [asdict(each) for each in registration.events_of_interest],
        "subscriber_filters": filters,
    }
    plain = RegistrationBody.model_fields.keys() - special.keys()
    return {name: getattr(registration, name) for name in plain} | special
