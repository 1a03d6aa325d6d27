"""A service that begins anew."""

from __future__ import annotations

from dataclasses import replace

import pytest

from flowsim import local_service
from flowsim.errors import ApiError
from flowsim.service import overview
from flowsim.service.adjusting import platform
from flowsim.service.redelivering import redeliver
from flowsim.service.resetting import reset
from flowsim.service.service import Service
from flowsim.service.timekeeping import advance
from flowsim.stores.attempts import Attempts

from ..webhook import Webhook, status
from .registering import register
from .test_triggering import told


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
        assert local.carrier.problem is None
        assert Attempts(local.service.database).latest(10) == []
