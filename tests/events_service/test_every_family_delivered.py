"""Events of every family on their way through one service, to one webhook and its journal."""

from __future__ import annotations

import json
import urllib.request
from collections.abc import Iterator, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import pytest

from flowsim.core import payload
from flowsim.core.event import Event
from flowsim.core.payload import provider_id
from flowsim.core.spec_values import RegistrationSpec
from flowsim.events_service.control import actions
from flowsim.events_service.control.bodies import TriggerBody
from flowsim.events_service.control.publishing_at_start import journal_path
from flowsim.events_service.control.triggering import Triggered, trigger
from flowsim.events_service.local_service import LocalService, LocalServiceOptions, run
from flowsim.events_service.publishing.table import Events
from flowsim.events_service.registrations.model import EventOfInterest, Registration
from flowsim.families import registry
from flowsim.families.base import Family
from flowsim.files.yaml_documents import parse_text
from flowsim.story.opening import story_of

from ..families.told import FAMILIES, entries_of
from ..webhook import Request, Webhook, status
from .running import advance, register, settled

STORY = json.dumps(
    {
        "seed": 7,
        "at": "2026-01-15T09:30:00Z",
        "events": [{name: entries_of(name)[-1]} for name in FAMILIES],
    }
)
"""One entry of every family."""

RETRIED = 60.0
"""Seconds until the second attempt."""

REDELIVERED = "aem_sites"
"""The family of an event that is delivered again."""


def family_of(event: Event) -> Family:
    found = registry.shipped().by_code(event.code)
    assert found is not None
    return found


TOLD = tuple(story_of("all", parse_text(STORY, "all")).events())
PUSHED = tuple(each for each in TOLD if not family_of(each).journal_only)


@dataclass
class Seen:
    """What came of a story: what was published, and what came where; requests by event id."""

    events: tuple[Event, ...]
    triggered: Triggered
    client_id: str
    first: dict[str, Request]
    retried: dict[str, Request]
    redelivered: Request
    journals: tuple[list[Any], list[Any]]


def interests() -> tuple[EventOfInterest, ...]:
    families = registry.shipped().readable()[0]
    return tuple(
        EventOfInterest(provider_id(family.provider.id), code)
        for family in families
        for code in family.codes
    )


def service(folder: Path) -> AbstractContextManager[LocalService]:
    return run(LocalServiceOptions(clock="manual", data=folder))


def journal_of(local: LocalService, registration: Registration) -> list[Any]:
    """Return the entries of a journal, as HTTP has them."""
    url = f"{local.url}{journal_path(local.service, registration)}?limit=1000"
    with urllib.request.urlopen(url) as answer:
        return [each["event"] for each in json.load(answer)["events"]]


def by_id(requests: Sequence[Request]) -> dict[str, Request]:
    found = {each.headers["x-adobe-event-id"]: each for each in requests}
    assert len(found) == len(requests)
    return found


@pytest.fixture(scope="module")
def seen(tmp_path_factory: pytest.TempPathFactory) -> Seen:
    """Publish the story to a webhook that is down, restart the service, and let it try again."""
    folder, number = tmp_path_factory.mktemp("service"), len(PUSHED)
    with Webhook([status(503)] * number + [status(200)]) as webhook:
        with service(folder) as local:
            registration = register(local.service, webhook.url, events_of_interest=interests())
            triggered = trigger(local.service, TriggerBody(text=STORY))
            settled(local, number)
            stored = Events(local.service.database).entries(registration.key, 0, 1000)
            before = journal_of(local, registration)
        with service(folder) as local:
            advance(local, RETRIED)
            settled(local, 2 * number)
            events = tuple(each.event for each in stored)
            again = next(each for each in events if family_of(each).name == REDELIVERED)
            actions.redeliver(local.service, again.id, None)
            settled(local, 2 * number + 1)
            journals = before, journal_of(local, registration)
    requests = webhook.requests
    return Seen(
        events,
        triggered,
        registration.client_id,
        by_id(requests[:number]),
        by_id(requests[number : 2 * number]),
        requests[-1],
        journals,
    )


def expected(seen: Seen) -> Iterator[tuple[Event, RegistrationSpec]]:
    """Yield the events of the story as a replay sends them, with the ids that the service drew."""
    for told, stored in zip(TOLD, seen.events, strict=True):
        given = {"client_id": seen.client_id, "names": "both"}
        spec = RegistrationSpec.model_validate(given)
        yield replace(told, id=stored.id, time=stored.time), spec


def test_a_delivery_is_what_a_replay_sends(seen: Seen) -> None:
    """Members, their order, and the name of the provider are those of the family."""
    for event, spec in expected(seen):
        if family_of(event).journal_only:
            assert event.id not in seen.first
            continue
        request, made = seen.first[event.id], payload.single(event, spec)
        assert request.body == made.body, event.code
        assert request.headers["content-type"] == made.content_type
        assert request.headers["x-adobe-event-code"] == event.code
        assert request.headers["x-adobe-provider"] == payload.provider_of(event, spec), event.code


def test_a_retry_after_a_restart_has_the_same_body_and_provider(seen: Seen) -> None:
    assert {*seen.retried} == {*seen.first}
    for id_, request in seen.retried.items():
        assert request.body == seen.first[id_].body
        name = "x-adobe-provider"
        assert request.headers[name] == seen.first[id_].headers[name]


def test_a_redelivery_has_the_same_body(seen: Seen) -> None:
    id_ = seen.redelivered.headers["x-adobe-event-id"]
    assert seen.redelivered.body == seen.first[id_].body


def test_the_journal_has_every_event_as_its_producer_writes_it(seen: Seen) -> None:
    """Member for member, in order, without an envelope for Asset Compute; a restart keeps it."""
    before, after = seen.journals
    made = [json.loads(payload.journal_element(*each)) for each in expected(seen)]
    assert [*map(json.dumps, before)] == [*map(json.dumps, made)]
    assert [*map(json.dumps, after)] == [*map(json.dumps, made)]


def test_events_for_journals_only_are_sent_to_no_webhook(seen: Seen) -> None:
    quiet = [each for each in seen.triggered.events if each.journal_only]
    assert {each.event_code for each in quiet} == {"asset_compute"}
    reasons = {reason for each in quiet for reason in each.journal_only.values()}
    assert reasons == {"Adobe sends Asset Compute to journals only"}
