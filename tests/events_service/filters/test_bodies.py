"""The verdict of the validation endpoint."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

from flowsim.events_service.filters.bodies import FilterVerdict, validate
from flowsim.events_service.filters.model import parse
from flowsim.events_service.registrations.model import EventOfInterest

from ...cases import for_each

IMAGES = parse('{"data": {"asset_type": ["image"]}}')
IMAGE = {"type": "asset_created", "data": {"asset_type": "image"}}
VIDEO = {"type": "asset_created", "data": {"asset_type": "video"}}
CREATED, UPDATED, DELETED = (EventOfInterest("p1", f"asset_{code}") for code in "cud")


def test_kinds_and_custom_samples_have_separate_ordered_lists() -> None:
    verdict = validate(
        IMAGES,
        [(DELETED, None), (UPDATED, VIDEO), (CREATED, IMAGE)],
        [
            ("mine", '{"data": {"asset_type": ["video", "image"]}}'),
            ("other", '{"data": {}}'),
            ("broken", '{"data": '),
            ("read already", IMAGE),
        ],
    )
    assert verdict == FilterVerdict(
        accepted_event_metadata_ids=(CREATED,),
        rejected_event_metadata_ids=(UPDATED,),
        unknown_event_metadata_ids=(DELETED,),
        accepted_custom_sample_events=("mine", "read already"),
        rejected_custom_sample_events=("other",),
        invalid_custom_sample_events=("broken",),
    )


def test_the_fields_are_those_of_the_answer() -> None:
    verdict = asdict(validate(IMAGES, [(CREATED, IMAGE)], []))
    assert verdict.pop("accepted_event_metadata_ids") == (
        {"event_code": "asset_c", "provider_id": "p1"},
    )
    assert set(verdict.values()) == {()}
    assert {*verdict} == {
        "rejected_event_metadata_ids",
        "unknown_event_metadata_ids",
        "accepted_custom_sample_events",
        "rejected_custom_sample_events",
        "invalid_custom_sample_events",
    }


@for_each(
    "payload", ["", "{", "[]", "5", '"text"', "null", '{"a": NaN}', "[" * 10_000, None, 5, [IMAGE]]
)
def test_a_sample_that_is_no_event_is_unknown_or_invalid(payload: Any) -> None:
    """``exists: false`` would hold of it: it is unknown or invalid all the same."""
    filter_ = parse('{"data": [{"exists": false}]}')
    verdict = validate(filter_, [(CREATED, payload)], [("mine", payload)])
    assert verdict.unknown_event_metadata_ids == (CREATED,)
    assert verdict.invalid_custom_sample_events == ("mine",)


def test_samples_of_the_same_name_are_each_judged() -> None:
    custom = [("mine", each) for each in (IMAGE, VIDEO, IMAGE)]
    verdict = validate(IMAGES, [], custom)
    assert verdict.accepted_custom_sample_events == ("mine", "mine")
    assert verdict.rejected_custom_sample_events == ("mine",)
