"""What is due next on the clock of a service."""

from __future__ import annotations

from datetime import timedelta

from flowsim.events_service import local_service
from flowsim.events_service.control import due_next
from flowsim.events_service.deliveries.recording import RETENTION
from flowsim.events_service.local_service import LocalServiceOptions
from flowsim.events_service.registrations.model import UNSTABLE
from flowsim.events_service.registrations.table import Validation
from flowsim.events_service.service import Service

from ...webhook import Webhook, status
from ..running import advance, publish, register, settled

MANUAL = LocalServiceOptions(clock="manual")


def test_nothing_is_due_in_an_empty_service(service: Service) -> None:
    found = due_next.read(service)
    assert (found.items, found.deliveries, found.later) == ((), 0, None)


def test_a_status_and_a_validation_url_are_due_at_their_moments(service: Service) -> None:
    """A challenge under way expects its proof for a day: that is no validation URL yet."""
    now = service.clock.now()
    first = register(service, "http://127.0.0.1:9/hook", name="first")
    second = register(service, "http://127.0.0.1:9/hook", name="second")
    before = due_next.version(service)
    with service.database.transaction() as connection:
        service.registrations.put_status(connection, first.key, UNSTABLE, now - timedelta(hours=23))
        service.proofs.expect(
            connection, Validation(second.key, "secret", now + timedelta(minutes=5))
        )
        service.proofs.expect(connection, Validation(first.key, "other", now + timedelta(days=1)))
    assert due_next.version(service) != before
    found = due_next.read(service)
    assert [(each.kind, each.registration, each.seconds) for each in found.items] == [
        ("validation", "second", 300.0),
        ("status", "first", 3600.0),
    ]
    assert found.later == found.items[0]


def test_attempts_are_due_with_their_delivery_and_event() -> None:
    with Webhook([status(503)]) as webhook, local_service.run(MANUAL) as local:
        register(local.service, webhook.url, name="orders")
        published = publish(local.service)
        settled(local, 1)
        found = due_next.read(local.service)
        (attempt, deletion) = found.items
        assert (attempt.kind, attempt.attempt, attempt.delivery, attempt.events) == (
            *("attempt", 2, 1, 1),
        )
        assert (attempt.seconds, attempt.registration, found.deliveries) == (60.0, "orders", 1)
        assert attempt.event_id == published.event.id
        assert (deletion.kind, deletion.at) == ("deletion", local.clock.now() + RETENTION)


def test_a_batch_is_one_delivery_with_its_events() -> None:
    with Webhook([status(503)]) as webhook, local_service.run(MANUAL) as local:
        registration = register(local.service, webhook.url, "webhook_batch")
        for number in range(1, 4):
            publish(local.service, number)
        advance(local, 30)
        found = due_next.read(local.service)
        attempts = [each for each in found.items if each.kind == "attempt"]
        assert sum(each.events for each in attempts) == 3
        assert found.deliveries == len(attempts)
        assert {each.registration for each in attempts} == {registration.name}
