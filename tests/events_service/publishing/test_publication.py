"""What a producer publishes, and which mistakes are refused."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from flowsim.errors import ApiError
from flowsim.events_service.publishing.publication import Origin, Publication, read

from ...cases import for_each

CLOUD_EVENT = {"content-type": "application/cloudevents+json"}
RAW = {
    "content-type": "application/json",
    "x-adobe-event-provider-id": "p1",
    "x-adobe-event-code": "order.placed",
}
MINIMAL = {"id": "7", "source": "urn:uuid:p1", "type": "order.placed"}
ORIGIN = Origin(datetime(2026, 1, 15, 9, 30, tzinfo=UTC), lambda: "a-new-id")


def published(headers: Mapping[str, str], content: Any, strict: bool = False) -> Publication:
    return read(headers.get, content, ORIGIN, strict)


def refused(headers: Mapping[str, str], content: Any, strict: bool = False) -> str:
    with pytest.raises(ApiError) as raised:
        published(headers, content, strict)
    assert raised.value.status_code == 400
    return str(raised.value).removeprefix("this cannot be published: ")


def test_a_cloud_event_keeps_extensions_and_is_ordered_as_captured() -> None:
    content = {
        "data": [1, None],
        "time": "2025-07-24T13:53:23.994109827Z",
        "xactionid": "x",
        "datacontenttype": "application/json",
        "type": "order.placed",
        "source": "urn:uuid:p1",
        "id": "7",
        "specversion": "1.0",
        "recipient": {"userid": "u"},
    }
    publication = published(CLOUD_EVENT, content, strict=True)
    assert publication.provider_id == "p1"
    assert publication.notification.event_code == "order.placed"
    assert publication.notification.member == "cloud_event"
    assert publication.notification.content == content
    assert [*publication.notification.content][:6] == [
        *("specversion", "id", "source", "type", "datacontenttype", "time")
    ]


def test_a_missing_specversion_is_accepted_unless_strict() -> None:
    assert published(CLOUD_EVENT, MINIMAL).notification.content == {"specversion": "1.0", **MINIMAL}
    assert refused(CLOUD_EVENT, MINIMAL, strict=True) == "specversion is missing, expected '1.0'"


def test_a_wrong_specversion_is_refused_even_if_not_strict() -> None:
    assert refused(CLOUD_EVENT, {**MINIMAL, "specversion": "0.3"}) == (
        "specversion is '0.3', expected '1.0'"
    )


def test_every_mistake_is_named() -> None:
    content = {
        "id": 7,
        "source": "p1",
        "time": "yesterday",
        "subject": "",
        "data": 1,
        "data_base64": "AA==",
    }
    assert refused(CLOUD_EVENT | {"x-event-phidata": "yes"}, content).split("; ") == [
        "id is 7, expected text of at most 2,048 characters",
        "type is missing",
        "source is 'p1', expected 'urn:uuid:' and the id of a provider",
        "subject is missing",
        "time is 'yesterday', expected a timestamp such as 2026-01-15T09:30:00Z",
        "data and data_base64 exclude each other",
        "the header x-event-phidata is 'yes', expected true or false",
    ]


@for_each("time", ["2026-01-15T09:30:00", "2026-01-15", 5, ["x"]])
def test_a_time_has_a_date_and_a_zone(time: object) -> None:
    assert "time is" in refused(CLOUD_EVENT, {**MINIMAL, "time": time})


@pytest.mark.parametrize("time", ["2026-01-15T09:30Z", "2026-01-15T09:30:00.123456789+01:00"])
def test_a_time_may_be_of_any_precision(time: str) -> None:
    assert published(CLOUD_EVENT, {**MINIMAL, "time": time}).notification.content["time"] == time


@for_each("content", [[MINIMAL], "text", 1, None])
def test_a_cloud_event_is_an_object(content: object) -> None:
    assert refused(CLOUD_EVENT, content) == "the body is not a JSON object"


def test_an_attribute_that_is_null_is_absent_but_data_may_be_null() -> None:
    content = {**MINIMAL, "subject": None, "x": None, "data": None}
    assert published(CLOUD_EVENT, content).notification.content == {
        "specversion": "1.0",
        **MINIMAL,
        "data": None,
    }


def test_a_strict_service_checks_extension_names_and_lists_ten_mistakes() -> None:
    content = {**MINIMAL, "specversion": "1.0", "event_id": "x"}
    assert published(CLOUD_EVENT, content)
    assert refused(CLOUD_EVENT, content, strict=True) == (
        "the attribute 'event_id' has other characters than a-z and 0-9"
    )
    many = {f"A{number}": 1 for number in range(1000)}
    assert refused(CLOUD_EVENT, content | many, strict=True).count(";") == 9


def test_phi_data_are_marked() -> None:
    marked = published(CLOUD_EVENT | {"x-event-phidata": "true"}, MINIMAL)
    plain = published(CLOUD_EVENT | {"x-event-phidata": "false"}, MINIMAL)
    assert marked.notification.content["phidata"] is True
    assert "phidata" not in plain.notification.content


@for_each("content", [{"order": 7}, [1], "text", None, 1.5])
def test_json_named_by_headers_becomes_the_data_of_a_cloud_event(content: object) -> None:
    publication = published(RAW, content, strict=True)
    assert publication.provider_id == "p1"
    assert publication.notification.content == {
        "specversion": "1.0",
        "id": "a-new-id",
        "source": "urn:uuid:p1",
        "type": "order.placed",
        "datacontenttype": "application/json",
        "time": "2026-01-15T09:30:00.000Z",
        "data": content,
    }


def test_raw_json_needs_the_headers_that_name_it() -> None:
    assert refused({"content-type": "application/json"}, {}).split("; ") == [
        "the header x-adobe-event-provider-id is missing",
        "the header x-adobe-event-code is missing",
    ]


def test_raw_phi_data_need_an_id() -> None:
    phi = RAW | {"x-event-phidata": "TRUE"}
    assert refused(phi, {}) == "the header x-event-id is missing"
    content = published(phi | {"x-event-id": "trace-7"}, {}).notification.content
    assert (content["id"], content["phidata"]) == ("trace-7", True)


@pytest.mark.parametrize("kind", [None, "text/plain", "application/cloudevents-batch+json"])
def test_another_content_type_is_refused_with_the_two_that_are_taken(kind: str | None) -> None:
    with pytest.raises(ApiError) as raised:
        published({"content-type": kind} if kind else {}, MINIMAL)
    assert raised.value.status_code == 415
    assert (kind or "is missing") in str(raised.value)
    assert "application/cloudevents+json" in str(raised.value)
    assert "x-adobe-event-code" in str(raised.value)


def test_the_content_type_may_have_parameters_and_any_case() -> None:
    headers = {"content-type": "Application/CloudEvents+JSON; charset=UTF-8"}
    assert published(headers, MINIMAL).provider_id == "p1"


NAMES = st.sampled_from([*MINIMAL, "specversion", "time", "data", "subject", "phidata", "Ä\n"])
VALUES = st.sampled_from(["1.0", "urn:uuid:p", "2026-01-15T09:30:00Z", "", None]) | st.text()
HEADERS = ("content-type", "x-event-phidata", "x-event-id", *RAW)
HEADER_VALUES = st.sampled_from(["application/json", *CLOUD_EVENT.values(), "true"]) | st.text()


@given(
    st.dictionaries(st.sampled_from(HEADERS), HEADER_VALUES),
    st.dictionaries(NAMES, VALUES | st.integers() | st.lists(st.none())) | VALUES,
    st.booleans(),
)
def test_any_request_is_published_or_refused(
    headers: dict[str, str], content: Any, strict: bool
) -> None:
    try:
        publication = published(headers, content, strict)
    except ApiError as error:
        status, text = error.status_code, str(error)
    else:
        status, text = 200, publication.provider_id
        assert publication.notification.content["source"] == f"urn:uuid:{text}"
    assert status in (200, 400, 415)
    assert status == 200 or text.isprintable()
