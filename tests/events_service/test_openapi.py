"""The OpenAPI document: it describes everything that is served, and its examples work."""

from __future__ import annotations

import json
import re
import sys
import zipfile
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from flask.testing import FlaskClient

from flowsim.events_service import openapi
from flowsim.events_service.control.bodies import UNATTENDED, AttemptsQuery, ClockQuery
from flowsim.events_service.installation import make
from flowsim.events_service.registrations.model import SPELLINGS
from flowsim.events_service.service import Service

from .prepared import Prepared, prepared

DOCUMENT = openapi.document(make(lambda _, size: bytes(size)))
OPERATIONS = [
    (method, path) for path, described in DOCUMENT["paths"].items() for method in described
]
Files = Callable[..., tuple[str, tuple[str, ...]]]
EXAMPLE_PROVIDER = "11111111-1111-4111-8111-111111111111"
"""The provider in an example, in whose place a provider is put that is there."""

REFUSED = {
    # there is no challenge to which this is the answer
    ("get", "/csm/registrations/validate"): 404,
    # there is a filter already
    ("post", "/events/{org}/{project}/{workspace}/registrations/{registration_id}/filters"): 409,
}
"""Operations whose examples do not fit what is there."""


@pytest.fixture
def own() -> Iterator[Prepared]:
    with prepared() as made:
        yield made


def test_every_route_is_described_and_every_description_is_a_route(own: Prepared) -> None:
    routes = {
        (method.lower(), re.sub(r"<(?:\w+:)?(\w+)>", r"{\1}", rule.rule))
        for rule in own.app.url_map.iter_rules()
        for method in (rule.methods or set()) - {"HEAD", "OPTIONS"}
    }
    assert routes == {*OPERATIONS}


def test_the_document_has_the_ids_of_the_service_and_no_secret(
    api: FlaskClient, service: Service
) -> None:
    served = api.get("/_flowsim/openapi.json").json
    assert served == json.loads(json.dumps(openapi.document(service.installation)))
    text = json.dumps(served)
    assert service.installation.org in text
    for secret in (service.installation.token, service.installation.client_secret):
        assert secret not in text


def test_every_reference_resolves_and_every_schema_is_used() -> None:
    text = json.dumps(DOCUMENT)
    used = {*re.findall(r'"#/components/schemas/(\w+)"', text)}
    assert used == {*DOCUMENT["components"]["schemas"]}


def test_operations_have_unique_ids_and_known_tags() -> None:
    described = [DOCUMENT["paths"][path][method] for method, path in OPERATIONS]
    names = [each["operationId"] for each in described]
    assert len({*names}) == len(names)
    tags = {tag["name"] for tag in DOCUMENT["tags"]}
    assert {tag for each in described for tag in each["tags"]} == tags
    assert all(tag["description"].endswith(".") for tag in DOCUMENT["tags"])


def test_every_component_of_a_file_is_used() -> None:
    said = [openapi.read(openapi.ROOT, file) for file in openapi.FILES]
    used = {*re.findall(r'"\$ref": "(.+?)"', json.dumps(said))}
    parts = {ref for each in said for ref, _ in openapi.parts_of(each)}
    schemes = {f"#/components/securitySchemes/{name}" for name in ("token", "api_key")}
    assert parts - used == {"#/components/responses/Refused"} | schemes


def test_query_parameters_of_control_calls_are_those_of_their_models() -> None:
    for name, model in ("clock", ClockQuery), ("attempts", AttemptsQuery):
        parameters = DOCUMENT["paths"][f"/_flowsim/{name}"]["get"]["parameters"]
        described = {each["name"]: each["schema"] for each in parameters}
        assert described == model.model_json_schema()["properties"]


def test_descriptions_name_the_lease_of_the_clock_and_all_statuses() -> None:
    advance = DOCUMENT["paths"]["/_flowsim/clock/advance"]["post"]
    assert f"for {UNATTENDED:g} seconds" in advance["summary"]
    parts = dict(
        openapi.parts_of(openapi.read(openapi.ROOT, "events_service/registrations/api.yaml"))
    )
    statuses = parts["#/components/schemas/Registration"]["properties"]["webhook_status"]
    assert statuses == {"enum": [*SPELLINGS]}


SHARED = """
info: {title: Shop}
components:
  responses: {Refused: {description: No.}}
  securitySchemes: {}
"""
GOODS = """
tags: [{name: goods}]
paths: {/goods: {get: {responses: {"200": {$ref: "#/components/responses/Goods"}}}}}
components: {responses: {Goods: {description: Some.}}}
"""


@pytest.fixture
def files(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Files]:
    """Files in a package that is imported from a zip archive."""

    def packed(*texts: str) -> tuple[str, tuple[str, ...]]:
        with zipfile.ZipFile(tmp_path / "packed.zip", "w") as archive:
            archive.writestr("packed/__init__.py", "")
            for number, text in enumerate(texts):
                archive.writestr(f"packed/{number}.yaml", text)
        return "packed", tuple(f"{number}.yaml" for number in range(len(texts)))

    monkeypatch.syspath_prepend(tmp_path / "packed.zip")
    yield packed
    del sys.modules["packed"]


def test_files_are_merged_and_references_replaced(files: Files) -> None:
    merged = openapi.merged(*files(SHARED, GOODS))
    responses = {"200": {"description": "Some."}, "default": {"description": "No."}}
    assert merged["paths"] == {"/goods": {"get": {"tags": ["goods"], "responses": responses}}}
    assert merged["info"] == {"title": "Shop"}


@pytest.mark.parametrize(
    ("other", "found"),
    [
        ("tags: [{name: a}]\npaths: {/goods: {post: {responses: {}}}}", "two files: /goods"),
        (GOODS.replace("paths: {/goods", "paths: {/other"), "two files: #/components/resp.+/Goods"),
        ("tags: [{name: a}]\npaths: {}\npaths: {}", r"packed/2\.yaml:3:.+ 'paths' again"),
        ("tags: []\npaths: {}", "not enough values"),
    ],
    ids=["path", "component", "key", "no tag"],
)
def test_a_part_described_twice_is_a_mistake(files: Files, other: str, found: str) -> None:
    with pytest.raises(ValueError, match=found):
        openapi.merged(*files(SHARED, GOODS, other))


@pytest.fixture(scope="module")
def unchanged() -> Iterator[Prepared]:
    """One for all that only read."""
    with prepared() as made:
        yield made


@pytest.mark.parametrize("path", [path for method, path in OPERATIONS if method == "get"])
def test_reading_operations_answer_as_described(unchanged: Prepared, path: str) -> None:
    assert_accepted(unchanged, "get", path)


@pytest.mark.parametrize(("method", "path"), [each for each in OPERATIONS if each[0] != "get"])
def test_the_examples_of_the_document_are_accepted(own: Prepared, method: str, path: str) -> None:
    assert_accepted(own, method, path)


def assert_accepted(own: Prepared, method: str, path: str) -> None:
    described = DOCUMENT["paths"][path][method]
    answer = own.app.test_client().open(
        path.format_map(own.known),
        method=method,
        query_string={
            each["name"]: own.known[each["name"]]
            for each in described["parameters"]
            if each["in"] == "query" and each["required"]
        },
        **_body(described, own),
    )
    expected = {REFUSED[method, path]} if (method, path) in REFUSED else range(200, 300)
    assert answer.status_code in expected, answer.text
    assert str(answer.status_code) in described["responses"] or (method, path) in REFUSED


def _body(described: Any, own: Prepared) -> dict[str, Any]:
    if "requestBody" not in described:
        return {}
    kind, content = next(iter(described["requestBody"]["content"].items()))
    if "example" not in content:
        assert not described["requestBody"]["required"]
        return {}
    example = content["example"]
    if kind == "application/x-www-form-urlencoded":
        return {"data": example}
    if kind == "application/octet-stream":
        return {"data": example, "content_type": kind}
    text = json.dumps(example).replace(EXAMPLE_PROVIDER, own.known["provider_id"])
    return {"data": text, "content_type": kind}
