"""Filters as a caller sends them, and the verdict of a filter on samples.

Follows io-events-protocol.md 8.3.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Annotated, Any, TypeVar

from pydantic import Field, field_validator

from ...core.json_reading import parse_text
from ...errors import FilterError
from ..registrations.model import EventOfInterest
from ..request_body import Body, mistake
from .model import Filter, parse

T = TypeVar("T")

AS_CLOUD_EVENTS = (
    "--delivery-format cloud_events (flowsim register and flowsim registrations edit), "
    "or PATCH /_flowsim/settings with platform_delivery_format cloud_events"
)
"""What the user does so that flow runs can be filtered."""

MOST_SAMPLES = 100
"""Custom samples in one trial, at most; Adobe documents no limit."""


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
            raise mistake(str(error)) from None
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


@dataclass(frozen=True, slots=True)
class FilterVerdict:
    """What a filter does with the samples of kinds of events, and with custom samples.

    A kind is unknown if it has no sample that is a JSON object. A custom sample that is no JSON
    object is invalid.
    """

    accepted_event_metadata_ids: tuple[EventOfInterest, ...]
    rejected_event_metadata_ids: tuple[EventOfInterest, ...]
    unknown_event_metadata_ids: tuple[EventOfInterest, ...]
    accepted_custom_sample_events: tuple[str, ...]
    rejected_custom_sample_events: tuple[str, ...]
    invalid_custom_sample_events: tuple[str, ...]


def validate(
    filter_: Filter,
    samples: Iterable[tuple[EventOfInterest, Any]],
    custom: Iterable[tuple[str, Any]],
) -> FilterVerdict:
    """Return what a filter does with samples, each list in the order of the arguments.

    ``samples`` are kinds of events, each with its sample as it would be delivered, or None.
    ``custom`` are names, each with an event of the caller's: JSON text, or JSON already read.
    """
    kinds = [(_verdict(filter_, payload), kind) for kind, payload in samples]
    names = [(_verdict(filter_, payload), name) for name, payload in custom]
    return FilterVerdict(
        accepted_event_metadata_ids=_those(kinds, True),
        rejected_event_metadata_ids=_those(kinds, False),
        unknown_event_metadata_ids=_those(kinds, None),
        accepted_custom_sample_events=_those(names, True),
        rejected_custom_sample_events=_those(names, False),
        invalid_custom_sample_events=_those(names, None),
    )


def _those(judged: Iterable[tuple[bool | None, T]], verdict: bool | None) -> tuple[T, ...]:
    return tuple(each for found, each in judged if found is verdict)


def _verdict(filter_: Filter, payload: Any) -> bool | None:
    """Return whether a sample matches, or None for one that is no event."""
    if isinstance(payload, str):
        try:
            payload = parse_text(payload)
        except ValueError:
            return None
    return filter_.matches(payload) if isinstance(payload, Mapping) else None
