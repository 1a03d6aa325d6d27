"""A service that begins anew."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from dataclasses import replace

import pytest

from flowsim.errors import ApiError
from flowsim.events_service import local_service
from flowsim.events_service.control import overview
from flowsim.events_service.control.adjusting import platform
from flowsim.events_service.control.resetting import reset
from flowsim.events_service.control.timekeeping import advance
from flowsim.events_service.deliveries.redelivering import redeliver
from flowsim.events_service.deliveries.table import Attempts
from flowsim.events_service.providers.model import EventMetadata
from flowsim.events_service.registrations.table import StoredFilter, Validation
from flowsim.events_service.service import Service

from ...webhook import Request, Webhook, status
from ..registering import register
from ..running import PATIENCE
from .test_triggering import told

MANUAL = local_service.Options(clock="manual")


def test_nothing_has_happened_and_nobody_is_registered(service: Service) -> None:
    own = replace(platform(service), id="own", org=service.installation.org, instance_id="1")
    with service.database.transaction() as connection:
        service.providers.put(connection, own)
    register(service)
    event_id = told(service, scenario="partial").events[0].event_id
    reset(service)
    assert service.registrations.all() == []
    assert [each.id for each in service.providers.of_org(own.org)] == [platform(service).id]
    with pytest.raises(ApiError, match="no event"):
        redeliver(service, str(event_id), None)
    assert overview.read(service).pending == 0


STAYS = {"setting", "token", "event_metadata", "provider", "sqlite_sequence"}


def test_no_table_but_those_of_what_stays_has_a_row() -> None:
    with Webhook([status(503)]) as webhook, local_service.run(MANUAL) as local:
        service, rows = local.service, local.service.database.rows
        own = replace(platform(service), id="own", org=service.installation.org, instance_id="1")
        with service.database.transaction() as connection:
            service.providers.put(connection, own)
            service.providers.put_metadata(connection, EventMetadata("own", "code", "", ""))
            connection.execute("INSERT INTO state VALUES ('a', 'b', x'00', 1)")
            connection.execute("INSERT INTO expired VALUES (1, 1, 'a', 1)")
            filter_ = StoredFilter("id", "name", "", '{"data": {"a": ["b"]}}')
        registration = register(service, webhook=webhook.url)
        filtered = register(service, "filtered", webhook=None)
        with service.database.transaction() as connection:
            service.registrations.put_filter(connection, filtered.key, filter_)
            service.proofs.owe(connection, Validation(registration.key, "a", local.clock.now()))
        told(service, scenario="partial")
        advance(service, 60, 5)
        tables = [name for (name,) in rows("SELECT name FROM sqlite_master WHERE type = 'table'")]
        filled = {name for name in tables if rows(f"SELECT 1 FROM {name} LIMIT 1")}
        assert filled >= set(tables) - {"token", "validation", "sqlite_stat1"}
        reset(service)
        assert {name for name in tables if rows(f"SELECT 1 FROM {name} LIMIT 1")} <= STAYS
        assert rows("SELECT 1 FROM event_metadata WHERE provider = 'own'") == []
        assert overview.read(service).published == 0
        assert service.proofs.due is None


def test_an_attempt_that_ends_after_it_leaves_nothing() -> None:
    entered, released = threading.Event(), threading.Event()

    def late(request: Request) -> Iterator[bytes]:
        entered.set()
        released.wait(PATIENCE)
        return status(503)(request)

    with Webhook([late]) as webhook, local_service.run(MANUAL) as local:
        register(local.service, webhook=webhook.url)
        told(local.service, scenario="partial")
        assert entered.wait(PATIENCE)
        reset(local.service)
        released.set()
        assert advance(local.service, 60, 5).arrived
        for table in ("attempt", "tally", "trace", "delivery"):
            assert local.service.database.rows(f"SELECT * FROM {table}") == []


def test_who_uses_it_stays_and_no_id_comes_twice(service: Service) -> None:
    identity = overview.read(service).installation
    first = register(service)
    before = told(service, scenario="partial").events[0]
    reset(service)
    assert overview.read(service).installation == identity
    again = register(service)
    after = told(service, scenario="partial").events[0]
    assert again.registration_id != first.registration_id
    assert after.registrations == (again.registration_id,)
    assert after.event_id not in (None, before.event_id)


def test_retries_of_what_was_forgotten_do_not_happen() -> None:
    options = local_service.Options(clock="manual")
    with Webhook([status(503)]) as webhook, local_service.run(options) as local:
        register(local.service, webhook=webhook.url)
        told(local.service, scenario="partial")
        advance(local.service, 90, 5)
        assert len(webhook.requests) == 2
        reset(local.service)
        assert advance(local.service, 86_400, 5).arrived
        assert len(webhook.requests) == 2
        assert local.deliveries.problem is None
        assert Attempts(local.service.database).latest(10) == []
