"""Registrations as callers of the API see them."""

from __future__ import annotations

import json
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from typing import Any
from urllib.parse import quote, urlsplit

import pytest
from flask.testing import FlaskClient
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from flowsim.core.targets import Allowed
from flowsim.events_service import application as events_service
from flowsim.events_service.deliveries.targets import Targets
from flowsim.events_service.providers.model import EventMetadata, Provider
from flowsim.events_service.registrations import actions as registrations
from flowsim.events_service.registrations import rules
from flowsim.events_service.registrations.model import Workspace
from flowsim.events_service.service import Service

from ...registering import FAILURE, SUCCESS, address, create, journal, message_of, pushed
from ...strategies import JSON
from ...webhook import Webhook, echo

OPERATIONS = "application/json-patch+json"


def patch(api: FlaskClient, path: str, *operations: dict[str, Any]) -> Any:
    return api.patch(path, json=[*operations], content_type=OPERATIONS)


# Create and read.


def test_a_journal_registration_is_printed_with_all_its_fields(
    api: FlaskClient, service: Service
) -> None:
    answer = api.post(address(service), json=journal(description="All runs."))
    assert answer.status_code == 201
    assert answer.content_type == "application/hal+json;charset=UTF-8"
    own, id_ = service.installation, answer.json["registration_id"]
    place = f"{own.org}/{own.project}/{own.workspace}"
    assert answer.json == {
        "id": 1,
        "name": "orders",
        "description": "All runs.",
        "client_id": "0123456789abcdef0123456789abcdef",
        "registration_id": id_,
        "events_of_interest": [
            {
                **SUCCESS,
                "event_label": "Experience Platform Source's Flow Run Succeeded",
                "event_description": "A flow run succeeded, or ingested partially.",
                "provider": "platform_notifications",
                "provider_label": "Platform notifications",
                "provider_description": "Notifications of Adobe Experience Platform.",
                "provider_docs_url": "",
                "event_delivery_format": "adobe_io",
            }
        ],
        "webhook_status": "verified",
        "created_date": "2026-01-15T09:30:00.000Z",
        "updated_date": "2026-01-15T09:30:00.000Z",
        "consumer_id": own.org,
        "project_id": own.project,
        "workspace_id": own.workspace,
        "delivery_type": "journal",
        "enabled": True,
        "subscriber_filters": [],
        "_links": {
            "rel:events": {
                "href": f"http://localhost/events/organizations/{own.org}/integrations/"
                f"{own.credential_id}/{id_}"
            },
            "rel:trace": {"href": f"http://localhost/traces/{place}/registration/{id_}"},
            "self": {"href": f"http://localhost/events/{place}/registrations/{id_}"},
        },
    }
    assert api.get(answer.json["_links"]["self"]["href"]).json == answer.json


def test_a_webhook_registration_prints_its_address(
    api: FlaskClient, service: Service, webhook: Webhook
) -> None:
    webhook.answers = [echo]
    created = create(api, service, pushed(webhook.url, delivery_type="webhook_batch"))
    assert created["webhook_url"] == webhook.url
    assert created["delivery_type"] == "webhook_batch"
    assert (created["webhook_status"], created["enabled"]) == ("verified", True)


def test_links_for_a_host_of_adobe_name_hosts_of_adobe(
    api: FlaskClient, service: Service, webhook: Webhook
) -> None:
    """A validation URL too: the webhook gets one at csm.adobe.io (3.2)."""
    adobe = "https://api.adobe.io"
    answer = api.post(address(service), base_url=adobe, json=pushed(webhook.url))
    hosts = {rel: urlsplit(link["href"]).netloc for rel, link in answer.json["_links"].items()}
    assert hosts == {
        "rel:events": "events-va6.adobe.io",
        "rel:trace": "eventtraces-va6.adobe.io",
        "self": "api.adobe.io",
    }
    link = json.loads(webhook.requests[-1].body)["validationUrl"]
    assert link.startswith("https://csm.adobe.io/")
    assert api.get(link).status_code == 200


def test_a_runtime_action_prints_the_address_that_adobe_generates(
    api: FlaskClient, service: Service
) -> None:
    """Nothing is sent there: no action runs here, so the journal is what is left."""
    kept_body = pushed("", runtime_action="/my ns/package/action")
    created = create(api, service, kept_body)
    id_ = created["registration_id"]
    assert created["webhook_url"] == (
        "https://runtime.adobe.io/api/v1/web/my%20ns/acp/"
        f"sync_event_handler_{id_}?sync=true&id={id_}"
    )
    assert created["webhook_status"] == "verified"
    (kept,) = service.registrations.all()
    assert not kept.is_pushed
    for answer in (api.get(address(service, id_)), api.put(address(service, id_), json=kept_body)):
        assert answer.headers["x-flowsim-reason"] == (
            "nothing is delivered to runtime actions here; new events are in the journal only"
        )
    assert "x-flowsim-reason" not in api.post(address(service), json=journal("reader")).headers
    other = create(api, service, pushed("", "other", runtime_action="package/action"))
    assert other["webhook_url"].startswith("https://runtime.adobe.io/api/v1/web/_/acp/")


def test_an_eventbridge_registration_stays_pending(api: FlaskClient, service: Service) -> None:
    destination = {"aws_region": "us-east-1", "aws_account_id": "012345678901"}
    body = journal(delivery_type="aws_eventbridge", destination_metadata=destination)
    answer = api.post(address(service), json=body)
    assert answer.headers["x-flowsim-reason"] == (
        "nothing is delivered to Amazon EventBridge here; new events are in the journal only"
    )
    created = answer.json
    assert created["webhook_status"] == "pending"
    assert created["destination_metadata"] == destination


def test_a_registration_belongs_to_its_workspace(api: FlaskClient, service: Service) -> None:
    id_ = create(api, service, journal())["registration_id"]
    elsewhere = f"/events/{service.installation.org}/other/workspace/registrations"
    for method in ("GET", "PUT", "PATCH", "DELETE"):
        answer = api.open(f"{elsewhere}/{id_}", method=method, json=[])
        assert message_of(answer, 404) == f"no registration '{id_}' in this workspace"
    assert api.post(elsewhere, json=journal()).status_code == 201, "names are free elsewhere"


@pytest.mark.parametrize("org", ["my org", "ä", "..%3F"])
def test_links_work_for_any_name_of_an_organisation(api: FlaskClient, org: str) -> None:
    created = api.post(f"/events/{org}/p/w/registrations", json=journal()).json
    assert api.get(created["_links"]["self"]["href"]).json == created


# What is refused.


def test_all_mistakes_of_a_body_are_named_at_once(api: FlaskClient, service: Service) -> None:
    answer = api.post(address(service), json={"name": "ab", "delivery_type": "WEBHOOK"})
    sentence = message_of(answer, 400)
    for field in ("name", "delivery_type", "events_of_interest", "client_id"):
        assert f"{field}: " in sentence


@pytest.mark.parametrize("body", [b"", b"[]", b"null", b"7", b'"x"', b"{", b"\xff", b"[" * 9999])
def test_a_body_that_is_no_object_is_refused(
    api: FlaskClient, service: Service, body: bytes
) -> None:
    id_ = create(api, service, journal())["registration_id"]
    given = {"data": body, "content_type": "application/json"}
    assert message_of(api.post(address(service), **given), 400)
    assert message_of(api.put(address(service, id_), **given), 400)


def test_an_event_without_metadata_is_not_found(api: FlaskClient, service: Service) -> None:
    unknown = {**SUCCESS, "event_code": "no_such_code"}
    answer = api.post(address(service), json=journal(events_of_interest=[FAILURE, unknown]))
    assert message_of(answer, 404) == (
        "events_of_interest[1]: no such event metadata: 'no_such_code' of provider "
        f"'{SUCCESS['provider_id']}'"
    )
    stranger = {**SUCCESS, "provider_id": "nobody"}
    answer = api.post(address(service), json=journal(events_of_interest=[stranger]))
    assert message_of(answer, 404) == "events_of_interest[0]: no provider 'nobody'"


def test_providers_of_another_organisation_are_not_found(
    api: FlaskClient, service: Service
) -> None:
    provider = Provider(
        *("p1", "another", "3rd_party_custom_events", "i1", "Shop", "", "", "another"),
        *("cloud_events_v1", "VA6"),
    )
    with service.database.transaction() as connection:
        service.providers.put(connection, provider)
        service.providers.put_metadata(connection, EventMetadata("p1", "sold", "Sold", ""))
    body = journal(events_of_interest=[{"provider_id": "p1", "event_code": "sold"}])
    message_of(api.post(address(service), json=body), 404)
    created = api.post("/events/another/p/w/registrations", json=body).json
    (interest,) = created["events_of_interest"]
    assert interest["event_delivery_format"] == "cloud_events_v1"
    assert interest["provider"] == "3rd_party_custom_events_another_i1"


def test_a_provider_may_be_named_as_the_header_names_it(api: FlaskClient, service: Service) -> None:
    old = {"provider": "platform_notifications", "event_code": SUCCESS["event_code"]}
    created = create(api, service, journal(events_of_interest=[old, SUCCESS]))
    (interest,) = created["events_of_interest"]
    assert interest["provider_id"] == SUCCESS["provider_id"]


def test_deleted_metadata_of_an_event_is_left_out(api: FlaskClient, service: Service) -> None:
    id_ = create(api, service, journal())["registration_id"]
    with service.database.transaction() as connection:
        service.providers.delete(connection, SUCCESS["provider_id"])
    assert api.get(address(service, id_)).json["events_of_interest"] == [SUCCESS]


@pytest.mark.parametrize("method", ["POST", "PUT", "PATCH"])
def test_a_name_is_unique_in_a_workspace(api: FlaskClient, service: Service, method: str) -> None:
    first = create(api, service, journal("orders"))["registration_id"]
    second = create(api, service, journal("returns"))["registration_id"]
    answer = {
        "POST": lambda: api.post(address(service), json=journal("orders")),
        "PUT": lambda: api.put(address(service, second), json=journal("orders")),
        "PATCH": lambda: patch(
            api,
            address(service, second),
            {"op": "replace", "path": "/name", "value": "orders"},
        ),
    }[method]()
    assert "named 'orders' already" in message_of(answer, 409)
    assert answer.headers["x-conflicting-id"] == first
    assert api.get(address(service, second)).json["name"] == "returns"


def test_of_simultaneous_saves_of_a_name_one_succeeds(api: FlaskClient, service: Service) -> None:
    def post(_: int) -> int:
        client = api.application.test_client()
        return client.post(address(service), json=journal()).status_code

    with ThreadPoolExecutor(8) as threads:
        assert sorted(threads.map(post, range(8))) == [201, *[409] * 7]


def test_one_registration_too_many_of_a_client_is_409(api: FlaskClient, service: Service) -> None:
    """The header distinguishes the two meanings of 409."""
    for number in range(rules.MOST_OF_CLIENT):
        create(api, service, journal(f"number {number}"))
    answer = api.post(address(service), json=journal("one more"))
    assert "has 30 registrations" in message_of(answer, 409)
    assert "x-conflicting-id" not in answer.headers
    create(api, service, journal("one more", client_id="another"))
    id_ = api.get(address(service)).json["_embedded"]["registrations"][0]["registration_id"]
    assert api.delete(address(service, id_)).status_code == 204
    create(api, service, journal("and now"))


def test_one_registration_too_many_of_an_organisation_is_409(
    api: FlaskClient, service: Service, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert rules.MOST_OF_ORG == 2_500
    monkeypatch.setattr(rules, "MOST_OF_ORG", 2)
    for name in ("one", "two", "three"):
        answer = api.post(address(service), json=journal(name, client_id=f"client-{name}"))
    assert "the organisation has 2 registrations" in message_of(answer, 409)
    assert "x-conflicting-id" not in answer.headers


# Lists.


def test_an_empty_workspace_is_an_empty_list(api: FlaskClient, service: Service) -> None:
    own = service.installation
    assert api.get(address(service)).json == {
        "_embedded": {"registrations": []},
        "_links": {"self": {"href": f"http://localhost{address(service)}"}},
    }
    assert api.get(f"/events/{own.org}/registrations").json["_embedded"] == {"registrations": []}


def test_a_workspace_lists_its_own_registrations_without_pages(
    api: FlaskClient, service: Service
) -> None:
    created = [create(api, service, journal(f"number {number}")) for number in range(12)]
    elsewhere = f"/events/{service.installation.org}/other/workspace/registrations"
    api.post(elsewhere, json=journal())
    listed = api.get(address(service)).json
    assert listed["_embedded"]["registrations"] == created
    assert "page" not in listed


def test_an_organisation_lists_registrations_of_all_workspaces_in_pages(
    api: FlaskClient, service: Service
) -> None:
    org = service.installation.org
    for number in range(5):
        place = Workspace(org, "p", f"w{number % 2}")
        registrations.create(service, place, journal(f"number {number}"), "http://localhost")
    names, address = [], f"/events/{org}/registrations?page=0&size=2"
    while address:
        found = api.get(address).json
        assert found["page"]["totalElements"] == 5
        names += [each["name"] for each in found["_embedded"]["registrations"]]
        address = found["_links"].get("next", {}).get("href")
    assert names == [f"number {number}" for number in range(5)]
    assert found["_links"]["prev"]["href"] == (
        f"http://localhost/events/{org}/registrations?page=1&size=2"
    )
    assert found["page"] == {
        "size": 2,
        "number": 2,
        "numberOfElements": 1,
        "totalElements": 5,
        "totalPages": 3,
    }


@pytest.mark.parametrize("query", ["size=0", "size=101", "size=x", "page=1", "page=-1", "page="])
def test_a_page_out_of_range_is_refused(api: FlaskClient, service: Service, query: str) -> None:
    message_of(api.get(f"/events/{service.installation.org}/registrations?{query}"), 400)


# Change and delete.


def test_a_replacement_resets_what_it_leaves_out(
    api: FlaskClient, service: Service, webhook: Webhook
) -> None:
    webhook.answers = [echo]
    before = create(api, service, pushed(webhook.url, description="All.", enabled=False))
    path = address(service, before["registration_id"])
    after = api.put(path, json=journal("returns", client_id="ignored")).json
    assert {
        name: after.get(name) for name in ("name", "description", "webhook_url", "enabled")
    } == {
        "name": "returns",
        "description": "",
        "webhook_url": None,
        "enabled": True,
    }
    for kept in ("id", "registration_id", "client_id", "created_date"):
        assert after[kept] == before[kept]
    assert api.get(path).json == after


def test_a_patch_changes_what_it_names_and_keeps_the_rest(
    api: FlaskClient, service: Service
) -> None:
    before = create(api, service, journal(description="All."))
    path = address(service, before["registration_id"])
    answer = patch(
        api,
        path,
        {"op": "test", "path": "/name", "value": "orders"},
        {"op": "replace", "path": "/description", "value": "Some."},
        {"op": "add", "path": "/events_of_interest/-", "value": FAILURE},
    )
    assert answer.status_code == 200
    assert len(answer.json["events_of_interest"]) == 2
    changed = {"description": "Some.", "events_of_interest": answer.json["events_of_interest"]}
    assert answer.json == {**before, **changed}
    assert api.get(path).json == answer.json


@pytest.mark.parametrize(
    ("operation", "mistake"),
    [
        ({"op": "test", "path": "/name", "value": "x"}, "operation 0 cannot be applied"),
        ({"op": "remove", "path": "/name"}, "name: nothing; expected a value"),
        ({"op": "replace", "path": "/name", "value": 7}, "name: 7; expected text"),
        ({"op": "replace", "path": "", "value": []}, "the body: a list of 0; expected an object"),
        ({"op": "replace", "path": "/client_id", "value": "abc"}, "operation 0 cannot be applied"),
        ({"op": "replace", "path": "/delivery_type", "value": "webhook"}, "webhook_url: null; "),
    ],
)
def test_a_patch_that_cannot_be_applied_changes_nothing(
    api: FlaskClient, service: Service, operation: dict[str, Any], mistake: str
) -> None:
    before = create(api, service, journal())
    path = address(service, before["registration_id"])
    assert message_of(patch(api, path, operation), 400).startswith(mistake)
    assert api.get(path).json == before


def test_a_patch_keeps_changes_made_during_the_look_up(service: Service, webhook: Webhook) -> None:
    """That takes long, and both are answered 200: neither may be lost."""
    others = [{"op": "replace", "path": "/description", "value": "Some."}]

    def look_up(_: str) -> tuple[str]:
        if others:
            assert patch(api, path, others.pop()).status_code == 200
        return ("127.0.0.1",)

    webhook.answers = [echo]
    body = pushed(webhook.url.replace("127.0.0.1", "localhost"))
    plain = events_service.create(service).test_client()
    path = address(service, create(plain, service, body)["registration_id"])
    slow = replace(service, targets=Targets(Allowed.parse(()), look_up))
    api = events_service.create(slow).test_client()
    answer = patch(api, path, {"op": "replace", "path": "/name", "value": "returns"})
    assert answer.status_code == 200
    assert (answer.json["name"], answer.json["description"]) == ("returns", "Some.")


def test_a_deleted_registration_is_gone_and_its_name_is_free(
    api: FlaskClient, service: Service
) -> None:
    path = address(service, create(api, service, journal())["registration_id"])
    answer = api.delete(path)
    assert (answer.status_code, answer.data) == (204, b"")
    assert "content-type" not in answer.headers
    for method in ("GET", "PUT", "PATCH", "DELETE"):
        message_of(api.open(path, method=method, json=journal()), 404)
    assert api.get(address(service)).json["_embedded"]["registrations"] == []
    assert create(api, service, journal())["id"] == 2


# Who may ask.


def test_a_strict_service_requires_its_own_token_and_key(
    api: FlaskClient, strict: FlaskClient, service: Service
) -> None:
    path, own = address(service), service.installation
    token = {"authorization": f"Bearer {own.token}"}
    assert api.get(path).status_code == 200
    message_of(strict.get(path), 401)
    message_of(strict.get(path, headers={**token, "x-api-key": "another"}), 403)
    assert strict.get(path, headers={**token, "x-api-key": own.client_id}).status_code == 200


# Any input.

FIELDS = st.sampled_from(
    [*journal(), "webhook_url", "runtime_action", "description", "enabled", "destination_metadata"]
)
UNTIDY = settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=60)


@UNTIDY
@given(changes=st.dictionaries(FIELDS, JSON), method=st.sampled_from(["POST", "PUT"]))
def test_any_body_is_answered_and_never_with_5xx(
    api: FlaskClient, service: Service, changes: dict[str, Any], method: str
) -> None:
    id_ = _any_registration(api, service)
    path = address(service) if method == "POST" else address(service, id_)
    answer = api.open(path, method=method, json={**journal(), **changes})
    assert answer.status_code in (200, 201, 400, 404, 409)


@UNTIDY
@given(
    operations=JSON
    | st.lists(
        st.fixed_dictionaries(
            {
                "op": st.sampled_from(["add", "replace", "remove", "test", "copy", "move"]),
                "path": FIELDS.map("/{}".format) | st.text(),
            },
            optional={"value": JSON, "from": FIELDS.map("/{}".format)},
        ),
        max_size=3,
    )
)
def test_any_patch_is_answered_and_never_with_5xx(
    api: FlaskClient, service: Service, operations: object
) -> None:
    path = address(service, _any_registration(api, service))
    assert api.patch(path, json=operations, content_type=OPERATIONS).status_code in (
        200,
        400,
        404,
        409,
    )


@UNTIDY
@given(
    steps=st.lists(st.text(min_size=1), min_size=1, max_size=5),
    query=st.dictionaries(st.sampled_from(["page", "size", "id", "challenge"]), st.text()),
    method=st.sampled_from(["GET", "POST", "PUT", "PATCH", "DELETE"]),
)
def test_any_path_and_query_is_answered_and_never_with_5xx(
    api: FlaskClient, steps: list[str], query: dict[str, str], method: str
) -> None:
    for path in ("/events/{}/registrations", "/events/o/p/w/registrations/{}"):
        quoted = "/".join(quote(step) for step in steps)
        answer = api.open(path.format(quoted), method=method, query_string=query)
        assert answer.status_code < 500


def _any_registration(api: FlaskClient, service: Service) -> str:
    """Return the id of a registration; what earlier examples made is deleted."""
    for each in service.registrations.all():
        registrations.delete(service, each)
    return str(create(api, service, journal("any"))["registration_id"])
