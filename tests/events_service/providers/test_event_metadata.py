"""Event metadata over HTTP (6.3)."""

from __future__ import annotations

import json
from typing import Any

import pytest
from flask.testing import FlaskClient

from ..manage import (
    ORG,
    PATCH,
    PLACE,
    create_metadata,
    create_provider,
    platform_id,
    template,
)

CODE = "order.placed"


@pytest.fixture
def id_(api: FlaskClient) -> str:
    """A provider without event metadata."""
    return str(create_provider(api)["id"])


def codes(api: FlaskClient, id_: str) -> list[str]:
    listed = api.get(f"/events/providers/{id_}/eventmetadata").json
    return [each["event_code"] for each in listed["_embedded"]["eventmetadata"]]


def test_event_metadata_has_the_fields_of_its_body(api: FlaskClient, id_: str) -> None:
    made = create_metadata(api, id_, CODE)
    address = f"http://localhost/events/providers/{id_}/eventmetadata/{CODE}"
    assert made == {
        "label": "Order placed",
        "description": "An order.",
        "event_code": CODE,
        "_links": {
            "rel:sample_event": {"href": f"{address}/sample_event"},
            "rel:update": {"href": f"http://localhost{PLACE}/providers/{id_}/eventmetadata/{CODE}"},
            "self": {"href": address},
        },
    }
    assert api.get(f"/events/providers/{id_}/eventmetadata/{CODE}").json == made


def test_all_kinds_of_a_provider_are_listed_by_code(api: FlaskClient, id_: str) -> None:
    assert api.get(f"/events/providers/{id_}/eventmetadata").json["_embedded"] == {
        "eventmetadata": []
    }
    made = [create_metadata(api, id_, code) for code in ("b", "a")]
    listed = api.get(f"/events/providers/{id_}/eventmetadata").json
    assert listed["_embedded"]["eventmetadata"] == made[::-1]
    assert listed["_links"]["self"]["href"].endswith(f"/events/providers/{id_}/eventmetadata")


def test_a_sample_is_embedded_where_one_kind_is_shown(api: FlaskClient, id_: str) -> None:
    made = create_metadata(api, id_, CODE, sample_event_template=template({"order": 7}))
    sample = made["_embedded"]["sample_event"]
    assert json.loads(sample["sample_payload"])["data"] == {"order": 7}
    assert sample == api.get(sample["_links"]["self"]["href"]).json
    listed = api.get(f"/events/providers/{id_}?eventmetadata=true").json["_embedded"]
    assert "_embedded" not in listed["eventmetadata"][0]


def test_creating_a_kind_again_replaces_it(api: FlaskClient, id_: str) -> None:
    create_metadata(api, id_, CODE, sample_event_template=template(1))
    again = create_metadata(api, id_, CODE, label="Ordered")
    assert (again["label"], "_embedded" in again) == ("Ordered", False)
    assert codes(api, id_) == [CODE]


def sent(api: FlaskClient, id_: str, **fields: Any) -> Any:
    body = {"label": "New", "description": "New.", "event_code": CODE, **fields}
    return api.put(f"{PLACE}/providers/{id_}/eventmetadata/{CODE}", json=body)


def test_an_update_replaces_everything_but_the_code(api: FlaskClient, id_: str) -> None:
    made = create_metadata(api, id_, CODE, sample_event_template=template(1))
    answer = sent(api, id_)
    del made["_embedded"]
    assert (answer.status_code, answer.json) == (
        200,
        made | {"label": "New", "description": "New."},
    )


def test_an_update_with_another_code_than_the_path_is_refused(api: FlaskClient, id_: str) -> None:
    create_metadata(api, id_, CODE)
    answer = sent(api, id_, event_code="other")
    assert answer.status_code == 400
    assert answer.json["message"] == f"event_code: 'other'; expected '{CODE}', as in the path"


def test_an_update_of_an_unknown_code_is_404(api: FlaskClient, id_: str) -> None:
    assert sent(api, id_).status_code == 404


def patched(api: FlaskClient, id_: str, *operations: dict[str, Any]) -> Any:
    path = f"{PLACE}/providers/{id_}/eventmetadata/{CODE}"
    return api.patch(path, json=operations, content_type=PATCH)


def test_a_patch_changes_the_fields_that_it_names(api: FlaskClient, id_: str) -> None:
    create_metadata(api, id_, CODE)
    add = {"op": "add", "path": "/sample_event_template", "value": template([1])}
    answer = patched(api, id_, {"op": "replace", "path": "/label", "value": "New"}, add)
    assert (answer.status_code, answer.json["label"]) == (200, "New")
    payload = answer.json["_embedded"]["sample_event"]["sample_payload"]
    assert json.loads(payload)["data"] == [1]


def test_a_patch_without_effect_is_answered_with_nothing(api: FlaskClient, id_: str) -> None:
    create_metadata(api, id_, CODE)
    same = {"op": "replace", "path": "/label", "value": "Order placed"}
    answer = patched(api, id_, same, {"op": "remove", "path": "/sample_event_template"})
    assert (answer.status_code, answer.data) == (204, b"")


@pytest.mark.parametrize(
    ("operation", "said"),
    [
        ({"op": "replace", "path": "/event_code", "value": "x"}, "event_code: 'x'"),
        ({"op": "remove", "path": "/description"}, "description: nothing"),
        ({"op": "add", "path": "/provider_id", "value": "x"}, "'provider_id' cannot"),
    ],
)
def test_a_patch_with_an_invalid_result_is_refused(
    api: FlaskClient, id_: str, operation: dict[str, Any], said: str
) -> None:
    create_metadata(api, id_, CODE)
    answer = patched(api, id_, operation)
    assert answer.status_code == 400
    assert answer.json["message"].startswith(said)


def test_one_kind_or_all_kinds_can_be_deleted(api: FlaskClient, id_: str) -> None:
    for code in ("a", "b", "c"):
        create_metadata(api, id_, code)
    path = f"{PLACE}/providers/{id_}/eventmetadata"
    assert [api.delete(f"{path}/b").status_code for _ in range(2)] == [204, 404]
    assert codes(api, id_) == ["a", "c"]
    assert [api.delete(path).status_code for _ in range(2)] == [204, 204]
    assert codes(api, id_) == []


def changes(api: FlaskClient, place: str, id_: str, code: str) -> list[int]:
    path = f"{place}/providers/{id_}/eventmetadata"
    body = {"label": "New", "description": "New.", "event_code": code}
    return [
        api.post(path, json=body).status_code,
        api.put(f"{path}/{code}", json=body).status_code,
        api.patch(f"{path}/{code}", json=[], content_type=PATCH).status_code,
        api.delete(f"{path}/{code}").status_code,
        api.delete(path).status_code,
    ]


def test_metadata_of_adobe_and_other_organisations_is_read_only(api: FlaskClient, id_: str) -> None:
    create_metadata(api, id_, CODE)
    assert changes(api, "/events/9009/2/3", id_, CODE) == [403] * 5
    assert changes(api, PLACE, platform_id(api), "sources_flow_run_failed") == [403] * 5
    shown = api.get(f"/events/providers/{platform_id(api)}/eventmetadata/sources_flow_run_failed")
    assert set(shown.json["_links"]) == {"rel:sample_event", "self"}
    assert changes(api, f"/events/{ORG}/8/9", id_, CODE) == [201, 200, 204, 204, 204]


def test_unknown_providers_and_codes_are_404(api: FlaskClient, id_: str) -> None:
    assert changes(api, PLACE, "none", CODE) == [404] * 5
    assert api.get("/events/providers/none/eventmetadata").status_code == 404
    assert api.get(f"/events/providers/{id_}/eventmetadata/{CODE}").status_code == 404


def test_all_mistakes_of_a_body_are_named_at_once(api: FlaskClient, id_: str) -> None:
    answer = api.post(f"{PLACE}/providers/{id_}/eventmetadata", json={"event_code": "a b"})
    assert answer.status_code == 400
    for field in ("description", "label", "event_code"):
        assert f"{field}: " in answer.json["message"]
