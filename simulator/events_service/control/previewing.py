"""Shows what ``trigger`` would publish: the story, and each body as a registration gets it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import datetime
from itertools import tee

from ...core import payload
from ...core.event import Event, Notification
from ...core.instant import whole_ms
from ...core.payload import Payload
from ...core.spec_values import RegistrationSpec
from ...errors import SettingError
from ...families.event_line import event_result, line_with_reason
from ...story.story import Story
from ..deliveries import delivery_faults
from ..providers.model import Provider
from ..publishing.directory import form_of_sample, form_of_stored
from ..publishing.table import StoredEvent
from ..registrations.model import Registration
from ..service import Service
from . import triggering
from .bodies import TriggerBody


@dataclass(frozen=True, slots=True)
class PreviewedEvent:
    """One event before it is published; ``at`` is its moment in the story.

    ``says`` is what it says, ``result`` success, partial, failed or empty. ``expect`` is what the
    scenario expects of the webhook. ``faults`` are the names of its faults.
    """

    event: Event
    provider: Provider
    at: datetime
    says: str
    result: str
    expect: str | int
    faults: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class ScenarioPreview:
    """A story that was not published; ``refusal`` says why it cannot be, or is empty."""

    story: Story
    refusal: str
    _service: Service

    def events(self) -> Iterator[PreviewedEvent]:
        """Yield the events in order of story time; see ``trigger`` for their errors."""
        story = self.story
        events, same = tee(story.events())
        providers = triggering.providers_of(self._service, story, same)
        for event, provider in zip(events, providers, strict=True):
            said = event.notification
            words = story.families, said.event_code, said.content
            yield PreviewedEvent(
                event,
                provider,
                event.time,
                line_with_reason(*words),
                event_result(*words),
                event.expect,
                tuple(each.name for each in event.faults),
            )

    def body(self, previewed: PreviewedEvent, registration: Registration | None) -> Payload:
        """Return the body that a registration gets, or the client of the service without one.

        The event id is that of the story, which the service replaces when it publishes. Faults at
        the points payload and body act; those of signature, headers and connection do not show.
        """
        event = _as_published(self._service, previewed)
        form = _form(self._service, previewed.provider, event, registration)
        built = _payload(event, form)
        return delivery_faults.changed_payload(built) if event.faults else built


def preview(service: Service, body: TriggerBody) -> ScenarioPreview:
    """Return what ``trigger`` would publish; nothing is stored.

    Raises ``ScenarioError`` with every mistake, ``SettingError`` for an unknown name.
    """
    families = triggering.families_of(service, body)
    story = triggering.story_of_body(service, body, families)
    try:
        triggering.expect_publishable(story)
    except SettingError as error:
        return ScenarioPreview(story, str(error), service)
    return ScenarioPreview(story, "", service)


def _payload(event: Event, form: RegistrationSpec) -> Payload:
    if form.delivery_type == "webhook":
        return payload.single(event, form)
    batch = payload.Batch()
    batch.add(event, payload.element(event, form))
    return batch.payload(form)


def _as_published(service: Service, previewed: PreviewedEvent) -> Event:
    """Return an event with the time of the service, in the form of its provider."""
    event, provider = previewed.event, previewed.provider
    event = replace(event, time=whole_ms(service.clock.now()))
    if not provider.org:
        return event
    content = payload.cloud_event(event, provider.source)
    notification = Notification(event.notification.event_code, "cloud_event", content)
    return replace(event, notification=notification)


def _form(
    service: Service, provider: Provider, event: Event, registration: Registration | None
) -> RegistrationSpec:
    names = service.options.names
    if registration is None:
        return form_of_sample(service.installation.client_id, provider, names)
    stored = StoredEvent(0, provider.id, event)
    return form_of_stored(service.directory, registration, stored, names)
