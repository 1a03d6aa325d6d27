"""What a filter would let through: the verdict of the validation endpoint.

Follows io-events-protocol.md 8.3; the names of the lists are those of the answer.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, TypeVar

from ...core.json_reading import parse_text
from ..registrations.model import EventOfInterest
from .filter import Filter

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class SampleEvent:
    """A kind of event and its sample, as it would be delivered; None where there is none."""

    kind: EventOfInterest
    payload: Any


@dataclass(frozen=True, slots=True)
class CustomSampleEvent:
    """An event that somebody made up to try a filter: JSON text, or JSON already read."""

    name: str
    payload: Any


@dataclass(frozen=True, slots=True)
class FilterVerdict:
    """Kinds of events by what becomes of their samples, and the names of custom samples.

    Unknown are kinds without a sample that is a JSON object, invalid such custom samples:
    nothing is said about them.
    """

    accepted_event_metadata_ids: tuple[EventOfInterest, ...]
    rejected_event_metadata_ids: tuple[EventOfInterest, ...]
    unknown_event_metadata_ids: tuple[EventOfInterest, ...]
    accepted_custom_sample_events: tuple[str, ...]
    rejected_custom_sample_events: tuple[str, ...]
    invalid_custom_sample_events: tuple[str, ...]


def validate(
    filter_: Filter, samples: Iterable[SampleEvent], custom: Iterable[CustomSampleEvent]
) -> FilterVerdict:
    """Return what a filter does with samples, each list in the order they were given in."""
    kinds = [(_verdict(filter_, each.payload), each.kind) for each in samples]
    names = [(_verdict(filter_, each.payload), each.name) for each in custom]
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
    event = _read(payload) if isinstance(payload, str) else payload
    return filter_.matches(event) if isinstance(event, Mapping) else None


def _read(text: str) -> Any:
    try:
        return parse_text(text)
    except ValueError:
        return None
