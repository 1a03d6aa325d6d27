"""What may be said about a kind of event: each field with its length and pattern (6.3)."""

from __future__ import annotations

import base64
from typing import Any

import pytest

from flowsim.errors import ApiError
from flowsim.events_service.event_metadata.bodies import LONGEST_SAMPLE, EventMetadataBody
from flowsim.events_service.request_body import read

SOUND = {"label": "Order placed", "description": "An order.", "event_code": "com.example-1.a_b"}


def encoded(text: str) -> str:
    return base64.b64encode(text.encode()).decode()


def refused(content: dict[str, Any]) -> str:
    with pytest.raises(ApiError) as caught:
        read(EventMetadataBody, content)
    return str(caught.value)


@pytest.mark.parametrize(
    "template", [None, "", encoded('{"a": "é"}'), encoded("[1]"), encoded("2")]
)
def test_a_sample_is_any_json_in_base64_or_none(template: str | None) -> None:
    body = read(EventMetadataBody, SOUND | {"sample_event_template": template})
    assert body.sample_event_template == template


def test_the_largest_sample_is_taken_and_a_larger_one_is_not() -> None:
    largest = encoded(f'"{"x" * (LONGEST_SAMPLE // 4 * 3 - 2)}"')
    assert len(largest) == LONGEST_SAMPLE - 2
    read(EventMetadataBody, SOUND | {"sample_event_template": largest})
    larger = SOUND | {"sample_event_template": f"{largest}AAAA"}
    assert "at most 87382 characters" in refused(larger)


@pytest.mark.parametrize(
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
    sentence = refused(SOUND | {"sample_event_template": template})
    assert sentence.startswith("sample_event_template: ")
    assert expected in sentence


@pytest.mark.parametrize("field", SOUND)
@pytest.mark.parametrize("value", [None, "", "a\x00b", "é", "x" * 256, 7])
def test_every_other_field_is_needed_and_has_its_length_and_pattern(field: str, value: Any) -> None:
    assert refused(SOUND | {field: value}).startswith(f"{field}: ")


@pytest.mark.parametrize("code", ["a b", "a/b", "a\n", "a:b"])
def test_an_event_code_is_letters_digits_dots_dashes_and_underscores(code: str) -> None:
    assert refused(SOUND | {"event_code": code}).startswith("event_code: ")


def test_all_mistakes_are_named_at_once() -> None:
    assert refused({}).count("expected a value") == 3
