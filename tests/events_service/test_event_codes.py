"""Events of every code in the service: in a journal and in batches, in both delivery formats."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import pytest
from jsonschema import Draft202012Validator

from flowsim.core.payload import provider_id
from flowsim.events_service.control.bodies import TriggerBody
from flowsim.events_service.control.triggering import trigger
from flowsim.events_service.local_service import LocalService, LocalServiceOptions, run
from flowsim.events_service.publishing.table import Events
from flowsim.events_service.registrations.model import EventOfInterest
from flowsim.events_service.service import Service
from flowsim.families.fields.json_schema import schema_of

from ..families.told import DISTINCT, FORMATS, family_of
from ..webhook import Webhook
from .running import advance, pending_in, register, until

STORED = {"adobe_io": "adobe_io", "cloud_events": "cloud_events_v1"}


@pytest.fixture(params=FORMATS)
def format_(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.fixture
def local(format_: str) -> Iterator[LocalService]:
    """A service whose providers all have one delivery format."""
    with run(LocalServiceOptions(clock="manual")) as running:
        with running.service.database.transaction() as connection:
            for code in DISTINCT:
                provider = running.service.providers.find(provider_of(code))
                assert provider is not None
                changed = replace(provider, event_delivery_format=STORED[format_])
                running.service.providers.put(connection, changed)
        running.service.directory.forget()
        yield running


def provider_of(code: str) -> str:
    return provider_id(family_of(code).provider.id)


def publish_all(service: Service) -> list[str]:
    """Publish the example of each event code; returns the event ids."""
    told = [
        each
        for code in DISTINCT
        for each in trigger(service, TriggerBody(scenario=code, at="2026-01-15T09:30:00Z")).events
    ]
    return [each.event_id for each in told if each.event_id is not None]


def mistakes(body: Any, code: str, format_: str) -> list[str]:
    """Return where an element of a batch breaks the schema; alone, it may be in a list of one."""
    schema = schema_of(family_of(code), code, format_)
    found = Draft202012Validator(schema).iter_errors([body] if "items" in schema else body)
    return [f"{each.json_path}: {each.message}" for each in found]


def test_each_code_comes_into_journals_and_batches(
    local: LocalService, webhook: Webhook, format_: str
) -> None:
    service = local.service
    asked = tuple(EventOfInterest(provider_of(code), code) for code in DISTINCT)
    kept = register(service, None, "journal", events_of_interest=asked)
    register(service, webhook.url, "webhook_batch", events_of_interest=asked)
    published = publish_all(service)
    advance(local, 60)
    until(lambda: pending_in(service.database, 2) == 0)
    entries = Events(service.database).entries(kept.key, 0, 1_000)
    assert [each.event.id for each in entries] == published
    assert {each.event.notification.event_code for each in entries} == {*DISTINCT}
    codes = {each.event.id: each.event.notification.event_code for each in entries}
    sent = [element for each in webhook.requests for element in json.loads(each.body)]
    ids = [each.get("event_id") or each["id"] for each in sent]
    to_webhooks = [each for each, code in codes.items() if not family_of(code).journal_only]
    assert sorted(ids) == sorted(to_webhooks)
    assert len(webhook.requests) < len(published)
    for number, element in zip(ids, sent, strict=True):
        assert mistakes(element, codes[number], format_) == []
