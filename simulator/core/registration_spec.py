"""What a scenario says about a registration: who the notifications are for, in which form."""

from __future__ import annotations

from typing import Literal

from pydantic import Field

from .spec_values import ClientId, Identifier, SpecModel

Names = Literal["both", "new-only", "old-only", "as-documented"]


class RegistrationSpec(SpecModel):
    """Who the notifications are for, and in which form."""

    client_id: ClientId = "0123456789abcdef0123456789abcdef"
    delivery_type: Literal["webhook", "webhook_batch"] = "webhook"
    event_delivery_format: Literal["adobe_io", "cloud_events"] = "adobe_io"
    names: Names = Field(
        "both",
        description="Which id members the envelope carries: eventid and recipientclientid (new), "
        "event_id and recipient_client_id (old), both, or only what the samples print.",
    )
    provider: Identifier = Field(
        "platform_notifications", description="Value of the header x-adobe-provider."
    )
