"""Journals as time passes: moments to begin at, and events that expire."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest
from werkzeug.test import TestResponse

from flowsim.events_service.publishing.table import Events
from flowsim.events_service.registrations.model import Registration
from flowsim.events_service.service import Service

from .. import running
from ..custom_events import PROVIDER, publish
from ..manual_clock import advance
from .reading import events, link, publish_all, since_of

HOUR = timedelta(hours=1)
WEEK = timedelta(days=7)


def test_seek_begins_at_a_moment(get: Callable[..., TestResponse], service: Service) -> None:
    for hour in range(4):
        publish(service, hour)
        advance(service, HOUR)
    assert events(get(seek="-PT2H")) == [2, 3]
    assert events(get(seek="-PT1H59M59.9S")) == [3]
    assert events(get(seek="-P1000000D", limit=2)) == [0, 1]
    answer = get(seek="-PT1S")
    assert answer.status_code == 204
    assert link(answer, "next") == link(get(latest="true"), "next")


def test_expired_positions_are_410_after_7_days(
    get: Callable[..., TestResponse], service: Service
) -> None:
    for day in range(3):
        publish(service, day)
        advance(service, timedelta(days=1))
    first, second, third = [each["position"] for each in get().json["events"]]
    advance(service, timedelta(days=5, seconds=1))  # the first two are older than 7 days
    assert events(get()) == [2]
    assert events(get(seek="-P30D")) == [2]
    answer = get(since=first)
    assert answer.status_code == 410
    assert answer.content_type == "text/plain;charset=UTF-8"
    assert answer.text == f"Events at position {first} have expired.\n"
    assert events(get(since=second)) == [2]
    assert get(since=third).status_code == 204


def test_expired_events_are_never_shown_even_before_their_deletion(
    get: Callable[..., TestResponse], service: Service
) -> None:
    def answers() -> list[tuple[int, bytes]]:
        asked = [{}, {"latest": "true"}, {"seek": "-P9D"}, *({"since": each} for each in positions)]
        return [(each.status_code, each.data) for each in (get(**query) for query in asked)]

    begin = since_of(get(latest="true"))
    publish_all(service, 1, 2)
    advance(service, WEEK)
    publish_all(service, 3)
    positions = [begin, *(each["position"] for each in get().json["events"])]
    advance(service, timedelta(seconds=1))
    before = answers()
    assert [status for status, _ in before] == [200, 204, 200, 410, 410, 200, 204]
    with service.database.transaction() as connection:
        assert Events(service.database).delete_before(connection, service.clock.now() - WEEK, 9)
    assert answers() == before


@pytest.mark.parametrize("early", [[], ["early"]])
def test_a_position_at_the_end_of_a_quiet_journal_stays_valid(
    get: Callable[..., TestResponse], service: Service, early: list[str]
) -> None:
    publish_all(service, *early)
    end = since_of(get(latest="true"))
    advance(service, 2 * WEEK)
    assert get(since=end).status_code == 204
    assert since_of(get()) == end
    publish(service, "late")
    assert events(get(since=end)) == ["late"]


def test_the_journal_of_a_deleted_registration_can_be_read_to_its_end(
    get: Callable[..., TestResponse], service: Service, reader: Registration
) -> None:
    publish_all(service, 1)
    running.change(service, reader, deleted=True)
    publish_all(service, 2)
    assert events(get()) == [1]


def test_events_stay_as_they_were_published_when_their_provider_is_deleted(
    get: Callable[..., TestResponse], service: Service
) -> None:
    publish_all(service, 1)
    before = get().data
    with service.database.transaction() as connection:
        service.providers.delete(connection, PROVIDER)
    service.directory.forget()
    assert get().data == before
