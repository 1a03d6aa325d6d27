"""The fields of providers and event metadata, with their lengths and patterns (6.2, 6.3)."""

from __future__ import annotations

import base64
from typing import Any

import pytest

from flowsim.errors import ApiError
from flowsim.events_service.providers.bodies import (
    LONGEST_SAMPLE,
    EventMetadataBody,
    ProviderCreate,
    ProviderQuery,
    ProviderUpdate,
)
from flowsim.events_service.request_body import read

from ...cases import for_each


def refused(model: type[Any], content: dict[str, Any]) -> str:
    with pytest.raises(ApiError) as caught:
        read(model, content)
    return str(caught.value)


@for_each(
    "content",
    [
        {"label": "My provider_1 - (a), b@c: 'd' `e`? #1!"},
        {"label": "x" * 255, "description": "", "docs_url": ""},
        {"label": "x", "docs_url": "https://developer.adobe.com/events/docs/?a=b#c"},
        {"label": "x", "docs_url": "http://localhost:8080"},
        {"label": "x", "instance_id": "acct:a_b-c@d.e/f", "provider_metadata": "aem"},
        {"label": "x", "data_residency_region": "irl1"},
        {"label": "x", "data_residency_region": "VA6"},
        {"label": "x", "event_delivery_format": "adobe_io"},
        {"label": "x", "description": None, "docs_url": None, "instance_id": None},
        {"label": "x", "consumerOrgId": "1", "docsUrl": "y"},
    ],
)
def test_bodies_that_adobe_accepts_are_accepted(content: dict[str, Any]) -> None:
    assert read(ProviderCreate, content).label == content["label"]


@for_each(
    ("field", "value"),
    [
        ("label", ""),
        ("label", "x" * 256),
        ("label", "a/b"),
        ("label", "Müller"),
        ("label", None),
        ("description", "x" * 256),
        ("description", "a & b"),
        ("docs_url", "ftp://example.com"),
        ("docs_url", "https://"),
        ("docs_url", "http://example.com\n"),
        ("docs_url", f"https://example.com/{'x' * 255}"),
        ("provider_metadata", ""),
        ("provider_metadata", "x" * 256),
        ("instance_id", "a b"),
        ("instance_id", "a\n"),
        ("instance_id", "x" * 256),
        ("data_residency_region", "EU"),
        ("event_delivery_format", "cloud_events"),
    ],
)
def test_bodies_that_adobe_refuses_are_refused_with_the_field(field: str, value: Any) -> None:
    assert refused(ProviderCreate, {"label": "x", field: value}).startswith(f"{field}: ")


def test_all_mistakes_are_named_at_once() -> None:
    sentence = refused(ProviderCreate, {"docs_url": "x", "instance_id": "a b"})
    assert [each.partition(":")[0] for each in sentence.split(". ")[:2]] == ["label", "docs_url"]
    assert "instance_id: 'a b'" in sentence


def test_an_update_ignores_fields_of_creation() -> None:
    """Adobe's Java client sends its whole model."""
    body = read(ProviderUpdate, {"label": "x", "instance_id": "a b", "provider_metadata": 7})
    assert body == ProviderUpdate(label="x")


def test_a_query_names_one_kind_or_several_never_both() -> None:
    ids = {"providerMetadataIds": ["aem", "acs"], "eventmetadata": "true"}
    assert read(ProviderQuery, ids).with_event_metadata
    assert refused(ProviderQuery, ids | {"providerMetadataId": "aem"}) == (
        "providerMetadataIds: a list of 2; expected none beside providerMetadataId"
    )


def test_the_query_eventmetadata_is_true_or_false() -> None:
    assert refused(ProviderQuery, {"eventmetadata": "maybe"}).startswith("eventmetadata: 'maybe'")


VALID = {"label": "Order placed", "description": "An order.", "event_code": "com.example-1.a_b"}


def encoded(text: str) -> str:
    return base64.b64encode(text.encode()).decode()


@for_each("template", [None, "", encoded('{"a": "é"}'), encoded("[1]"), encoded("2")])
def test_a_sample_is_any_json_in_base64_or_none(template: str | None) -> None:
    body = read(EventMetadataBody, VALID | {"sample_event_template": template})
    assert body.sample_event_template == template


def test_the_largest_sample_is_accepted_and_a_larger_one_refused() -> None:
    largest = encoded(f'"{"x" * (LONGEST_SAMPLE // 4 * 3 - 2)}"')
    assert len(largest) == LONGEST_SAMPLE - 2
    read(EventMetadataBody, VALID | {"sample_event_template": largest})
    larger = VALID | {"sample_event_template": f"{largest}AAAA"}
    assert "at most 87382 characters" in refused(EventMetadataBody, larger)


@for_each(
    ("template", "expected"),
    [
        ("{}", "expected text like"),
        ("eyJ", "expected text like"),
        (encoded("{"), "expected JSON in UTF-8, in base64"),
        (encoded("NaN"), "expected JSON in UTF-8, in base64: NaN"),
        (base64.b64encode(b"\xff").decode(), "expected JSON in UTF-8, in base64"),
    ],
)
def test_a_sample_that_could_not_be_posted_is_refused(template: str, expected: str) -> None:
    sentence = refused(EventMetadataBody, VALID | {"sample_event_template": template})
    assert sentence.startswith("sample_event_template: ")
    assert expected in sentence


@for_each("field", VALID)
@for_each("value", [None, "", "a\x00b", "é", "x" * 256, 7])
def test_each_other_field_is_required_with_length_and_pattern(field: str, value: Any) -> None:
    assert refused(EventMetadataBody, VALID | {field: value}).startswith(f"{field}: ")


@for_each("code", ["a b", "a/b", "a\n", "a:b"])
def test_an_event_code_is_letters_digits_dots_dashes_and_underscores(code: str) -> None:
    assert refused(EventMetadataBody, VALID | {"event_code": code}).startswith("event_code: ")


def test_all_mistakes_of_event_metadata_are_named_at_once() -> None:
    assert refused(EventMetadataBody, {}).count("expected a value") == 3
