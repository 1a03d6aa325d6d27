"""Settings that change, a reset, and events delivered again."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from flowsim.errors import ApiError
from flowsim.events_service import local_service
from flowsim.events_service.control import overview
from flowsim.events_service.control.actions import (
    RunningSettings,
    change_settings,
    redeliver,
    reset,
    settings_of,
)
from flowsim.events_service.control.bodies import SettingsBody
from flowsim.events_service.control.timekeeping import advance
from flowsim.events_service.opening import open_database, open_service
from flowsim.events_service.providers.model import EventMetadata
from flowsim.events_service.registrations.table import StoredFilter, Validation
from flowsim.events_service.service import Service, ServiceOptions
from flowsim.installation.settings import keys_folder
from flowsim.runtime.clock import ManualClock, present

from ...webhook import Request, Webhook, status
from ..registering import register
from ..running import PATIENCE, attempts_in, pending_in
from .test_triggering import triggered

# Settings


def test_at_first_envelopes_hold_all_names_in_adobes_own_format(service: Service) -> None:
    assert settings_of(service) == RunningSettings("both", "adobe_io", False, ())


def test_settings_that_are_left_out_stay(service: Service) -> None:
    assert change_settings(service, SettingsBody(names="new-only")).names == "new-only"
    both = change_settings(service, SettingsBody(platform_delivery_format="cloud_events"))
    assert both == RunningSettings("new-only", "cloud_events", False, ())
    assert change_settings(service, SettingsBody()) == both == settings_of(service)
    assert service.platform_provider.event_delivery_format == "cloud_events_v1"
    assert service.options.names == "new-only"


def test_changed_settings_outlive_the_service_and_start_options_do_not(tmp_path: Path) -> None:
    def opened(options: ServiceOptions) -> RunningSettings:
        with open_database(tmp_path) as database:
            service = open_service(database, ManualClock(present()), options, keys_folder())
            before = settings_of(service)
            change_settings(
                service, SettingsBody(names="old-only", platform_delivery_format="cloud_events")
            )
            return before

    strict = ServiceOptions(strict=True, targets=("10.0.0.0/8",))
    assert opened(strict) == RunningSettings("both", "adobe_io", True, ("10.0.0.0/8",))
    assert opened(ServiceOptions()) == RunningSettings("old-only", "cloud_events", False, ())


# Reset


MANUAL = local_service.LocalServiceOptions(clock="manual")


def test_a_reset_leaves_no_events_and_no_registrations(service: Service) -> None:
    own = replace(
        service.platform_provider, id="own", org=service.installation.org, instance_id="1"
    )
    with service.database.transaction() as connection:
        service.providers.put(connection, own)
    register(service)
    event_id = triggered(service, scenario="partial").events[0].event_id
    reset(service)
    assert service.registrations.all() == []
    assert {each.org for each in service.providers.of_org(own.org)} == {""}
    with pytest.raises(ApiError, match="no event"):
        redeliver(service, str(event_id), None)
    assert overview.read(service).pending == 0


STAYS = {"setting", "token", "event_metadata", "provider", "sqlite_sequence", "note"}
"""The only note is that of the reset itself."""


def test_after_a_reset_only_the_kept_tables_have_rows() -> None:
    with Webhook([status(503)]) as webhook, local_service.run(MANUAL) as local:
        service, rows = local.service, local.service.database.rows
        own = replace(
            service.platform_provider, id="own", org=service.installation.org, instance_id="1"
        )
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
            service.proofs.expect(connection, Validation(registration.key, "a", local.clock.now()))
        triggered(service, scenario="partial")
        advance(service, 60, 5)
        tables = [name for (name,) in rows("SELECT name FROM sqlite_master WHERE type = 'table'")]
        filled = {name for name in tables if rows(f"SELECT 1 FROM {name} LIMIT 1")}
        assert filled >= set(tables) - {"token", "validation", "sqlite_stat1"}
        reset(service)
        assert {name for name in tables if rows(f"SELECT 1 FROM {name} LIMIT 1")} <= STAYS
        assert rows("SELECT 1 FROM event_metadata WHERE provider = 'own'") == []
        assert overview.read(service).published == 0
        assert service.proofs.due is None


def test_an_attempt_that_ends_after_a_reset_leaves_nothing() -> None:
    entered, released = threading.Event(), threading.Event()

    def late(request: Request) -> Iterator[bytes]:
        entered.set()
        released.wait(PATIENCE)
        return status(503)(request)

    with Webhook([late]) as webhook, local_service.run(MANUAL) as local:
        register(local.service, webhook=webhook.url)
        triggered(local.service, scenario="partial")
        assert entered.wait(PATIENCE)
        reset(local.service)
        released.set()
        assert advance(local.service, 60, 5).arrived
        for table in ("attempt", "tally", "trace", "delivery"):
            assert local.service.database.rows(f"SELECT * FROM {table}") == []


def test_a_reset_keeps_the_identity_and_repeats_no_id(service: Service) -> None:
    identity = overview.read(service).installation
    first = register(service)
    before = triggered(service, scenario="partial").events[0]
    reset(service)
    assert overview.read(service).installation == identity
    again = register(service)
    after = triggered(service, scenario="partial").events[0]
    assert again.registration_id != first.registration_id
    assert after.registrations == (again.registration_id,)
    assert after.event_id not in (None, before.event_id)


def test_deliveries_deleted_by_a_reset_are_not_retried() -> None:
    options = local_service.LocalServiceOptions(clock="manual")
    with Webhook([status(503)]) as webhook, local_service.run(options) as local:
        register(local.service, webhook=webhook.url)
        triggered(local.service, scenario="partial")
        advance(local.service, 90, 5)
        assert len(webhook.requests) == 2
        reset(local.service)
        assert advance(local.service, 86_400, 5).arrived
        assert len(webhook.requests) == 2
        assert local.deliveries.problem is None
        assert attempts_in(local.service.database) == []


KEPT = {"setting", "token", "provider", "event_metadata"}
"""Tables that a reset keeps; of providers it deletes those of organisations."""


def test_every_table_is_emptied_or_kept_on_purpose(service: Service) -> None:
    names = "SELECT name FROM sqlite_schema WHERE type = 'table' AND name NOT LIKE 'sqlite_%'"
    tables = {row[0] for row in service.database.rows(names)}
    statements: list[str] = []
    with service.database.transaction() as connection:
        connection.set_trace_callback(statements.append)
        reset(service)
        connection.set_trace_callback(None)
    deleted = [each for each in statements if each.startswith("DELETE FROM")]
    emptied = {each.split(" ")[2] for each in deleted if "WHERE" not in each}
    assert emptied == tables - KEPT


# Redelivery


def published(service: Service) -> str:
    """Trigger one event and return its id."""
    event_id = triggered(service, scenario="partial").events[0].event_id
    assert event_id
    return event_id


def pending(service: Service, key: int) -> int:
    return pending_in(service.database, key)


def test_redelivery_reaches_all_webhooks_with_the_event_in_their_journal(service: Service) -> None:
    one, two, reader = (
        register(service, "one"),
        register(service, "two", delivery_type="webhook_batch"),
        register(service, "reader", webhook=None),
    )
    event_id = published(service)
    done = redeliver(service, event_id, None)
    assert done.registrations == (one.registration_id, two.registration_id)
    assert [pending(service, each.key) for each in (one, two, reader)] == [2, 2, 0]


def test_an_event_can_be_redelivered_to_one_registration(service: Service) -> None:
    one, two = register(service, "one"), register(service, "two")
    event_id = published(service)
    assert redeliver(service, event_id, two.registration_id).registrations == (two.registration_id,)
    assert [pending(service, each.key) for each in (one, two)] == [1, 2]


def test_a_redelivery_that_is_impossible_is_refused_with_a_reason(service: Service) -> None:
    reader = register(service, "reader", webhook=None)
    event_id = published(service)
    newcomer = register(service, "newcomer")
    for registration_id, code, message in (
        (None, 409, f"no registration with event {event_id} has a webhook"),
        (newcomer.registration_id, 404, "has no event"),
        ("nobody", 404, "registration 'nobody' has no event"),
    ):
        with pytest.raises(ApiError, match=message) as caught:
            redeliver(service, event_id, registration_id)
        assert caught.value.status_code == code
    with pytest.raises(ApiError, match="no event 'xyzzy'"):
        redeliver(service, "xyzzy", None)
    with service.database.transaction() as connection:
        service.registrations.put(connection, replace(reader, deleted=True))
    with pytest.raises(ApiError, match="no registration has event"):
        redeliver(service, event_id, None)


def test_the_beginning_of_an_event_id_is_enough(service: Service) -> None:
    mine = register(service)
    event_id = published(service)
    for begin in (event_id[:8], event_id[:4]):
        done = redeliver(service, begin, None)
        assert (done.event_id, done.registrations) == (event_id, (mine.registration_id,))
    with pytest.raises(ApiError, match="no event"):
        redeliver(service, event_id[:3], None)


def test_an_ambiguous_beginning_is_answered_with_some_of_the_ids(service: Service) -> None:
    register(service)
    ids = [f"aaaa{number}{published(service)[5:]}" for number in range(5)]
    with service.database.transaction() as connection:
        for seq, id_ in enumerate(ids, 1):
            connection.execute("UPDATE event SET event_id = ? WHERE seq = ?", (id_, seq))
    with pytest.raises(ApiError) as caught:
        redeliver(service, "aaaa", None)
    assert str(caught.value) == (
        f"several events begin with 'aaaa': {', '.join(ids[:3])} and others"
    )
    assert redeliver(service, "aaaa3", None).event_id == ids[3]
