"""An event delivered again."""

from __future__ import annotations

from dataclasses import replace

import pytest

from flowsim.errors import ApiError
from flowsim.events_service.deliveries.redelivering import redeliver
from flowsim.events_service.deliveries.table import Deliveries
from flowsim.events_service.service import Service

from ..control.test_triggering import told
from ..registering import register


def published(service: Service) -> str:
    """Trigger one event and return its id."""
    event_id = told(service, scenario="partial").events[0].event_id
    assert event_id
    return event_id


def pending(service: Service, key: int) -> int:
    return Deliveries(service.database).pending(key)


def test_everybody_who_has_it_in_the_journal_and_a_webhook_gets_it_again(service: Service) -> None:
    one, two, reader = (
        register(service, "one"),
        register(service, "two", delivery_type="webhook_batch"),
        register(service, "reader", webhook=None),
    )
    event_id = published(service)
    done = redeliver(service, event_id, None)
    assert done.registrations == (one.registration_id, two.registration_id)
    assert [pending(service, each.key) for each in (one, two, reader)] == [2, 2, 0]


def test_it_may_be_delivered_to_one_registration_only(service: Service) -> None:
    one, two = register(service, "one"), register(service, "two")
    event_id = published(service)
    assert redeliver(service, event_id, two.registration_id).registrations == (two.registration_id,)
    assert [pending(service, each.key) for each in (one, two)] == [1, 2]


def test_what_cannot_be_delivered_again_is_said(service: Service) -> None:
    reader = register(service, "reader", webhook=None)
    event_id = published(service)
    newcomer = register(service, "newcomer")
    for registration_id, status, message in (
        (None, 409, f"no registration with event {event_id} has a webhook"),
        (newcomer.registration_id, 404, "has no event"),
        ("nobody", 404, "registration 'nobody' has no event"),
    ):
        with pytest.raises(ApiError, match=message) as caught:
            redeliver(service, event_id, registration_id)
        assert caught.value.status_code == status
    with pytest.raises(ApiError, match="no event 'xyzzy'"):
        redeliver(service, "xyzzy", None)
    with service.database.transaction() as connection:
        service.registrations.put(connection, replace(reader, deleted=True))
    with pytest.raises(ApiError, match="no registration has event"):
        redeliver(service, event_id, None)


def test_the_beginning_of_an_id_will_do_as_it_is_printed(service: Service) -> None:
    mine = register(service)
    event_id = published(service)
    for begin in (event_id[:8], event_id[:4]):
        done = redeliver(service, begin, None)
        assert (done.event_id, done.registrations) == (event_id, (mine.registration_id,))
    with pytest.raises(ApiError, match="no event"):
        redeliver(service, event_id[:3], None)


def test_a_beginning_that_several_ids_have_is_answered_with_a_few_of_them(service: Service) -> None:
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
