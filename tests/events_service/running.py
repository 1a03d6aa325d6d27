"""A running service and a webhook: what tests of deliveries share."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime

from flowsim.core.event import Notification
from flowsim.core.instant import from_ms
from flowsim.core.payload import provider_id
from flowsim.events_service.database.database import Database
from flowsim.events_service.deliveries.table import StoredAttempt
from flowsim.events_service.local_service import LocalService
from flowsim.events_service.providers.model import PLATFORM
from flowsim.events_service.publishing.publishing import Published
from flowsim.events_service.registrations.model import EventOfInterest, Registration
from flowsim.events_service.service import Service
from flowsim.runtime.clock import ManualClock

SUCCESS = "sources_flow_run_success"
PATIENCE = 30.0


def register(
    service: Service, url: str | None, kind: str = "webhook", **fields: object
) -> Registration:
    """Register a webhook for successes, without a challenge."""
    now, number = service.clock.now(), service.new_id("registration")
    registration = Registration(
        key=0,
        registration_id=number,
        workspace=service.installation.place,
        client_id=service.installation.client_id,
        name=number,
        description="",
        delivery_type=kind,
        webhook_url=url,
        runtime_action=None,
        enabled=True,
        events_of_interest=(EventOfInterest(provider_id(PLATFORM), SUCCESS),),
        destination_metadata=None,
        created=now,
        updated=now,
    )
    with service.database.transaction() as connection:
        added = service.registrations.add(connection, replace(registration, **fields))  # type: ignore[arg-type]
    service.directory.forget()
    return added


def change(service: Service, registration: Registration, **fields: object) -> None:
    """Change a registration, without a challenge."""
    changed = replace(registration, **fields)  # type: ignore[arg-type]
    with service.database.transaction() as connection:
        service.registrations.put(connection, changed)
    service.directory.forget()


def publish(service: Service, number: int = 1, size: int = 10) -> Published:
    """Publish the success of a flow run."""
    provider = service.providers.find(provider_id(PLATFORM))
    assert provider
    content = {"number": number, "text": "x" * size}
    return service.publishing.publish(provider, Notification(SUCCESS, "event", content))


def until(true: Callable[[], bool]) -> None:
    """Return once a condition is true; fail if it does not become true."""
    deadline = time.monotonic() + PATIENCE
    while not true():
        assert time.monotonic() < deadline, "it did not come to pass"
        time.sleep(0.002)


def advance(local: LocalService, seconds: float) -> None:
    """Advance the clock, and wait until it has arrived."""
    assert isinstance(local.clock, ManualClock)
    local.clock.advance(seconds)
    local.service.look_again()
    until(lambda: local.clock.now() == local.clock.end)  # type: ignore[attr-defined]


def pending_in(database: Database, registration: int) -> int:
    """Return how many deliveries a registration has under way."""
    sql = "SELECT count(*) FROM delivery WHERE registration = ? AND due_ms IS NOT NULL"
    return database.number(sql, registration)


def attempts_in(database: Database) -> list[StoredAttempt]:
    """Return all attempts in the store, the latest first."""
    rows = database.rows(
        "SELECT registration, event_id, delivery_id, attempt, at_ms, status_code, elapsed_ms, "
        "outcome, cause, delivery, wall_ms FROM attempt ORDER BY number DESC"
    )
    return [
        StoredAttempt(*row[:4], from_ms(row[4]), *row[5:-1], row[-1] and from_ms(row[-1]))
        for row in rows
    ]


def settled(local: LocalService, attempts: int) -> list[StoredAttempt]:
    """Return all attempts, the latest first, once there are ``attempts`` of them."""
    until(lambda: len(attempts_in(local.service.database)) >= attempts)
    found = attempts_in(local.service.database)
    assert len(found) == attempts
    return found


def minutes_after(begin: datetime, attempts: list[StoredAttempt]) -> list[float]:
    """Return when attempts were made, in minutes, the first one first."""
    return [(each.at - begin).total_seconds() / 60 for each in reversed(attempts)]
