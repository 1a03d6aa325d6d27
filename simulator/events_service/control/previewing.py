"""Shows what ``trigger`` would publish: the story, and each request as a registration gets it."""

from __future__ import annotations

import base64
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import datetime
from itertools import tee

from ...core import headers, payload
from ...core.delivery import Delivery, attempt
from ...core.event import Event, Notification
from ...core.fault import Fault
from ...core.instant import whole_ms
from ...core.payload import Payload
from ...core.signature import SignedPayload
from ...core.spec_values import RegistrationSpec
from ...errors import SettingError
from ...families.event_line import event_result, line_with_reason
from ...families.registry import FAULTS
from ...installation import keys
from ...story.story import Story
from ..deliveries import delivery_faults
from ..deliveries.table import StoredDelivery
from ..providers.model import Provider
from ..publishing.directory import form_of_sample, form_of_stored
from ..publishing.table import Events, StoredEvent
from ..registrations.model import Registration
from ..service import Service
from . import triggering
from .bodies import TriggerBody

_LATER = ("signature", "key", "delivery", "headers", "wire")
"""The points whose faults act after the body is made."""

_NO_SIGNATURE = base64.b64encode(bytes(256)).decode()
"""Stands in the place of a signature, which a preview does not show."""


@dataclass(frozen=True, slots=True)
class PreviewedEvent:
    """One event before it is published; ``at`` is its moment in the story.

    ``seq`` is its place in the order of all events, if all before it are taken and no others come.
    ``says`` is what it says, ``result`` success, partial, failed or empty. ``expect`` is what the
    scenario expects of the webhook. ``faults`` are the names of its faults.
    """

    event: Event
    provider: Provider
    seq: int
    at: datetime
    says: str
    result: str
    expect: str | int
    faults: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class LaterFault:
    """A fault that acts after the body is made; ``summary`` says what it does."""

    name: str
    point: str
    summary: str


@dataclass(frozen=True, slots=True)
class PreviewedRequest:
    """The body of the first attempt, and its content type, which is empty if there is none.

    ``is_tampered``: the body was changed after it was signed. ``later_faults`` do the rest of what
    they do elsewhere: to signatures, headers and the connection, or to when it is delivered.
    """

    body: bytes
    content_type: str
    is_tampered: bool = False
    later_faults: tuple[LaterFault, ...] = ()


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
        first = Events(self._service.database).next_seq()
        for seq, (event, provider) in enumerate(zip(events, providers, strict=True), first):
            said = event.notification
            words = story.families, said.event_code, said.content
            yield PreviewedEvent(
                event,
                provider,
                seq,
                event.time,
                line_with_reason(*words),
                event_result(*words),
                event.expect,
                tuple(each.name for each in event.faults),
            )

    def request(
        self, previewed: PreviewedEvent, registration: Registration | None
    ) -> PreviewedRequest:
        """Return what a registration gets, or the client of the service without one.

        The event id is that of the story, which the service replaces when it publishes. The faults
        act as at the delivery. What they draw is what they draw there if ``seq`` is right.
        """
        event = _as_published(self._service, previewed)
        form = _form(self._service, previewed.provider, event, registration)
        built = _payload(event, form)
        if not previewed.event.faults:
            return PreviewedRequest(built.body, built.content_type)
        later = tuple(_later(previewed.event.faults))
        return _disturbed(self._service, delivery_faults.changed_payload(built), form, later)


def _disturbed(
    service: Service, built: Payload, form: RegistrationSpec, later: tuple[LaterFault, ...]
) -> PreviewedRequest:
    """Return a request after the faults at signature and headers."""
    paths = keys.paths(service.pair)
    signed = delivery_faults.changed_signature(
        SignedPayload(built, (_NO_SIGNATURE, _NO_SIGNATURE), paths)
    )
    event = built.events[0]
    delivery = Delivery(0, signed, event.time, "", payload.provider_of(event, form))
    sent = headers.of_attempt(attempt(delivery, 1, service.chance))
    kind = headers.content_type_of(sent.items())
    body = signed.payload.body
    return PreviewedRequest(body, kind, body != built.body, later)


def _later(faults: tuple[Fault, ...]) -> Iterator[LaterFault]:
    for each in faults:
        if each.point in _LATER and each.name in FAULTS:
            yield LaterFault(each.name, each.point, FAULTS[each.name].summary)


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
    """Return an event with the time and the faults that the service gives it, as its provider's."""
    event, provider = previewed.event, previewed.provider
    event = replace(event, time=whole_ms(service.clock.now()))
    faults = delivery_faults.stored(event.faults)
    row = StoredDelivery(0, 0, previewed.seq, event.time, faults=faults)
    event = delivery_faults.with_faults(event, row, service.chance)
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
