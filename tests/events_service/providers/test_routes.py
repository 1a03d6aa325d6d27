"""Providers over HTTP (6.2)."""

from __future__ import annotations

from typing import Any

import pytest
from flask.testing import FlaskClient

from flowsim.core.payload import provider_id
from flowsim.events_service.providers.model import KINDS
from flowsim.events_service.service import Service
from flowsim.families.registry import shipped

from ..manage import (
    ORG,
    PATCH,
    PLACE,
    create_metadata,
    create_provider,
    platform_id,
)

OF_ADOBE = {family.provider.id for family in shipped().readable()[0] if family.codes}
"""Providers of families, each Adobe's own."""


def ids(api: FlaskClient, org: str, query: str = "") -> list[str]:
    answer = api.get(f"/events/{org}/providers?{query}")
    assert answer.status_code == 200, answer.text
    return [each["id"] for each in answer.json["_embedded"]["providers"]]


def test_a_provider_with_only_a_label_gets_defaults(api: FlaskClient, service: Service) -> None:
    made = create_provider(api)
    id_, address = made["id"], "http://localhost/events"
    assert made == {
        "id": id_,
        "label": "Orders",
        "description": "A custom events provider, registered by your organization.",
        "source": f"urn:uuid:{id_}",
        "publisher": service.installation.ims_org,
        "provider_metadata": "3rd_party_custom_events",
        "instance_id": made["instance_id"],
        "event_delivery_format": "cloud_events_v1",
        "data_residency_region": "VA6",
        "_links": {
            "rel:eventmetadata": {"href": f"{address}/providers/{id_}/eventmetadata"},
            "rel:update": {"href": f"{address}/{ORG}/2002/3003/providers/{id_}"},
            "self": {"href": f"{address}/providers/{id_}"},
        },
    }
    assert len(id_) == len(made["instance_id"]) == 36
    assert api.get(f"/events/providers/{id_}").json == made


def test_a_provider_has_the_fields_of_its_body(api: FlaskClient) -> None:
    said = {
        "label": "Shop",
        "description": "",
        "docs_url": "https://example.com/docs",
        "provider_metadata": "dx_commerce_events",
        "instance_id": "shop-1",
        "event_delivery_format": "adobe_io",
    }
    made = create_provider(api, **said, data_residency_region="irl1", docsUrl="ignored")
    assert made.items() >= {**said, "data_residency_region": "IRL1"}.items()


@pytest.mark.parametrize("header", ["x-ims-org-id", "x-gw-ims-org-id"])
def test_the_publisher_is_the_organisation_in_the_client_header(
    api: FlaskClient, header: str
) -> None:
    headers = {header: "908936ED5D35CC220A495CD4@AdobeOrg"}
    made = api.post(f"{PLACE}/providers", json={"label": "x"}, headers=headers).json
    assert made["publisher"] == "908936ED5D35CC220A495CD4@AdobeOrg"


@pytest.mark.parametrize(
    ("fields", "status", "said"),
    [
        ({"label": ""}, 400, "label: ''"),
        ({"provider_metadata": "aem"}, 400, "instance_id: nothing"),
        ({"provider_metadata": "unheard_of"}, 404, "no provider_metadata 'unheard_of'"),
        ({"provider_metadata": "platform_notifications"}, 403, "Adobe's own"),
    ],
)
def test_an_impossible_provider_is_refused_with_a_reason(
    api: FlaskClient, fields: dict[str, Any], status: int, said: str
) -> None:
    answer = api.post(f"{PLACE}/providers", json={"label": "x", **fields})
    assert answer.status_code == status
    assert said in answer.json["message"]


def test_a_second_provider_of_the_same_kind_and_instance_names_the_first(
    api: FlaskClient,
) -> None:
    first = create_provider(api, instance_id="one")
    again = {"label": "Another", "instance_id": "one"}
    answer = api.post(f"{PLACE}/providers", json=again)
    assert (answer.status_code, answer.json["reason"]) == (409, "Conflict")
    assert answer.headers["x-conflicting-id"] == first["id"]
    create_provider(api, instance_id="one", provider_metadata="aem")
    assert api.post("/events/9009/2/3/providers", json=again).status_code == 201


def test_an_organisation_sees_its_own_providers_and_adobes(api: FlaskClient) -> None:
    own, of_adobe = create_provider(api)["id"], {*map(provider_id, OF_ADOBE)}
    assert {*ids(api, ORG)} == {own, *of_adobe}
    assert {*ids(api, "9009")} == of_adobe


def test_an_unknown_organisation_has_no_providers(api: FlaskClient) -> None:
    assert api.get("/events/invalid/providers").json == {
        "_embedded": {"providers": []},
        "_links": {"self": {"href": "http://localhost/events/invalid/providers"}},
    }


def test_a_named_organisation_is_known_by_its_providers(api: FlaskClient) -> None:
    made = api.post("/events/consumerId/p/w/providers", json={"label": "x"}).json["id"]
    assert {*ids(api, "consumerId")} == {made, *map(provider_id, OF_ADOBE)}


def test_a_list_is_narrowed_to_kinds_and_instances(api: FlaskClient) -> None:
    one = create_provider(api, provider_metadata="aem", instance_id="1")["id"]
    two = create_provider(api, provider_metadata="aem", instance_id="2")["id"]
    other = create_provider(api, provider_metadata="acs", instance_id="1")["id"]
    adobe = provider_id("aem")
    assert set(ids(api, ORG, "providerMetadataId=aem")) == {adobe, one, two}
    assert ids(api, ORG, "providerMetadataId=aem&instanceId=2") == [two]
    several = {adobe, one, two, other}
    assert set(ids(api, ORG, "providerMetadataIds=aem&providerMetadataIds=acs")) == several
    assert set(ids(api, ORG, "providerMetadataIds[]=aem&providerMetadataIds[]=acs")) == several
    assert set(ids(api, ORG, "providerMetadataIds=aem,acs")) == several
    assert set(ids(api, ORG, "providerMetadataIds=aem,acs&instanceId=1")) == {one, other}
    assert ids(api, ORG, "providerMetadataIds=acs&instanceId=1") == [other]


@pytest.mark.parametrize(
    ("query", "status"),
    [
        ("providerMetadataId=unheard_of", 404),
        ("providerMetadataId=3rd_party_custom_events&instanceId=none", 404),
        ("providerMetadataId=aem&providerMetadataIds=acs", 400),
        ("eventmetadata=maybe", 400),
    ],
)
def test_an_impossible_query_is_refused(api: FlaskClient, query: str, status: int) -> None:
    assert api.get(f"/events/{ORG}/providers?{query}").status_code == status


def test_event_metadata_come_only_when_asked_for(api: FlaskClient) -> None:
    id_ = create_provider(api)["id"]
    metadata = create_metadata(api, id_, "order.placed")
    for query in ("", "?eventmetadata=false", "?eventmetadata="):
        assert "_embedded" not in api.get(f"/events/providers/{id_}{query}").json
    shown = api.get(f"/events/providers/{id_}?eventmetadata=true").json
    assert shown["_embedded"] == {"eventmetadata": [metadata]}
    assert shown["_links"]["self"]["href"].endswith(f"/providers/{id_}?eventmetadata=true")
    in_list = api.get(f"/events/{ORG}/providers?eventmetadata=True&providerMetadataIds=")
    by_id = {each["id"]: each for each in in_list.json["_embedded"]["providers"]}
    assert by_id[id_]["_embedded"] == {"eventmetadata": [metadata]}
    assert by_id[id_]["_links"]["self"]["href"].endswith(f"/providers/{id_}")
    codes = [each["event_code"] for each in by_id[platform_id(api)]["_embedded"]["eventmetadata"]]
    assert codes == ["sources_flow_run_failed", "sources_flow_run_success"]


def test_an_update_replaces_only_fields_that_can_change(api: FlaskClient) -> None:
    made = create_provider(
        api, description="Old", docs_url="https://example.com", event_delivery_format="adobe_io"
    )
    sent = {"label": "New", "instance_id": "other", "provider_metadata": "aem"}
    changed = api.put(f"{PLACE}/providers/{made['id']}", json=sent)
    expected = made | {
        "label": "New",
        "description": "A custom events provider, registered by your organization.",
    }
    del expected["docs_url"]
    assert (changed.status_code, changed.json) == (200, expected)
    assert api.get(f"/events/providers/{made['id']}").json == expected


def test_an_update_can_switch_the_delivery_format(api: FlaskClient, service: Service) -> None:
    id_ = create_provider(api)["id"]
    before = service.directory.provider(id_)
    sent = {"label": "x", "event_delivery_format": "adobe_io"}
    changed = api.put(f"{PLACE}/providers/{id_}", json=sent)
    assert changed.json["event_delivery_format"] == "adobe_io"
    after = service.directory.provider(id_)
    assert before
    assert after
    assert (before.delivers_cloud_events, after.delivers_cloud_events) == (True, False)


def patched(api: FlaskClient, id_: str, *operations: dict[str, Any]) -> Any:
    return api.patch(f"{PLACE}/providers/{id_}", json=operations, content_type=PATCH)


def test_a_patch_changes_the_fields_that_it_names(api: FlaskClient) -> None:
    made = create_provider(api, description="Old")
    answer = patched(
        api,
        made["id"],
        {"op": "test", "path": "/label", "value": "Orders"},
        {"op": "replace", "path": "/label", "value": "New"},
        {"op": "add", "path": "/docs_url", "value": "https://example.com"},
    )
    changes = {"label": "New", "docs_url": "https://example.com"}
    assert (answer.status_code, answer.json) == (200, made | changes)


def test_a_patch_without_effect_is_answered_with_nothing(api: FlaskClient) -> None:
    made = create_provider(api)
    for operations in ([], [{"op": "replace", "path": "/label", "value": "Orders"}]):
        answer = patched(api, made["id"], *operations)
        assert (answer.status_code, answer.data) == (204, b"")
        assert "content-type" not in answer.headers


@pytest.mark.parametrize(
    ("operation", "said"),
    [
        ({"op": "remove", "path": "/label"}, "label: nothing"),
        ({"op": "replace", "path": "/label", "value": "a/b"}, "label: 'a/b'"),
        ({"op": "add", "path": "/instance_id", "value": "x"}, "'instance_id' cannot be changed"),
        ({"op": "replace", "path": "/id", "value": "x"}, "operation 0 cannot be applied"),
    ],
)
def test_a_patch_with_an_invalid_provider_is_refused(
    api: FlaskClient, operation: dict[str, Any], said: str
) -> None:
    made = create_provider(api)
    answer = patched(api, made["id"], operation)
    assert answer.status_code == 400
    assert said in answer.json["message"]
    assert api.get(f"/events/providers/{made['id']}").json == made


def test_a_deleted_provider_is_gone_with_its_event_metadata(
    api: FlaskClient, service: Service
) -> None:
    id_ = create_provider(api, instance_id="one")["id"]
    create_metadata(api, id_, "order.placed")
    assert service.directory.provider(id_)
    answer = api.delete(f"{PLACE}/providers/{id_}")
    assert (answer.status_code, answer.data) == (204, b"")
    assert api.get(f"/events/providers/{id_}").status_code == 404
    assert api.get(f"/events/providers/{id_}/eventmetadata/order.placed").status_code == 404
    assert api.delete(f"{PLACE}/providers/{id_}").status_code == 404
    assert service.directory.provider(id_) is None
    create_provider(api, instance_id="one")


def changes(api: FlaskClient, path: str) -> list[int]:
    return [
        api.put(path, json={"label": "x"}).status_code,
        api.patch(path, json=[], content_type=PATCH).status_code,
        api.delete(path).status_code,
    ]


def test_adobes_own_provider_can_only_be_read(api: FlaskClient) -> None:
    platform = platform_id(api)
    shown = api.get(f"/events/providers/{platform}").json
    assert (shown["publisher"], "rel:update" in shown["_links"]) == ("Adobe", False)
    assert changes(api, f"{PLACE}/providers/{platform}") == [403, 403, 403]


def test_only_the_organisation_that_made_a_provider_changes_it(api: FlaskClient) -> None:
    id_ = create_provider(api)["id"]
    assert changes(api, f"/events/9009/2002/3003/providers/{id_}") == [403, 403, 403]
    assert changes(api, f"/events/{ORG}/8/9/providers/{id_}") == [200, 204, 204]


def test_an_unknown_provider_is_404(api: FlaskClient) -> None:
    assert changes(api, f"{PLACE}/providers/none") == [404, 404, 404]
    assert api.get("/events/providers/none").json["message"] == "no provider 'none'"


def test_links_begin_with_the_requested_address_and_are_escaped(
    api: FlaskClient,
) -> None:
    path, address = "/events/a%20b/c/d/providers", "http://127.0.0.1:4010"
    made = api.post(path, json={"label": "x"}, base_url=address).json
    assert made["_links"]["rel:update"]["href"] == f"{address}{path}/{made['id']}"


def test_a_body_of_another_content_type_is_415(
    api: FlaskClient,
) -> None:
    id_ = create_provider(api)["id"]
    answer = api.post(f"{PLACE}/providers", data='{"label": "x"}', content_type="text/plain")
    assert (answer.status_code, answer.json["reason"]) == (415, "Unsupported Media Type")
    answer = api.patch(f"{PLACE}/providers/{id_}", json=[])
    assert answer.json["message"] == (
        "the content type is application/json; send application/json-patch+json"
    )


def test_the_kinds_of_providers_are_listed(api: FlaskClient) -> None:
    answer = api.get("/events/providermetadata").json
    kinds = {each["id"]: each for each in answer["_embedded"]["providermetadata"]}
    single = [name for name, each in kinds.items() if not each["has_multiple_providers"]]
    several = {each.id for each in KINDS.values() if each.has_multiple_providers}
    assert {*single} == OF_ADOBE - several
    members = {"id", "group", "label", "description", "has_multiple_providers"}
    assert {frozenset(each) for each in kinds.values()} == {frozenset(members)}
    assert answer["_links"]["self"]["href"] == "http://localhost/events/providermetadata"


def test_a_strict_service_requires_a_token(api: FlaskClient, service: Service) -> None:
    object.__setattr__(service.options, "strict", True)
    own = service.installation
    headers = {"authorization": f"Bearer {own.token}", "x-api-key": own.client_id}
    assert api.get(f"/events/{ORG}/providers").status_code == 401
    assert api.get(f"/events/{ORG}/providers", headers=headers).status_code == 200
