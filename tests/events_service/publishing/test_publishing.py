"""From a published event to journals and deliveries."""

from __future__ import annotations

import pytest

from flowsim.core.event import Notification
from flowsim.core.payload import provider_id
from flowsim.errors import StoreError
from flowsim.events_service.providers.model import PLATFORM
from flowsim.events_service.publishing.table import Events
from flowsim.events_service.registrations.model import DISABLED, UNSTABLE, Registration
from flowsim.events_service.registrations.table import StoredFilter
from flowsim.events_service.service import Service

from ..running import SUCCESS, change, pending_in, publish, register

URL = "http://127.0.0.1:9/hook"


def journal(service: Service, registration: Registration) -> list[str]:
    entries = Events(service.database).entries(registration.key, 0, 100)
    return [each.event.id for each in entries]


def pending(service: Service, registration: Registration) -> int:
    return pending_in(service.database, registration.key)


def test_an_event_is_in_every_journal_and_due_at_every_webhook(service: Service) -> None:
    webhook, batch = register(service, URL), register(service, URL, "webhook_batch")
    journal_only = register(service, None, "journal")
    event = publish(service).event
    for each in (webhook, batch, journal_only):
        assert journal(service, each) == [event.id]
    assert [pending(service, each) for each in (webhook, batch, journal_only)] == [1, 1, 0]


@pytest.mark.parametrize(
    ("fields", "due"),
    [({"enabled": False}, 0), ({"status": DISABLED}, 0), ({"status": UNSTABLE}, 1)],
)
def test_a_registration_that_takes_nothing_new_keeps_its_journal(
    service: Service, fields: dict[str, object], due: int
) -> None:
    registration = register(service, URL)
    change(service, registration, **fields)
    event = publish(service).event
    assert journal(service, registration) == [event.id]
    assert pending(service, registration) == due


def test_an_event_without_registrations_is_not_stored(service: Service) -> None:
    published = publish(service)
    assert (published.registrations, published.accepted) == ((), ())
    assert Events(service.database).last_seq() == 0


def test_a_filter_keeps_an_event_out_of_journal_and_deliveries(service: Service) -> None:
    """It is applied to the CloudEvent that would be delivered."""
    registration = register(service, URL)
    text = '{"data": {"number": [{"numeric": [">", 1]}]}}'
    with service.database.transaction() as connection:
        service.registrations.put_filter(
            connection, registration.key, StoredFilter("f", "name", "", text)
        )
    service.directory.forget()
    publish(service, 1)
    passing = publish(service, 2)
    assert journal(service, registration) == [passing.event.id]
    assert pending(service, registration) == 1
    assert publish(service, 1).registrations == (registration,)


def test_an_event_for_one_registration_is_for_no_other(service: Service) -> None:
    one, other = register(service, URL), register(service, URL)
    provider = service.providers.find(provider_id(PLATFORM))
    assert provider
    service.publishing.publish(provider, Notification(SUCCESS, "event", {}), only=one)
    assert (len(journal(service, one)), len(journal(service, other))) == (1, 0)


def test_event_ids_differ_and_follow_from_the_installation(service: Service) -> None:
    register(service, None, "journal")
    ids = [publish(service).event.id for _ in range(20)]
    assert len(set(ids)) == 20


def test_an_event_that_cannot_be_stored_is_not_acknowledged(service: Service) -> None:
    registration = register(service, URL)
    service.database.rows("PRAGMA max_page_count = 1")
    with pytest.raises(StoreError, match="cannot grow"):
        publish(service, size=1_000_000)
    service.database.rows("PRAGMA max_page_count = 1000000")
    assert journal(service, registration) == []
    assert pending(service, registration) == 0
    publish(service)
    assert len(journal(service, registration)) == 1
