"""Subscriber-defined filters as a caller sends them (io-events-protocol.md 8.3)."""

from __future__ import annotations

from typing import Annotated, Any

from pydantic import Field, field_validator

from ...errors import FilterError
from ..request_body import Body, said
from .filter import parse

AS_CLOUD_EVENTS = (
    "--delivery-format cloud_events (flowsim register and flowsim registrations edit), "
    "or PATCH /_flowsim/settings with platform_delivery_format cloud_events"
)
"""What lets flow runs be filtered."""

MOST_SAMPLES = 100
"""On how many events of one's own a filter is tried at once; Adobe names no limit."""


class FilterBody(Body):
    """A filter; ``subscriber_filter`` is JSON in a string."""

    name: Annotated[str, Field(min_length=3, max_length=80)]
    description: Annotated[str, Field(max_length=250)] | None = None
    subscriber_filter: str

    @field_validator("subscriber_filter", mode="after")
    @classmethod
    def _is_a_filter(cls, text: str) -> str:
        try:
            parse(text)
        except FilterError as error:
            raise said(str(error)) from None
        return text


class CustomSampleBody(Body):
    """An event to try a filter on: JSON, or JSON in a string."""

    name: Annotated[str, Field(min_length=1, max_length=255)]
    sample_payload: Any


class TrialBody(Body):
    """A filter that is tried, on the events a registration asks for and on others."""

    subscriber_filter: FilterBody
    custom_sample_events: (
        Annotated[list[CustomSampleBody], Field(max_length=MOST_SAMPLES)] | None
    ) = None
