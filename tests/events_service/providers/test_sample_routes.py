"""Sample events over HTTP: read, and posted to one registration only (6.3)."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import Any

import pytest
from flask.testing import FlaskClient

from flowsim.events_service.providers.model import Provider
from flowsim.events_service.publishing.table import Events
from flowsim.events_service.registrations.model import Registration
from flowsim.events_service.service import Service

from ..manage import (
    PLACE,
    create_metadata,
    create_provider,
    platform_id,
    template,
)
from ..running import register

SUCCESS, FAILED = "sources_flow_run_success", "sources_flow_run_failed"
JSON = "application/json"


def sample(id_: str, code: str) -> str:
    return f"/events/providers/{id_}/eventmetadata/{code}/sample_event"


def journal(service: Service, registration: Registration) -> list[Any]:
    """Return what was published to a registration, oldest first."""
    stored = Events(service.database).entries(registration.key, 0, 100)
    return [each.event.notification for each in stored]


@pytest.fixture
def order(api: FlaskClient) -> str:
    """The sample of a kind of event of a provider of one's own."""
    id_ = create_provider(api)["id"]
    create_metadata(api, id_, "order", sample_event_template=template({"order": 7}))
    return sample(id_, "order")


@pytest.mark.parametrize(("code", "status"), [(SUCCESS, "success"), (FAILED, "failed")])
def test_samples_of_the_platform_are_deliveries_of_current_runs(
    api: FlaskClient, service: Service, code: str, status: str
) -> None:
    answer = api.get(sample(platform_id(api), code))
    assert (answer.status_code, answer.json["format"]) == (200, "adobe_io")
    payload = json.loads(answer.json["sample_payload"])
    delivered = payload[0] if code == FAILED else payload
    run = delivered["messages"][0]["value"] if code == FAILED else delivered["event"]
    assert run["metrics"]["statusSummary"]["status"] == status
    assert run["imsOrgId"] == service.installation.ims_org
    assert delivered["recipient_client_id"] == service.installation.client_id
    assert abs(run["updatedAt"] / 1000 - service.clock.now().timestamp()) < 60
    assert api.get(sample(platform_id(api), code)).json == answer.json


def test_a_custom_sample_is_the_delivery_of_its_template(api: FlaskClient, order: str) -> None:
    shown = api.get(order).json
    payload = json.loads(shown["sample_payload"])
    assert (shown["format"], payload["type"], payload["data"]) == (
        "cloud_events",
        "order",
        {"order": 7},
    )
    assert payload["id"] != payload["eventid"]
    assert shown["_links"] == {"self": {"href": f"http://localhost{order}"}}


def test_a_sample_follows_the_delivery_format_of_its_provider(
    api: FlaskClient, order: str, service: Service
) -> None:
    id_ = order.split("/")[3]
    api.put(f"{PLACE}/providers/{id_}", json={"label": "x", "event_delivery_format": "adobe_io"})
    shown = api.get(order).json
    assert shown["format"] == "adobe_io"
    assert json.loads(shown["sample_payload"])["event"] == {"order": 7}
    platform = service.providers.find(platform_id(api))
    assert platform
    switch(service, platform, "cloud_events_v1")
    shown = api.get(sample(platform.id, FAILED)).json
    payload = json.loads(shown["sample_payload"])
    assert payload["source"] == f"urn:uuid:{platform.id}"
    assert payload["data"]["messages"]


def switch(service: Service, provider: Provider, form: str) -> None:
    changed = replace(provider, event_delivery_format=form)
    with service.database.transaction() as connection:
        service.providers.put(connection, changed)


def test_a_head_request_answers_whether_there_is_a_sample(api: FlaskClient, order: str) -> None:
    answer = api.head(order)
    assert (answer.status_code, answer.data) == (200, b"")
    id_ = create_provider(api)["id"]
    create_metadata(api, id_, "bare")
    for path in (sample(id_, "bare"), sample(id_, "none"), sample("none", "bare")):
        assert (api.head(path).status_code, api.get(path).status_code) == (404, 404)


def test_a_sample_is_posted_to_one_registration_only(
    api: FlaskClient, service: Service, order: str
) -> None:
    one, other = register(service, "http://localhost:1"), register(service, None, "journal")
    answer = api.post(f"{order}/{one.registration_id}")
    assert answer.status_code == 200
    stored = Events(service.database).find_id(answer.json["event_id"])
    assert stored
    assert stored.event.notification.content["data"] == {"order": 7}
    assert (len(journal(service, one)), journal(service, other)) == (1, [])
    again = api.post(f"{order}/{one.registration_id}").json
    first, second = (each.content["id"] for each in journal(service, one))
    assert again != answer.json
    assert first != second


def test_any_json_is_posted_instead_of_the_sample(
    api: FlaskClient, service: Service, order: str
) -> None:
    target = register(service, None, "journal")
    for body in ('{"order": 8}', "[1]", "null", '"x"'):
        answer = api.post(f"{order}/{target.registration_id}", data=body, content_type=JSON)
        assert answer.status_code == 200
    datas = [each.content["data"] for each in journal(service, target)]
    assert datas == [{"order": 8}, [1], None, "x"]


@pytest.mark.parametrize("code", [SUCCESS, FAILED])
def test_a_sample_that_was_read_can_be_changed_and_posted(
    api: FlaskClient, service: Service, code: str
) -> None:
    target = register(service, None, "journal")
    path = sample(platform_id(api), code)
    api.post(f"{path}/{target.registration_id}")
    payload = api.get(path).json["sample_payload"]
    given = {"data": payload.replace("Summary", "Sum"), "content_type": JSON}
    api.post(f"{path}/{target.registration_id}", **given)
    kept, changed = journal(service, target)
    assert (kept.member, kept.event_code) == (changed.member, changed.event_code)
    assert json.dumps(kept.content).replace("Summary", "Sum") == json.dumps(changed.content)


def test_without_sample_and_body_nothing_is_posted(api: FlaskClient, service: Service) -> None:
    target, id_ = register(service, None, "journal"), create_provider(api)["id"]
    create_metadata(api, id_, "bare")
    path = f"{sample(id_, 'bare')}/{target.registration_id}"
    assert [api.post(path).status_code, api.post(path, json={}).status_code] == [204, 200]
    assert len(journal(service, target)) == 1


def test_a_sample_for_an_unknown_registration_is_not_found(
    api: FlaskClient, service: Service, order: str
) -> None:
    target = register(service, None, "journal").registration_id
    assert api.post(f"{order}/none").json["message"] == "no registration 'none'"
    assert api.post(f"{sample('none', 'order')}/{target}").status_code == 404
    assert api.post(f"{order.replace('/order/', '/other/')}/{target}").status_code == 404
    assert api.post(f"{order}/{target}", data="{", content_type=JSON).status_code == 400
