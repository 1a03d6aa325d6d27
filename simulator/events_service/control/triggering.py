"""Publishes the events of a scenario to all registrations; ``replay`` has only one (6.5)."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace

from ...core import payload
from ...core.event import Event, Notification
from ...core.instant import spell, whole_ms
from ...core.printable import brief
from ...errors import ApiError, Problem, ScenarioError, SettingError
from ...families import registry
from ...families.base import Family, to_journals_only
from ...families.event_line import event_line, event_result
from ...families.registry import Families
from ...files.document import Document
from ...files.yaml_documents import parse_text
from ...scenario import amendment
from ...scenario import files as scenario_files
from ...story.opening import changes_of, story_of
from ...story.story import Story
from ..providers import adobe
from ..providers.model import PLATFORM, Provider, header_name
from ..publishing.publishing import Published, SendingPlan
from ..registrations.model import Registration
from ..service import Service
from . import trigger_faults
from .bodies import MISTAKEN, TriggerBody

MOST_EVENTS = 10_000
"""How many events one trigger publishes, at most."""

_DROPPED = "the fault drop keeps it from the webhook"


@dataclass(frozen=True, slots=True)
class TriggeredEvent:
    """An event that was published, and the registrations it is for.

    ``filtered`` are registrations that asked for it and whose filter refuses it;
    ``journal_only`` are those of ``registrations`` that have it in their journals and are sent
    nothing, each with the reason. ``says`` is what the event says in a few words of its family,
    ``result`` success, partial, failed or empty.
    An event that no registration takes is not remembered and has no ``event_id`` (6.5).
    """

    event_id: str | None
    event_code: str
    says: str
    result: str
    registrations: tuple[str, ...]
    filtered: tuple[str, ...]
    journal_only: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Triggered:
    """A scenario that was published; ``seed`` and ``at`` make the same story again.

    ``warnings`` are sentences about mistakes that are likely in it.
    """

    scenario: str
    description: str
    seed: int
    at: str
    events: tuple[TriggeredEvent, ...]
    warnings: tuple[str, ...]


def trigger(service: Service, body: TriggerBody) -> Triggered:
    """Publish every event of a scenario, in order and at once.

    The story's seed and clock decide the contents, the service the event ids. The
    ``registration`` of the scenario is ignored, except for the provider of payloads. With
    ``dry_run`` nothing is published. Providers of the sender's families stay known. Raises
    ``ApiError`` 400 with every mistake of the scenario, 404 for no such registration.
    """
    only, among = _registration(service, body.registration), _among(service, body)
    try:
        families = families_of(service, body)
        story = story_of_body(service, body, families)
        expect_publishable(story, only)
        events = list(story.events())
        sendings = _sendings(story, events, families)
        providers = [*providers_of(service, story, events)]
    except (ScenarioError, SettingError) as error:
        raise ApiError(400, MISTAKEN, str(error)) from None
    if body.families and not body.dry_run:
        with service.database.transaction() as connection:
            adobe.put_providers(connection, service.providers, families)
    published = []
    for event, provider, sending in (
        () if body.dry_run else zip(*(events, providers, sendings), strict=True)
    ):
        said, notification = event.notification, _of_provider(service, provider, event)
        done = service.publishing.publish(provider, notification, only, sending, among)
        words = families, said.event_code, said.content
        line, result = event_line(*words), event_result(*words)
        unsent = "" if sending.offsets else _why_unsent(event, families)
        published.append(_triggered(done, line, result, unsent))
    return Triggered(
        story.name,
        story.scenario.description.strip(),
        story.seed,
        spell(story.begin),
        tuple(published),
        tuple(map(str, story.warnings)),
    )


def _registration(service: Service, registration_id: str | None) -> Registration | None:
    if registration_id is None:
        return None
    found = service.registrations.find(registration_id)
    if found is None:
        raise ApiError(404, "Not Found", f"no registration {registration_id!r}")
    return found


def _among(service: Service, body: TriggerBody) -> frozenset[int] | None:
    """Return the keys of the registrations that may get events, None for all."""
    if body.registrations is None:
        return None
    found = (_registration(service, each) for each in body.registrations)
    return frozenset(each.key for each in found if each is not None)


def families_of(service: Service, body: TriggerBody) -> Families:
    """Return the families of the service, and those of the sender."""
    texts = tuple((each.file, each.text) for each in body.families)
    return registry.with_texts(service.families, texts) if texts else service.families


def story_of_body(service: Service, body: TriggerBody, families: Families) -> Story:
    """Return the story that is asked for; it may have what a service cannot publish.

    Raises ``ScenarioError`` with all mistakes, ``SettingError`` for an unknown name.
    """
    document = _document(body, families)
    name = body.scenario or body.file
    try:
        settings = [amendment.split(each) for each in body.set]
    except ValueError as error:
        raise SettingError(str(error)) from None
    changes = changes_of(settings, body.seed, body.at)
    now = whole_ms(service.clock.now())
    return story_of(name, document, changes, now=now, families=families)


def expect_publishable(story: Story, only: Registration | None = None) -> None:
    """Raise ``SettingError`` for a story that a service cannot publish, to one if ``only`` one."""
    name = story.name
    trigger_faults.check(story, only)
    if story.event_count > MOST_EVENTS:
        raise SettingError(
            f"{name}: a story of {story.event_count:,} events; expected at most {MOST_EVENTS:,}"
        )


def _document(body: TriggerBody, families: Families) -> Document:
    if body.scenario is not None:
        return scenario_files.read_shipped(body.scenario, families)
    return parse_text(body.text or "", body.file)


def _sendings(story: Story, events: Iterable[Event], families: Families) -> list[SendingPlan]:
    """Return how each event is delivered; raises ``SettingError`` for too many deliveries."""
    sendings = [_sending(each, families) for each in events]
    total = sum(len(each.offsets) for each in sendings)
    if total > MOST_EVENTS:
        raise SettingError(
            f"{story.name}: its events are delivered {total:,} times; "
            f"expected at most {MOST_EVENTS:,}"
        )
    return sendings


def _sending(event: Event, families: Families) -> SendingPlan:
    sending = trigger_faults.sending_of(event.faults)
    return replace(sending, offsets=()) if _of_journals(event, families) else sending


def _of_journals(event: Event, families: Families) -> Family | None:
    """Return the family of an event if Adobe sends its events to journals only."""
    family = families.by_code(event.code)
    if family is None or family.provider.id != event.notification.provider:
        return None
    return family if family.journal_only else None


def _why_unsent(event: Event, families: Families) -> str:
    family = _of_journals(event, families)
    return _DROPPED if family is None else to_journals_only(family)


def providers_of(service: Service, story: Story, events: Iterable[Event]) -> Iterator[Provider]:
    """Yield the provider of each event: that of its family; of payloads, the stated one.

    A scenario states it by its id, or as ``x-adobe-provider`` does.
    """
    stated = story.scenario.registration.provider or PLATFORM
    known: dict[str, Provider] = {}
    stored = service.providers.of_org(service.installation.org)
    for each in (*adobe.providers_of(service.providers, story.families), *stored):
        known |= {each.id: each, header_name(each): each}
    for event in events:
        name = event.notification.provider or stated
        if name not in known:
            place = "events" if event.notification.provider else "registration.provider"
            found, expected = f"unknown provider {name!r}", brief(f"one of {', '.join(known)}")
            raise ScenarioError([Problem(story.name, 0, 0, place, found, expected)])
        yield known[name]


def _of_provider(service: Service, provider: Provider, event: Event) -> Notification:
    """Return a notification as its provider publishes it: an organisation's own is a CloudEvent."""
    notification = event.notification
    if not provider.org:
        return notification
    named = replace(event, id=service.new_id("told"), time=whole_ms(service.clock.now()))
    content = payload.cloud_event(named, provider.source)
    return Notification(notification.event_code, "cloud_event", content)


def _triggered(published: Published, says: str, result: str, unsent: str) -> TriggeredEvent:
    event: Event = published.event
    accepted = tuple(each.registration_id for each in published.accepted)
    asked = (each.registration_id for each in published.registrations)
    return TriggeredEvent(
        event.id if accepted else None,
        event.notification.event_code,
        says,
        result,
        accepted,
        tuple(each for each in asked if each not in accepted),
        {
            each.registration_id: each.undelivered or unsent
            for each in published.accepted
            if each.undelivered or (unsent and each.is_pushed)
        },
    )
