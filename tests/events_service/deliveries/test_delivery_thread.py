"""Deliveries of a running service: signed, retried on its clock, and stored."""

from __future__ import annotations

import json
import sqlite3
import threading
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest

from flowsim.events_service.control import timekeeping
from flowsim.events_service.deliveries.delivery_thread import CONCURRENCY
from flowsim.events_service.local_service import LocalService, LocalServiceOptions, run
from flowsim.events_service.publishing.table import Events
from flowsim.events_service.registrations.model import DISABLED, UNSTABLE, VERIFIED, EventOfInterest
from flowsim.events_service.tracing.debug_trace import Traces
from flowsim.installation.key_sources import find_key
from flowsim.receiver.answers import judge

from ...webhook import Request, Webhook, status
from .. import custom_events
from ..running import (
    PATIENCE,
    advance,
    attempts_in,
    change,
    minutes_after,
    pending_in,
    publish,
    register,
    settled,
    until,
)

A_DAY = 24 * 3600
A_DAY_OF_ATTEMPTS = [0, 1, 3, 7, *range(15, 1440, 15)]


@pytest.fixture
def local() -> Iterator[LocalService]:
    """A service in memory with a manual clock."""
    with run(LocalServiceOptions(clock="manual")) as running:
        yield running


def status_of(local: LocalService) -> str:
    [registration] = local.service.registrations.all()
    return registration.status


def test_an_event_is_delivered_signed_and_with_its_id(
    local: LocalService, webhook: Webhook
) -> None:
    register(local.service, webhook.url)
    published = publish(local.service)
    settled(local, 1)
    [request] = webhook.requests
    own = local.service.installation.client_id
    assert judge(request.body, request.headers, find_key(None), own).verified
    assert json.loads(request.body)["eventid"] == published.event.id
    assert request.headers["x-adobe-event-id"] == published.event.id
    assert request.headers["x-adobe-provider"] == "platform_notifications"


def test_a_failing_webhook_gets_the_same_bytes_for_a_day(
    local: LocalService, webhook: Webhook
) -> None:
    webhook.answers = [status(503)]
    register(local.service, webhook.url)
    begin = local.clock.now()
    publish(local.service)
    settled(local, 1)
    advance(local, A_DAY)
    attempts = settled(local, 99)
    assert minutes_after(begin, attempts) == A_DAY_OF_ATTEMPTS
    assert {each.outcome for each in attempts[1:]} == {"retry"}
    assert attempts[0].outcome == "dropped"
    assert len({request.body for request in webhook.requests}) == 1
    assert len({each.delivery_id for each in attempts}) == 99
    counts = [request.headers.get("x-adobe-retry-count") for request in webhook.requests]
    assert counts == [None, *map(str, range(1, 99))]


def test_an_advance_makes_only_the_attempts_due_in_its_time(
    local: LocalService, webhook: Webhook
) -> None:
    webhook.answers = [status(503)]
    register(local.service, webhook.url)
    publish(local.service)
    settled(local, 1)
    advance(local, 59)
    settled(local, 1)
    advance(local, 1)
    settled(local, 2)


def test_a_registration_becomes_unstable_and_a_day_later_disabled_or_active_again(
    local: LocalService, webhook: Webhook
) -> None:
    """Ten failures and no success make it UNSTABLE, and a day later DISABLED or ACTIVE."""
    webhook.answers = [status(503)]
    register(local.service, webhook.url)
    publish(local.service)
    settled(local, 1)
    advance(local, 74 * 60)
    settled(local, 8)
    assert status_of(local) == VERIFIED
    advance(local, 16 * 60)
    settled(local, 10)
    assert status_of(local) == UNSTABLE
    advance(local, A_DAY - 61)
    assert status_of(local) == UNSTABLE
    advance(local, 61)
    until(lambda: status_of(local) == DISABLED)


def test_an_unstable_registration_is_active_again_after_a_healthy_day(
    local: LocalService, webhook: Webhook
) -> None:
    webhook.answers = [status(503)] * 10 + [status(200)]
    register(local.service, webhook.url)
    publish(local.service)
    settled(local, 1)
    advance(local, 90 * 60)
    settled(local, 10)
    assert status_of(local) == UNSTABLE
    for number in range(5):
        publish(local.service, number)
    settled(local, 15)
    advance(local, A_DAY)
    until(lambda: status_of(local) == VERIFIED)


def test_a_disabled_registration_gets_nothing_new_but_its_journal_and_its_retries(
    local: LocalService, webhook: Webhook
) -> None:
    webhook.answers = [status(503), status(200)]
    registration = register(local.service, webhook.url)
    publish(local.service, 1)
    settled(local, 1)
    change(local.service, registration, status=DISABLED)
    publish(local.service, 2)
    advance(local, 60)
    settled(local, 2)
    assert len(Events(local.service.database).entries(registration.key, 0, 10)) == 2
    assert [json.loads(each.body)["event"]["number"] for each in webhook.requests] == [1, 1]


def test_a_deleted_registration_gets_its_retries_and_nothing_else(
    local: LocalService, webhook: Webhook
) -> None:
    webhook.answers = [status(503), status(200)]
    registration = register(local.service, webhook.url)
    publish(local.service, 1)
    settled(local, 1)
    change(local.service, registration, deleted=True)
    assert publish(local.service, 2).registrations == ()
    advance(local, 60)
    assert settled(local, 2)[0].outcome == "delivered"


def test_a_delivery_whose_webhook_is_gone_ends(local: LocalService, webhook: Webhook) -> None:
    webhook.answers = [status(503)]
    registration = register(local.service, webhook.url)
    publish(local.service)
    settled(local, 1)
    change(local.service, registration, webhook_url=None, delivery_type="journal")
    advance(local, 60)
    until(lambda: pending_in(local.service.database, registration.key) == 0)
    settled(local, 1)


def test_events_published_together_are_sent_in_batches_and_retried_unchanged(
    local: LocalService, webhook: Webhook
) -> None:
    webhook.answers = [status(503)] * 3 + [status(200)]
    register(local.service, webhook.url, "webhook_batch")
    with local.service.database.transaction():
        for number in range(45):
            publish(local.service, number)
    settled(local, 3)
    advance(local, 60)
    settled(local, 6)
    sizes = [len(json.loads(request.body)) for request in webhook.requests]
    assert sorted(sizes) == [5, 5, 20, 20, 20, 20]
    bodies = [request.body for request in webhook.requests]
    assert sorted(bodies[:3]) == sorted(bodies[3:])
    numbers = [each["event"]["number"] for body in bodies[3:] for each in json.loads(body)]
    assert sorted(numbers) == [*range(45)]


@pytest.mark.parametrize("clock", ["real", "manual"])
def test_a_batch_fills_while_its_webhook_is_busy_until_full(clock: str, webhook: Webhook) -> None:
    released = threading.Event()

    def busy(request: Request) -> Iterator[bytes]:
        released.wait(PATIENCE)
        return status(200)(request)

    webhook.answers = [busy]
    with run(LocalServiceOptions(clock=clock)) as local:
        register(local.service, webhook.url, "webhook_batch")
        for number in range(44):
            publish(local.service, number)
            until(lambda: webhook.requests != [])
        until(lambda: len(webhook.requests) == 3)
        assert sorted(numbers_of(each)[0] for each in webhook.requests) == [0, 1, 21]
        released.set()
        settled(local, 4)
    batches = sorted(map(numbers_of, webhook.requests))
    assert batches == [[0], [*range(1, 21)], [*range(21, 41)], [41, 42, 43]]


def numbers_of(request: Request) -> list[int]:
    """Return the numbers of the events in a batch."""
    return [each["event"]["number"] for each in json.loads(request.body)]


def test_a_waiting_batch_is_sent_when_an_attempt_succeeds_or_fails(
    local: LocalService, webhook: Webhook
) -> None:
    """The first batch is retried as it was, the second one does not wait for that."""
    entered, released = threading.Event(), threading.Event()

    def busy(request: Request) -> Iterator[bytes]:
        entered.set()
        released.wait(PATIENCE)
        return status(503)(request)

    webhook.answers = [busy, status(200)]
    register(local.service, webhook.url, "webhook_batch")
    publish(local.service, 0)
    assert entered.wait(PATIENCE)
    with local.service.database.transaction():
        for number in (1, 2):
            publish(local.service, number)
    released.set()
    settled(local, 2)
    advance(local, 60)
    settled(local, 3)
    assert [*map(numbers_of, webhook.requests)] == [[0], [1, 2], [0]]


def test_a_batch_has_two_megabytes_and_the_rest_is_in_another(
    local: LocalService, webhook: Webhook
) -> None:
    register(local.service, webhook.url, "webhook_batch")
    with local.service.database.transaction():
        for number in range(5):
            publish(local.service, number, size=900_000)
    until(lambda: sum(len(json.loads(each.body)) for each in webhook.requests) == 5)
    assert sorted(len(json.loads(each.body)) for each in webhook.requests) == [1, 2, 2]


def test_hanging_attempts_overlap_and_are_stored_in_order(
    local: LocalService, webhook: Webhook
) -> None:
    """Two of three hang. The third fails at once, at moments between theirs."""
    released = threading.Event()

    def hang(request: Request) -> Iterator[bytes]:
        released.wait(PATIENCE)
        return status(200)(request)

    def let_pass(seconds: float) -> None:
        timekeeping.advance(local.service, seconds, 0, timeout=0.2)
        until(lambda: timekeeping.read(local.service, 1).arrived)

    webhook.answers = [status(503)]
    with Webhook([hang]) as first, Webhook([hang]) as third:
        for number, url in enumerate((first.url, webhook.url, third.url)):
            registration = register(local.service, url)
            publish(local.service, number)
            let_pass(20)
            change(local.service, registration, events_of_interest=())
        let_pass(3600)
        released.set()
    attempts = attempts_in(local.service.database)[::-1]
    assert [each.at for each in attempts] == sorted(each.at for each in attempts)
    begin, minutes = attempts[0].at, [0, 1, 3, 7, 15, 30, 45, 60]
    for number, key in enumerate((1, 2, 3)):
        own = [each for each in attempts if each.registration == key]
        expected = [begin + timedelta(minutes=each, seconds=20 * number) for each in minutes]
        assert [each.at for each in own] == expected


def test_each_registration_gets_a_delivery_of_its_own(
    local: LocalService, webhook: Webhook
) -> None:
    own = [register(local.service, webhook.url, client_id=f"client-{n}") for n in range(3)]
    publish(local.service)
    attempts = settled(local, 3)
    assert {each.registration for each in attempts} == {each.key for each in own}
    recipients = {json.loads(each.body)["recipientclientid"] for each in webhook.requests}
    assert recipients == {"client-0", "client-1", "client-2"}


def test_the_last_hundred_traces_of_each_kind_are_kept(
    local: LocalService, webhook: Webhook
) -> None:
    webhook.answers = [status(503)] * 150 + [status(200)]
    registration = register(local.service, webhook.url)
    for number in range(150):
        publish(local.service, number)
    settled(local, 150)
    advance(local, 60)
    settled(local, 300)
    traces, long_ago = Traces(local.service.database), local.clock.now() - timedelta(days=1)
    assert len(traces.of(registration.key, long_ago, succeeded=True)) == 100
    assert len(traces.of(registration.key, long_ago, succeeded=False)) == 100


def test_retries_and_clock_go_on_after_a_restart(tmp_path: Path, webhook: Webhook) -> None:
    webhook.answers = [status(503)]
    options = LocalServiceOptions(data=tmp_path, clock="manual")
    with run(options) as local:
        register(local.service, webhook.url)
        begin = local.clock.now()
        publish(local.service)
        settled(local, 1)
        advance(local, 100)
        settled(local, 2)
        stood = local.clock.now()
    with run(options) as local:
        assert local.clock.now() == stood
        settled(local, 2)
        advance(local, 3600)
        assert minutes_after(begin, settled(local, 8)) == [0, 1, 3, 7, 15, 30, 45, 60]


def test_a_retry_outlives_a_restart_and_the_provider_of_its_event(
    tmp_path: Path, webhook: Webhook
) -> None:
    webhook.answers = [status(503), status(200)]
    options = LocalServiceOptions(data=tmp_path, clock="manual")
    with run(options) as local:
        provider = custom_events.custom_provider(local.service)
        asked = EventOfInterest(provider.id, custom_events.CODE)
        register(local.service, webhook.url, events_of_interest=(asked,))
        custom_events.publish(local.service, "x")
        settled(local, 1)
        with local.service.database.transaction() as connection:
            local.service.providers.delete(connection, provider.id)
    with run(options) as local:
        advance(local, 60)
        settled(local, 2)
    first, second = webhook.requests
    assert first.body == second.body


def test_a_store_that_is_locked_for_a_while_loses_nothing(tmp_path: Path, webhook: Webhook) -> None:
    with run(LocalServiceOptions(data=tmp_path, clock="manual")) as local:
        register(local.service, webhook.url)
        with local.service.database.transaction():
            publish(local.service)
        other = sqlite3.connect(tmp_path / "events.sqlite3", isolation_level=None)
        other.execute("BEGIN IMMEDIATE")
        until(lambda: len(webhook.requests) > 0)
        other.execute("COMMIT")
        other.close()
        settled(local, 1)
        assert local.deliveries.problem is None


@pytest.mark.parametrize(("hooks", "events"), [(1, CONCURRENCY + 10), (20, 20)])
def test_webhooks_that_hang_do_not_delay_others(
    local: LocalService, webhook: Webhook, hooks: int, events: int
) -> None:
    """Without shares they would take all attempts, for ten seconds each."""
    hanging, released = Webhook(), threading.Event()

    def hang(_: Request) -> Iterator[bytes]:
        released.wait(PATIENCE)
        return status(200)(_)

    hanging.answers = [hang]
    with hanging:
        for _ in range(hooks):
            register(local.service, hanging.url)
        for number in range(events):
            publish(local.service, number)
        register(local.service, webhook.url)
        publish(local.service)
        until(lambda: len(webhook.requests) == 1)
        assert len(hanging.requests) < CONCURRENCY
        released.set()
        settled(local, hooks * (events + 1) + 1)
