"""Subscriber-defined filters: kept with a registration, tried out, and applied to events."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import Any

import pytest
from flask.testing import FlaskClient
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from flowsim.events_service.publishing import directory
from flowsim.events_service.publishing.table import Events
from flowsim.events_service.service import Service

from ...registering import SUCCESS, journal, message_of
from ...strategies import JSON
from ..manage import PATCH, PLACE, create_metadata, create_provider, template

BIG = {"data": {"total": [{"numeric": [">", 100]}]}}
SMALL = {"data": {"total": [{"numeric": ["<=", 100]}]}}


def filter_of(pattern: object = BIG, **fields: Any) -> dict[str, Any]:
    """Return the body of a filter."""
    return {"name": "big ones", "subscriber_filter": json.dumps(pattern), **fields}


@pytest.fixture
def shop(api: FlaskClient) -> str:
    """Return the id of a provider whose events are CloudEvents; one kind has a sample."""
    provider_id = str(create_provider(api)["id"])
    create_metadata(api, provider_id, "ordered", sample_event_template=template({"total": 250}))
    create_metadata(api, provider_id, "cancelled", sample_event_template=template({"total": 5}))
    create_metadata(api, provider_id, "returned")
    return provider_id


def asking(shop: str, *codes: str, **fields: Any) -> dict[str, Any]:
    """Return the body of a registration for events of the shop."""
    interests = [{"provider_id": shop, "event_code": code} for code in codes or ("ordered",)]
    return journal(**{"events_of_interest": interests, **fields})


def registered(api: FlaskClient, body: dict[str, Any]) -> str:
    """Create a registration and return its address."""
    answer = api.post(f"{PLACE}/registrations", json=body)
    assert answer.status_code == 201, answer.text
    return f"{PLACE}/registrations/{answer.json['registration_id']}"


def taken(api: FlaskClient, service: Service, shop: str, *totals: object) -> list[object]:
    """Publish orders of these totals; return those that came into the journal, in order."""
    for number, total in enumerate(totals):
        event = {
            "specversion": "1.0",
            "id": str(number),
            "source": f"urn:uuid:{shop}",
            "type": "ordered",
            "data": {"total": total},
        }
        answer = api.post("/", json=event, content_type="application/cloudevents+json")
        assert answer.status_code in (200, 204), answer.text
    (registration,) = service.registrations.all()
    entries = Events(service.database).entries(registration.key, 0, 1000)
    return [each.event.notification.content["data"]["total"] for each in entries]


# Kept with a registration.


def test_a_filter_is_created_read_replaced_and_deleted(api: FlaskClient, shop: str) -> None:
    path = registered(api, asking(shop))
    assert api.get(f"{path}/filters").json == []
    created = api.post(f"{path}/filters", json=filter_of(description="Not the small ones."))
    assert (created.status_code, created.mimetype) == (201, "application/json")
    own = f"{path}/filters/{created.json['id']}"
    assert created.json == {
        **filter_of(description="Not the small ones."),
        "id": created.json["id"],
    }
    assert api.get(own).json == created.json
    assert api.get(f"{path}/filters").json == [created.json]
    assert api.get(path).json["subscriber_filters"] == [created.json]

    replaced = api.put(own, json=filter_of(SMALL, name="small ones"))
    assert (replaced.status_code, replaced.mimetype) == (200, "application/hal+json")
    assert replaced.json == {
        **filter_of(SMALL, name="small ones", description=""),
        "id": created.json["id"],
    }
    assert api.get(own).json == replaced.json

    deleted = api.delete(own)
    assert (deleted.status_code, deleted.data) == (204, b"")
    assert api.get(f"{path}/filters").json == []
    for method in ("GET", "PUT", "DELETE"):
        assert "has no filter" in message_of(api.open(own, method=method, json=filter_of()), 404)


def test_a_registration_has_one_filter(api: FlaskClient, shop: str) -> None:
    path = registered(api, asking(shop))
    api.post(f"{path}/filters", json=filter_of())
    sentence = message_of(api.post(f"{path}/filters", json=filter_of(SMALL)), 409)
    assert sentence == "a registration has one filter, and this one has 'big ones'; replace that"
    two = [filter_of(), filter_of(SMALL)]
    answer = api.post(f"{PLACE}/registrations", json=asking(shop, subscriber_filters=two))
    assert message_of(answer, 400) == "subscriber_filters: a list of 2; expected at most 1"


def test_a_registration_may_be_created_with_its_filter(api: FlaskClient, shop: str) -> None:
    path = registered(api, asking(shop, subscriber_filters=[filter_of()]))
    (kept,) = api.get(f"{path}/filters").json
    assert kept["name"] == "big ones"
    answer = api.put(path, json=asking(shop, subscriber_filters=[filter_of(SMALL)]))
    (changed,) = answer.json["subscriber_filters"]
    assert (changed["id"], changed["subscriber_filter"]) == (kept["id"], json.dumps(SMALL))


def test_replacing_without_a_filter_removes_it_and_patching_keeps_it(
    api: FlaskClient, shop: str
) -> None:
    path = registered(api, asking(shop, subscriber_filters=[filter_of()]))
    (kept,) = api.get(f"{path}/filters").json
    operation = {"op": "replace", "path": "/description", "value": "Orders."}
    assert api.patch(path, json=[operation], content_type=PATCH).json["description"] == "Orders."
    assert api.get(f"{path}/filters").json == [kept]
    assert api.put(path, json=asking(shop)).json["subscriber_filters"] == []


def test_a_patch_may_change_the_filter(api: FlaskClient, shop: str) -> None:
    path = registered(api, asking(shop, subscriber_filters=[filter_of()]))
    operation = {
        "op": "replace",
        "path": "/subscriber_filters/0/subscriber_filter",
        "value": json.dumps(SMALL),
    }
    answer = api.patch(path, json=[operation], content_type=PATCH)
    assert answer.json["subscriber_filters"][0]["subscriber_filter"] == json.dumps(SMALL)


def test_a_deleted_registration_leaves_no_filter(
    api: FlaskClient, service: Service, shop: str
) -> None:
    path = registered(api, asking(shop, subscriber_filters=[filter_of()]))
    (registration,) = service.registrations.all()
    api.delete(path)
    assert service.registrations.filter_of(registration.key) is None
    for method, place in (("GET", "filters"), ("POST", "filters"), ("POST", "filter/validate")):
        message_of(api.open(f"{path}/{place}", method=method, json=filter_of()), 404)


def test_a_filter_belongs_to_its_registration(api: FlaskClient, shop: str) -> None:
    first = registered(api, asking(shop, name="first", subscriber_filters=[filter_of()]))
    second = registered(api, asking(shop, name="second", subscriber_filters=[filter_of()]))
    (kept,) = api.get(f"{first}/filters").json
    message_of(api.delete(f"{second}/filters/{kept['id']}"), 404)
    assert api.get(f"{first}/filters").json == [kept]


# Refused.


@pytest.mark.parametrize(
    ("change", "mistake"),
    [
        ({"name": "ab"}, "name: 'ab'; expected at least 3 characters"),
        ({"name": "n" * 81}, "name: "),
        ({"description": "d" * 251}, "description: "),
        ({"subscriber_filter": BIG}, "subscriber_filter: an object; expected text"),
        ({"subscriber_filter": None}, "subscriber_filter: null; expected text"),
        ({"subscriber_filter": ""}, "subscriber_filter: "),
        ({"subscriber_filter": "{"}, "subscriber_filter: "),
        ({"subscriber_filter": '{"type": "ordered"}'}, "subscriber_filter: type: "),
        ({"subscriber_filter": '{"type": [{"wildcard": "*"}]}'}, "subscriber_filter: type[0]"),
    ],
)
def test_a_filter_with_a_mistake_is_refused_with_the_place(
    api: FlaskClient, shop: str, change: dict[str, Any], mistake: str
) -> None:
    path = registered(api, asking(shop))
    body = filter_of() | change
    assert message_of(api.post(f"{path}/filters", json=body), 400).startswith(mistake)
    trial = {"subscriber_filter": body}
    sentence = message_of(api.post(f"{path}/filter/validate", json=trial), 400)
    assert sentence.startswith(f"subscriber_filter.{mistake}")
    answer = api.put(path, json=asking(shop, subscriber_filters=[body]))
    assert message_of(answer, 400).startswith(f"subscriber_filters[0].{mistake}")
    assert api.get(f"{path}/filters").json == []


def test_a_replacement_with_a_mistake_changes_nothing(api: FlaskClient, shop: str) -> None:
    path = registered(api, asking(shop, subscriber_filters=[filter_of()]))
    (kept,) = api.get(f"{path}/filters").json
    message_of(api.put(f"{path}/filters/{kept['id']}", json=filter_of(subscriber_filter="[]")), 400)
    assert api.get(f"{path}/filters").json == [kept]


def test_events_in_the_older_format_cannot_be_filtered(api: FlaskClient, shop: str) -> None:
    """One of them in a registration is enough."""
    mixed = asking(shop)
    mixed["events_of_interest"].append(SUCCESS)
    path = registered(api, mixed)
    sentence = message_of(api.post(f"{path}/filters", json=filter_of()), 400)
    assert sentence == (
        "subscriber_filters: sources_flow_run_success of Platform notifications is delivered in "
        "the format adobe_io; expected CloudEvents only, so add --delivery-format cloud_events "
        "(flowsim register and flowsim registrations edit), or PATCH /_flowsim/settings with "
        "platform_delivery_format cloud_events"
    )
    body = {**mixed, "name": "other", "subscriber_filters": [filter_of()]}
    assert message_of(api.post(f"{PLACE}/registrations", json=body), 400) == sentence
    filtered = registered(api, asking(shop, name="third", subscriber_filters=[filter_of()]))
    operation = {"op": "add", "path": "/events_of_interest/-", "value": SUCCESS}
    assert message_of(api.patch(filtered, json=[operation], content_type=PATCH), 400) == sentence


def test_events_of_an_own_provider_are_filtered_after_the_next_save(
    api: FlaskClient, service: Service, shop: str
) -> None:
    provider = service.providers.find(shop)
    assert provider
    with service.database.transaction() as connection:
        service.providers.put(connection, replace(provider, event_delivery_format="adobe_io"))
    service.directory.forget()
    path = registered(api, asking(shop))
    sentence = message_of(api.post(f"{path}/filters", json=filter_of()), 400)
    assert sentence.endswith("so save the provider with event_delivery_format cloud_events_v1")


def test_eventbridge_cannot_be_filtered(api: FlaskClient, shop: str) -> None:
    destination = {"aws_region": "us-east-1", "aws_account_id": "012345678901"}
    bridge = asking(shop, delivery_type="aws_eventbridge", destination_metadata=destination)
    path = registered(api, bridge)
    assert "aws_eventbridge" in message_of(api.post(f"{path}/filters", json=filter_of()), 400)
    body = {**bridge, "name": "other", "subscriber_filters": [filter_of()]}
    sentence = message_of(api.post(f"{PLACE}/registrations", json=body), 400)
    assert sentence == "subscriber_filters: a list of 1; expected nothing with this delivery_type"


def test_a_strict_service_requires_its_own_token(
    api: FlaskClient, strict: FlaskClient, shop: str
) -> None:
    message_of(strict.get(f"{registered(api, asking(shop))}/filters"), 401)


def test_a_caller_that_accepts_only_plain_json_gets_plain_json(api: FlaskClient, shop: str) -> None:
    """As Adobe's SDK for Java asks for it; the reference declares HAL."""
    path = registered(api, asking(shop))
    own = f"{path}/filters/{api.post(f'{path}/filters', json=filter_of()).json['id']}"
    trial = {"subscriber_filter": filter_of()}
    for accept, kind in (
        ("application/json", "application/json"),
        ("application/hal+json", "application/hal+json"),
        ("application/hal+json, application/json", "application/hal+json"),
        ("*/*", "application/hal+json"),
    ):
        headers = {"accept": accept}
        assert api.put(own, json=filter_of(), headers=headers).mimetype == kind
        answer = api.post(f"{path}/filter/validate", json=trial, headers=headers)
        assert answer.mimetype == kind


# Tried out.


def test_a_trial_lists_matching_samples_and_changes_nothing(api: FlaskClient, shop: str) -> None:
    path = registered(api, asking(shop, "ordered", "cancelled", "returned"))
    custom = [
        {"name": "text", "sample_payload": json.dumps({"data": {"total": 101}})},
        {"name": "object", "sample_payload": {"data": {"total": 99}}},
        {"name": "neither", "sample_payload": "not JSON"},
        {"name": "list", "sample_payload": []},
    ]
    trial = {"subscriber_filter": filter_of(), "custom_sample_events": custom}
    answer = api.post(f"{path}/filter/validate", json=trial)
    assert (answer.status_code, answer.mimetype) == (200, "application/hal+json")
    assert answer.json == {
        "accepted_event_metadata_ids": [{"event_code": "ordered", "provider_id": shop}],
        "rejected_event_metadata_ids": [{"event_code": "cancelled", "provider_id": shop}],
        "unknown_event_metadata_ids": [{"event_code": "returned", "provider_id": shop}],
        "accepted_custom_sample_events": ["text"],
        "rejected_custom_sample_events": ["object"],
        "invalid_custom_sample_events": ["neither", "list"],
    }
    assert api.get(f"{path}/filters").json == []


def test_samples_are_judged_as_they_would_be_delivered(api: FlaskClient, shop: str) -> None:
    path = registered(api, asking(shop, "ordered", "cancelled"))
    pattern = {"type": ["cancelled"], "source": [f"urn:uuid:{shop}"]}
    answer = api.post(f"{path}/filter/validate", json={"subscriber_filter": filter_of(pattern)})
    assert [each["event_code"] for each in answer.json["accepted_event_metadata_ids"]] == [
        "cancelled"
    ]


def test_at_most_a_hundred_events_are_tried_at_once(api: FlaskClient, shop: str) -> None:
    path = registered(api, asking(shop))
    custom = [{"name": "same", "sample_payload": {}}] * 101
    trial = {"subscriber_filter": filter_of(), "custom_sample_events": custom}
    assert message_of(api.post(f"{path}/filter/validate", json=trial), 400) == (
        "custom_sample_events: a list of 101; expected at most 100"
    )


def test_trials_have_no_address_with_the_plural_filters(api: FlaskClient, shop: str) -> None:
    path = registered(api, asking(shop))
    trial = {"subscriber_filter": filter_of()}
    assert api.post(f"{path}/filters/validate", json=trial).status_code == 405


# Applied.


def test_only_events_that_match_come_into_the_journal(
    api: FlaskClient, service: Service, shop: str
) -> None:
    registered(api, asking(shop, subscriber_filters=[filter_of()]))
    assert taken(api, service, shop, 5, 101, "text", 250) == [101, 250]


def test_a_changed_filter_applies_from_the_next_event(
    api: FlaskClient, service: Service, shop: str
) -> None:
    path = registered(api, asking(shop))
    assert taken(api, service, shop, 1, 101) == [1, 101]
    own = f"{path}/filters/{api.post(f'{path}/filters', json=filter_of()).json['id']}"
    assert taken(api, service, shop, 2, 102) == [1, 101, 102]
    api.put(own, json=filter_of(SMALL))
    assert taken(api, service, shop, 3, 103) == [1, 101, 102, 3]
    api.delete(own)
    assert taken(api, service, shop, 4, 104) == [1, 101, 102, 3, 4, 104]


def test_a_filter_is_compiled_once_for_all_events(
    api: FlaskClient, service: Service, shop: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    parsed = []
    parse = directory.parse
    registered(api, asking(shop, "ordered", "cancelled", subscriber_filters=[filter_of()]))
    monkeypatch.setattr(directory, "parse", lambda text: parsed.append(text) or parse(text))
    assert taken(api, service, shop, *range(200, 210)) == [*range(200, 210)]
    service.directory.routes(shop, "cancelled")
    assert parsed == [json.dumps(BIG)]


# Any input.

TEXTS = st.text() | JSON.map(json.dumps)
BODIES = st.fixed_dictionaries(
    {"name": st.just("any"), "subscriber_filter": TEXTS | JSON}, optional={"description": JSON}
)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=60)
@given(
    body=BODIES | JSON,
    custom=JSON | st.lists(st.fixed_dictionaries({"name": TEXTS, "sample_payload": TEXTS | JSON})),
)
def test_any_filter_and_any_sample_is_answered_and_never_with_5xx(
    api: FlaskClient, service: Service, shop: str, body: object, custom: object
) -> None:
    if not service.registrations.all():
        registered(api, asking(shop, name="any"))
    (registration,) = service.registrations.all()
    path = f"{PLACE}/registrations/{registration.registration_id}"
    for each in api.get(f"{path}/filters").json:
        api.delete(f"{path}/filters/{each['id']}")
    trial = {"subscriber_filter": body, "custom_sample_events": custom}
    answers = [
        api.post(f"{path}/filters", json=body),
        api.put(path, json=asking(shop, name="any", subscriber_filters=[body])),
        api.post(f"{path}/filter/validate", json=trial),
    ]
    assert {each.status_code for each in answers} <= {200, 201, 400}
