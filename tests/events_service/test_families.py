"""The service knows any family: its provider, samples, links, and its events on their way."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from flask.testing import FlaskClient

from flowsim.core.instant import from_ms
from flowsim.core.payload import provider_id
from flowsim.events_service import application
from flowsim.events_service.control import actions
from flowsim.events_service.control.bodies import SettingsBody, TriggerBody
from flowsim.events_service.control.publishing_at_start import publish_at_start
from flowsim.events_service.control.triggering import trigger
from flowsim.events_service.local_service import LocalService, LocalServiceOptions, run
from flowsim.events_service.opening import open_database, open_service
from flowsim.events_service.providers import adobe
from flowsim.events_service.publishing.table import Events
from flowsim.events_service.registrations.model import EventOfInterest, Registration
from flowsim.events_service.service import Service, ServiceOptions
from flowsim.families.registry import with_folders
from flowsim.installation.settings import keys_folder
from flowsim.runtime.clock import ManualClock, present

from ..webhook import Webhook, status
from .parcels import LOST, PROVIDER, SENT, with_parcels
from .running import SUCCESS, advance, pending_in, register, settled, until

ID = provider_id(PROVIDER)
Json = dict[str, Any]

STORY = """
seed: 7
events:
  - parcel: {number: 1, lost: true}
  - {flow_run: {}, after: 1m}
  - {payload: {any: json}, event_code: mine}
"""


@pytest.fixture
def service() -> Iterator[Service]:
    with open_database(None) as database:
        clock = ManualClock(present())
        yield open_service(database, clock, with_parcels(), keys_folder())


@pytest.fixture
def api(service: Service) -> FlaskClient:
    return application.create(service).test_client()


@pytest.fixture
def local() -> Iterator[LocalService]:
    with run(LocalServiceOptions(clock="manual", service=with_parcels())) as running:
        yield running


def interested(service: Service, url: str | None, kind: str, **fields: object) -> Registration:
    """Register for parcels, successes of flow runs, and payloads of the scenario."""
    platform = service.platform_provider.id
    asked = [(ID, SENT), (ID, LOST), (platform, SUCCESS), (platform, "mine")]
    events = tuple(EventOfInterest(*each) for each in asked)
    return register(service, url, kind, events_of_interest=events, **fields)


def tell(service: Service, text: str = STORY) -> list[str | None]:
    """Publish a scenario, and return the event ids."""
    return [each.event_id for each in trigger(service, TriggerBody(text=text)).events]


def test_the_provider_of_a_family_stands_in_the_api_with_its_codes(api: FlaskClient) -> None:
    found = api.get(f"/events/providers/{ID}?eventmetadata=true").json
    shown = "label", "publisher", "provider_metadata", "event_delivery_format"
    assert [found[name] for name in shown] == [
        *("Parcels of Example", "Adobe", PROVIDER, "cloud_events_v1")
    ]
    codes = found["_embedded"]["eventmetadata"]
    assert {each["event_code"]: (each["label"], each["description"]) for each in codes} == {
        SENT: ("Parcel sent", "A parcel leaves the shop."),
        LOST: ("Parcel lost", "A parcel does not arrive."),
    }


def test_the_kind_of_its_provider_is_one_that_only_adobe_has(
    service: Service, api: FlaskClient
) -> None:
    kinds = api.get("/events/providermetadata").json["_embedded"]["providermetadata"]
    (kind,) = [each for each in kinds if each["id"] == PROVIDER]
    assert (kind["group"], kind["label"]) == ("Example Cloud", "Parcels of Example")
    assert not kind["has_multiple_providers"]
    own = service.installation
    path = f"/events/{own.org}/{own.project}/{own.workspace}/providers"
    refused = api.post(path, json={"label": "x", "provider_metadata": PROVIDER})
    assert refused.status_code == 403


@pytest.mark.parametrize("code", [SENT, LOST])
def test_a_sample_is_the_first_event_with_its_code(api: FlaskClient, code: str) -> None:
    sample = api.get(f"/events/providers/{ID}/eventmetadata/{code}/sample_event").json
    assert sample["format"] == "cloud_events"
    event = json.loads(sample["sample_payload"])
    assert (event["type"], event["source"]) == (code, f"urn:uuid:{ID}")
    assert event["data"] == {"parcel": "p1", "order": "o", "is": code}


def test_a_link_of_any_family_is_answered_from_its_latest_event(
    service: Service, api: FlaskClient
) -> None:
    interested(service, None, "journal")
    tell(service)
    tell(service, "events: [{parcel: {number: 2}}, {parcel: {number: 3, order: q}}]")
    found = api.get("/parcels/p1").json
    assert (found["is"], found["order"]) == (LOST, "o")
    files = api.get(found["others"])
    assert (files.data, files.content_type) == (b"p2 p1", "application/octet-stream")
    assert api.get("/parcels/p9").status_code == 404
    actions.reset(service)
    assert api.get("/parcels/p1").status_code == 404


def test_each_event_of_a_scenario_has_the_provider_of_its_family(
    local: LocalService, webhook: Webhook
) -> None:
    interested(local.service, webhook.url, "webhook")
    tell(local.service)
    settled(local, 4)
    found = {each.headers["x-adobe-event-code"]: each for each in webhook.requests}
    assert {code: each.headers["x-adobe-provider"] for code, each in found.items()} == {
        SENT: PROVIDER,
        LOST: PROVIDER,
        SUCCESS: "platform_notifications",
        "mine": "platform_notifications",
    }
    assert json.loads(found[LOST].body)["data"]["is"] == LOST
    assert json.loads(found["mine"].body)["event"] == {"any": "json"}


def test_a_stated_provider_is_that_of_payloads_only(service: Service) -> None:
    registration = interested(service, None, "journal")
    text = f"{STORY}registration: {{provider: {PROVIDER}}}\n".replace("mine", LOST)
    trigger(service, TriggerBody(text=text, registration=registration.registration_id))
    kept = service.database.rows("SELECT provider, code FROM event ORDER BY seq")
    platform = service.platform_provider.id
    assert kept == [(ID, SENT), (platform, SUCCESS), (ID, LOST), (ID, LOST)]


def test_a_batch_of_a_registration_has_one_delivery_format(
    local: LocalService, webhook: Webhook
) -> None:
    interested(local.service, webhook.url, "webhook_batch")
    for _ in range(3):
        tell(local.service)
    advance(local, 1)
    until(lambda: pending_in(local.service.database, 1) == 0)
    told = [element for each in webhook.requests for element in json.loads(each.body)]
    assert len({each["event_id"] for each in told}) == len(told) == 12
    for each in webhook.requests:
        is_cloud = "cloudevents" in each.headers["content-type"]
        assert {"specversion" in element for element in json.loads(each.body)} == {is_cloud}


def test_retry_redelivery_traces_and_journal_are_those_of_any_event(
    local: LocalService, webhook: Webhook
) -> None:
    service = local.service
    webhook.answers = [status(503), status(200)]
    pushed = interested(service, webhook.url, "webhook")
    kept = interested(service, None, "journal")
    (sent,) = tell(service, "events: [{parcel: {}}]")
    settled(local, 1)
    advance(local, 60)
    settled(local, 2)
    actions.redeliver(service, str(sent), pushed.registration_id)
    settled(local, 3)
    assert [json.loads(each.body)["event_id"] for each in webhook.requests] == [sent] * 3
    retries = [each.headers.get("x-adobe-retry-count") for each in webhook.requests]
    assert retries == [None, "1", None]
    (entry,) = Events(service.database).entries(kept.key, 0, 10)
    assert entry.event.notification.content["is"] == SENT
    assert {each["event"] for each in service.traces.of(pushed.key, from_ms(0))} == {SENT}


def test_a_filter_reads_the_events_of_any_family(service: Service, api: FlaskClient) -> None:
    own = service.installation
    pattern = json.dumps({"data": {"is": [LOST]}})
    body = {
        "client_id": own.client_id,
        "name": "lost",
        "delivery_type": "journal",
        "events_of_interest": [{"provider_id": ID, "event_code": code} for code in (SENT, LOST)],
        "subscriber_filters": [{"name": "lost", "subscriber_filter": pattern}],
    }
    path = f"/events/{own.org}/{own.project}/{own.workspace}/registrations"
    assert api.post(path, json=body).status_code == 201
    assert [each is not None for each in tell(service, "events: [{parcel: {lost: true}}]")] == [
        *(False, True)
    ]


def test_a_delivery_format_that_was_set_stays_at_the_next_start(tmp_path: Path) -> None:
    options = with_parcels()
    for expected in ("cloud_events_v1", "adobe_io"):
        with open_database(tmp_path) as database:
            service = open_service(database, ManualClock(present()), options, keys_folder())
            provider = service.providers.find(ID)
            assert provider is not None
            assert provider.event_delivery_format == expected
            with database.transaction() as connection:
                changed = replace(provider, event_delivery_format="adobe_io")
                service.providers.put(connection, changed)


def test_the_format_of_platform_notifications_leaves_other_providers_alone(
    service: Service,
) -> None:
    actions.change_settings(service, SettingsBody(platform_delivery_format="cloud_events"))
    actions.change_settings(service, SettingsBody(platform_delivery_format="adobe_io"))
    parcels = service.providers.find(ID)
    assert parcels is not None
    assert parcels.event_delivery_format == "cloud_events_v1"


def test_a_registration_for_scenarios_at_the_start_asks_for_all_families(service: Service) -> None:
    registration = publish_at_start(service, [("my.yaml", STORY)])
    asked = {(each.provider_id, each.event_code) for each in registration.events_of_interest}
    assert {(ID, SENT), (ID, LOST), (service.platform_provider.id, SUCCESS)} <= asked


def test_event_codes_are_asked_for_with_the_provider_of_their_family(service: Service) -> None:
    found = adobe.interests(service.families, [LOST, SUCCESS, "mine", f"p/{LOST}"])
    platform = service.platform_provider.id
    assert [(each["provider_id"], each["event_code"]) for each in found] == [
        *((ID, LOST), (platform, SUCCESS), (platform, "mine"), ("p", LOST))
    ]
    assert LOST not in adobe.platform_codes(service.families)


LETTER = """
label: Letters
summary: A letter was posted, or is late.
provider: {id: example_letters, label: Letters of Example}
formats: {cloud_events: C}
source: none
codes:
  letter_posted: {label: Posted, grade: C, summary: A letter is on its way.}
  letter_late: {label: Late, grade: C, summary: A letter is late., example: {takes: 3h}}
says:
  takes: {duration: 1h}
draws:
  id: uuid()
story:
- {at: begin, code: letter_posted, body: state}
- {at: begin + 7200, when: takes > 7200, code: letter_late, body: state}
bodies:
  state: {id: "{{ id }}", code: "{{ code }}", late: "{{ minutes(now - begin) }}"}
line: "{{ event.code }}"
fields:
  id: {type: uuid, means: The letter., source: none, grade: C}
  code: {type: text, means: What happened., source: none, grade: C}
  late: {type: integer, means: Minutes since it was posted., source: none, grade: C}
"""


def test_a_family_file_of_the_user_is_known_to_the_service(
    tmp_path: Path, webhook: Webhook
) -> None:
    (tmp_path / "letter.yaml").write_text(LETTER)
    options = ServiceOptions(families=with_folders((tmp_path,)))
    provider = provider_id("example_letters")
    with run(LocalServiceOptions(clock="manual", service=options)) as local:
        asked = (EventOfInterest(provider, "letter_late"), EventOfInterest(provider, "stray"))
        register(local.service, webhook.url, events_of_interest=asked)
        tell(local.service, "events: [{letter: {takes: 3h}}, {letter: {}, event_code: stray}]")
        settled(local, 2)
        with application.create(local.service).test_client() as api:
            path = f"/events/providers/{provider}/eventmetadata/letter_late/sample_event"
            sample = json.loads(api.get(path).json["sample_payload"])
    assert (sample["type"], sample["data"]["late"]) == ("letter_late", 120)
    sent = {each.headers["x-adobe-event-code"]: each for each in webhook.requests}
    assert sent.keys() == {"letter_late", "stray"}
    assert {each.headers["x-adobe-provider"] for each in webhook.requests} == {"example_letters"}
    body = json.loads(sent["letter_late"].body)
    assert (body["source"], body["data"]["late"]) == (f"urn:uuid:{provider}", 120)


@pytest.mark.parametrize("named", ["partial", "audit-trail"])
def test_the_sample_is_of_the_example_if_no_scenario_shows_the_code(
    tmp_path: Path, named: str
) -> None:
    """A family file may name a scenario without its event code."""
    said = "example: {takes: 3h}"
    (tmp_path / "letter.yaml").write_text(LETTER.replace(said, f"{said}, scenario: {named}"))
    options = ServiceOptions(families=with_folders((tmp_path,)))
    with open_database(None) as database:
        service = open_service(database, ManualClock(present()), options, keys_folder())
        api = application.create(service).test_client()
        place = f"/events/providers/{provider_id('example_letters')}/eventmetadata/letter_late"
        found = api.get(f"{place}/sample_event").json
    sample = json.loads(found["sample_payload"])
    assert (sample["type"], sample["data"]["late"]) == ("letter_late", 120)
