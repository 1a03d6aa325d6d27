"""The notes about registrations in the log of the service."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

import pytest
from flask.testing import FlaskClient

from flowsim.events_service import application as events_service
from flowsim.events_service import local_service
from flowsim.events_service.control.actions import reset
from flowsim.events_service.local_service import LocalServiceOptions
from flowsim.events_service.opening import open_database, open_service
from flowsim.events_service.registrations.notes import RegistrationNote
from flowsim.events_service.service import Service, ServiceOptions
from flowsim.installation.settings import keys_folder
from flowsim.runtime.clock import ManualClock

from ...registering import address, create, journal, pushed
from ...webhook import Webhook, echo, status
from ..running import advance, publish, register, settled, until

PATCH = "application/json-patch+json"


@dataclass
class Noted:
    """A service whose notes are kept."""

    notes: list[RegistrationNote] = field(default_factory=list)

    def taken(self) -> list[tuple[str, str]]:
        """Return the kind and the text of each note since the last call."""
        found = [(each.kind, each.text) for each in self.notes]
        self.notes.clear()
        return found


@pytest.fixture
def noted() -> Noted:
    return Noted()


@pytest.fixture
def service(noted: Noted) -> Iterator[Service]:
    with open_database(None) as database:
        clock = ManualClock(datetime(2026, 1, 15, 9, 30, tzinfo=UTC))
        yield open_service(
            database, clock, ServiceOptions(), keys_folder(), note=noted.notes.append
        )


@pytest.fixture
def api(service: Service) -> FlaskClient:
    return events_service.create(service).test_client()


def test_a_note_names_its_registration_and_the_time_of_the_service(
    api: FlaskClient, service: Service, noted: Noted
) -> None:
    created = create(api, service, journal())
    (note,) = noted.notes
    assert (note.registration_id, note.name) == (created["registration_id"], "orders")
    assert (note.kind, note.at, note.text) == (
        "created",
        service.clock.now(),
        "created, journal only",
    )


def test_a_passed_challenge_is_noted_with_the_change_of_status(
    api: FlaskClient, service: Service, noted: Noted, webhook: Webhook
) -> None:
    webhook.answers = [echo]
    create(api, service, pushed(webhook.url))
    assert noted.taken() == [
        ("created", f"created, webhook {webhook.url}"),
        ("challenge", "challenge passed"),
        ("status", "DISABLED → ACTIVE"),
    ]


def test_a_failed_challenge_is_noted_with_the_response_of_the_webhook(
    api: FlaskClient, service: Service, noted: Noted, webhook: Webhook
) -> None:
    webhook.answers = [echo, status(200, "<html>"), status(404, "no such page")]
    id_ = create(api, service, pushed(webhook.url))["registration_id"]
    noted.notes.clear()
    change = [{"op": "replace", "path": "/description", "value": "Mine."}]
    api.patch(address(service, id_), json=change, content_type=PATCH)
    assert noted.taken() == [
        ("changed", "changed: description"),
        (
            "challenge",
            "challenge failed: the GET with the challenge got [200] '<html>' which is not the "
            "challenge as text or in JSON, the POST [404] 'no such page'",
        ),
        ("status", "ACTIVE → DISABLED"),
    ]


def test_a_webhook_that_cannot_be_reached_is_noted_once(
    api: FlaskClient, service: Service, noted: Noted
) -> None:
    with Webhook() as gone:
        url = gone.url
    create(api, service, pushed(url))
    (_, text) = noted.taken()[-1]
    assert text.startswith("challenge failed: [602 network] ")
    assert text.count("602") == 1


def test_a_validation_url_is_noted_when_it_waits_opens_or_expires(
    api: FlaskClient, service: Service, noted: Noted, webhook: Webhook
) -> None:
    webhook.answers = [status(200)]
    created = create(api, service, pushed(webhook.url))
    _, (kind, waiting) = noted.taken()
    head, _, link = waiting.partition(": http")
    assert (kind, head) == (
        "challenge",
        "challenge waiting: its validation URL is to be opened within 5 minutes",
    )
    assert api.get(f"http{link}").status_code == 200
    assert noted.taken() == [("challenge", "challenge passed"), ("status", "DISABLED → ACTIVE")]
    api.put(address(service, created["registration_id"]), json=pushed(webhook.url))
    noted.notes.clear()
    service.proofs.run(service.clock.now() + timedelta(minutes=5))
    assert noted.taken() == [
        ("challenge", "challenge failed: its validation URL was not opened within 5 minutes"),
    ]


def test_the_note_of_a_save_names_its_changes_and_filters(
    api: FlaskClient, service: Service, noted: Noted
) -> None:
    api.patch("/_flowsim/settings", json={"platform_delivery_format": "cloud_events"})
    id_ = create(api, service, journal())["registration_id"]
    path = address(service, id_)
    noted.notes.clear()
    filter_ = {"name": "mine", "subscriber_filter": '{"type": ["a"]}'}
    api.patch(path, json=[], content_type=PATCH)
    api.put(path, json=journal("returns", enabled=False, subscriber_filters=[filter_]))
    made = api.get(f"{path}/filters").json[0]["id"]
    api.put(f"{path}/filters/{made}", json=filter_)
    api.delete(f"{path}/filters/{made}")
    api.post(f"{path}/filters", json=filter_)
    api.delete(path)
    assert noted.taken() == [
        ("changed", "saved without a change"),
        ("changed", "changed: name, enabled, subscriber_filters"),
        *[("changed", "changed: subscriber_filters")] * 3,
        ("deleted", "deleted"),
    ]


def test_registrations_without_deliveries_are_noted_with_the_reason(
    api: FlaskClient, service: Service, noted: Noted
) -> None:
    create(api, service, pushed("", runtime_action="ns/pkg/action"))
    destination = {"aws_region": "us-east-1", "aws_account_id": "012345678901"}
    bridge = journal("bridge", delivery_type="aws_eventbridge", destination_metadata=destination)
    create(api, service, bridge)
    assert noted.taken() == [
        (
            "created",
            "created, runtime action ns/pkg/action: nothing is delivered to runtime actions here",
        ),
        (
            "created",
            "created, Amazon EventBridge: nothing is delivered to Amazon EventBridge here",
        ),
    ]


def test_a_reset_is_one_note(api: FlaskClient, service: Service, noted: Noted) -> None:
    create(api, service, journal())
    noted.notes.clear()
    reset(service)
    (note,) = noted.notes
    assert (note.kind, note.registration_id, note.text) == ("deleted", "", "all are deleted")


def test_a_change_of_status_by_attempts_is_noted_with_their_counts(
    noted: Noted, webhook: Webhook
) -> None:
    webhook.answers = [status(503)]
    with local_service.run(
        LocalServiceOptions(clock="manual"), on_note=noted.notes.append
    ) as local:
        register(local.service, webhook.url)
        publish(local.service)
        advance(local, 2 * 3600)
        settled(local, 12)
        until(lambda: bool(noted.notes))
        assert noted.taken() == [
            ("status", "ACTIVE → UNSTABLE: 10 of 10 attempts of the last 24 hours failed")
        ]
        advance(local, 24 * 3600)
        until(lambda: bool(noted.notes))
        ((kind, text),) = noted.taken()
        assert kind == "status"
        assert text.startswith("UNSTABLE → DISABLED: ")
