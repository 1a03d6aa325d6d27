"""The filter of a registration: its text, and what it does with events."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from ...errors import ApiError
from ...events_service.filters import actions as filtering
from ...events_service.filters.bodies import FilterVerdict
from ...events_service.registrations.model import Registration
from ...events_service.service import Service
from .forms import typed_or_before

LATEST = 10
"""On how many of the latest events a filter is tried."""

OWN_SAMPLE = "your sample"

EXAMPLE = """{
  "type": ["com.example.order.created"],
  "data": {"total": [{"numeric": [">", 100]}]}
}"""
"""What stands in an empty field."""


@dataclass(frozen=True, slots=True)
class TypedFilter:
    """The values of the form, as they were typed."""

    name: str = ""
    description: str = ""
    subscriber_filter: str = ""
    sample: str = ""

    @classmethod
    def of(cls, form: Mapping[str, str], before: TypedFilter) -> TypedFilter:
        """Return what a form says; ``before`` is what it showed."""
        names = ("name", "description", "subscriber_filter", "sample")
        return cls(
            **{name: typed_or_before(form.get(name, ""), getattr(before, name)) for name in names}
        )

    def content(self) -> dict[str, str | None]:
        """Return the body for the API."""
        return {
            "name": self.name,
            "description": self.description or None,
            "subscriber_filter": self.subscriber_filter,
        }


@dataclass(frozen=True, slots=True)
class TriedEvent:
    """What a filter does with an event: it ``passes``, is ``refused``, or is ``unknown``."""

    verdict: str
    name: str
    source: str


@dataclass(frozen=True, slots=True)
class FilterContent:
    """The filter of a registration.

    ``filter_id`` is empty if it has none. ``tried`` is what the typed filter does with the latest
    events, the samples of the events of interest and a sample of the user. ``problem`` is why the
    API refuses it, with the ``status`` of that answer.
    """

    registration_id: str
    filter_id: str
    filter: TypedFilter
    tried: Sequence[TriedEvent] | None = None
    problem: str = ""
    status: int = 200


def filter_of(service: Service, registration: Registration) -> FilterContent:
    """Return the filter as it is kept."""
    kept = service.registrations.filter_of(registration.key)
    id_ = registration.registration_id
    if kept is None:
        return FilterContent(id_, "", TypedFilter(name="filter"))
    typed = TypedFilter(kept.name, kept.description, kept.subscriber_filter)
    return FilterContent(id_, kept.id, typed)


def try_out(service: Service, registration: Registration, typed: TypedFilter) -> list[TriedEvent]:
    """Return what a filter does with events; raises ``ApiError`` 400 for mistakes in it."""
    latest = filtering.latest_events(service, registration, LATEST)
    given = [(OWN_SAMPLE, typed.sample)] if typed.sample.strip() else []
    samples = [
        {"name": name, "sample_payload": payload} for name, payload in (*given, *latest.items())
    ]
    content = {"subscriber_filter": typed.content(), "custom_sample_events": samples}
    return [*_events(filtering.try_out(service, registration, content))]


def _events(verdict: FilterVerdict) -> Iterator[TriedEvent]:
    for word, names in (
        ("passes", verdict.accepted_custom_sample_events),
        ("refused", verdict.rejected_custom_sample_events),
        ("unknown", verdict.invalid_custom_sample_events),
    ):
        for name in names:
            yield TriedEvent(word, name, "typed" if name == OWN_SAMPLE else "event")
    for word, kinds in (
        ("passes", verdict.accepted_event_metadata_ids),
        ("refused", verdict.rejected_event_metadata_ids),
        ("unknown", verdict.unknown_event_metadata_ids),
    ):
        for kind in kinds:
            yield TriedEvent(word, kind.event_code, "sample")


def save(service: Service, registration: Registration, typed: TypedFilter) -> None:
    """Write the filter, new or changed; raises ``ApiError`` as the API does."""
    kept = service.registrations.filter_of(registration.key)
    if kept is None:
        filtering.create(service, registration, typed.content())
    else:
        filtering.replace(service, registration, kept.id, typed.content())


def delete(service: Service, registration: Registration) -> None:
    """Delete the filter; raises ``ApiError`` 404 if there is none."""
    kept = service.registrations.filter_of(registration.key)
    if kept is None:
        raise ApiError(404, "Not Found", "this registration has no filter")
    filtering.delete(service, registration, kept.id)
