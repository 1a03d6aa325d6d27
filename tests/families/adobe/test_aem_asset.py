"""Stories of AEM Assets: the life of an asset, changes of its metadata, and numbers as text."""

from __future__ import annotations

from typing import Any

import pytest

from flowsim.core import instant
from flowsim.errors import ScenarioError
from flowsim.families.entries import Passage

from ...cases import for_each
from ..aep.reading import BEGIN, contents, family, tell


def _steps(said: dict[str, Any]) -> list[tuple[str, float]]:
    """Return the last word of each code, and the minutes after the beginning."""
    return [
        (each.notification.event_code.rsplit(".", 1)[1], (each.time - BEGIN).total_seconds() / 60)
        for each in tell("aem_asset", said)
    ]


def test_an_asset_is_created_processed_changed_published_and_deleted() -> None:
    said = {"processing": "1m", "deleted_after": "1d"}
    assert _steps(said) == [
        ("created", 0),
        ("processing_completed", 1),
        ("metadata_updated", 5),
        ("published", 60),
        ("deleted", 24 * 60),
    ]


def test_a_replaced_file_is_processed_again_and_modified_then() -> None:
    said = {"processing": "1m", "replaced": True, "edited": False, "published": False}
    words = [each for each, _ in _steps(said)]
    assert words == [
        "created",
        "processing_completed",
        "updated",
        "processing_completed",
        "deleted",
    ]
    repository = [each["repositoryMetadata"] for each in contents(tell("aem_asset", said))]
    assert [instant.parse(each["repo:modifyDate"]).minute for each in repository] == [
        *(30, 31, 50, 50, 50)
    ]
    assert len({each["repo:createDate"] for each in repository}) == 1


@for_each(
    ("said", "words"),
    [
        ({"edited_after": "40d"}, "after its deletion"),
        ({"deleted_after": "1h"}, "after its deletion"),
        ({"replaced": True, "deleted_after": "20m", "published": False}, "after its deletion"),
        ({"processing": "5m"}, "before it is processed"),
        ({"replaced": True, "replaced_after": "1s"}, "before it is processed"),
    ],
)
def test_the_life_of_an_asset_has_an_order(said: dict[str, Any], words: str) -> None:
    with pytest.raises(ScenarioError, match=words):
        tell("aem_asset", said)


def test_a_time_of_what_does_not_happen_does_not_count() -> None:
    steps = [word for word, _ in _steps({"edited": False, "edited_after": "40d"})]
    assert steps == ["created", "processing_completed", "published", "deleted"]
    kept = [word for word, _ in _steps({"deleted": False, "edited_after": "40d"})]
    assert kept == ["created", "processing_completed", "published", "metadata_updated"]
    assert [word for word, _ in _steps({"action": "deleted", "edited_after": "40d"})] == ["deleted"]


def test_parts_of_a_life_may_be_left_out() -> None:
    said = {"edited": False, "published": False, "deleted": False}
    assert [each for each, _ in _steps(said)] == ["created", "processing_completed"]


def test_all_events_of_a_life_are_about_the_same_asset() -> None:
    told = contents(tell("aem_asset", {"replaced": True}))
    assert len({each["assetId"] for each in told}) == 1
    assert {each["repositoryMetadata"]["repo:path"] for each in told} == {
        "/content/dam/example/planner.pdf"
    }
    for each in told:
        same = each["repositoryMetadata"].get("repo:assetId", each["assetId"])
        assert same == each["assetId"]


def test_processing_has_no_user_and_only_smart_tags() -> None:
    said = {"action": "processing_completed", "keywords": "plush, toy", "width": 1465}
    (content,) = contents(tell("aem_asset", said))
    assert "user" not in content
    tags = [{"value": each, "confidence": 0.82} for each in ("plush", "toy")]
    assert content["assetMetadata"] == {"xcm:machineKeywords": tags}
    assert content["repositoryMetadata"]["tiff:imageWidth"] == 1465


def test_a_changed_property_is_told_with_its_old_and_its_new_value() -> None:
    said = {"action": "metadata_updated", "change": "changed", "description": "sad elmo 3"}
    (content,) = contents(tell("aem_asset", said))
    assert [*content["assetMetadata"]] == [
        *("xcm:machineKeywords", "event:updated", "dc:description")
    ]
    assert content["assetMetadata"]["event:updated"] == {"dc:description": "sad elmo 1"}
    assert content["assetMetadata"]["dc:description"] == "sad elmo 3"


def test_an_approval_is_a_new_property() -> None:
    said = {"action": "metadata_updated", "change": "approved"}
    (content,) = contents(tell("aem_asset", said))
    assert [*content["assetMetadata"]] == ["xcm:machineKeywords", "event:created", "dam:status"]
    assert content["assetMetadata"]["event:created"] == ["dam:status"]


@for_each(
    ("action", "size_as", "size"),
    [
        ("metadata_updated", None, "12"),
        ("metadata_updated", "number", 12),
        ("published", None, 12),
        ("published", "text", "12"),
    ],
)
def test_the_size_is_text_in_captures_and_a_number_in_the_document(
    action: str, size_as: str | None, size: int | str
) -> None:
    (content,) = contents(tell("aem_asset", {"action": action, "size": 12, "size_as": size_as}))
    assert content["repositoryMetadata"]["repo:size"] == size


def test_an_entry_about_the_asset_of_an_earlier_one_has_its_ids() -> None:
    passage = Passage()
    first = tell("aem_asset", {"action": "created", "name": "a.pdf"}, label="a", passage=passage)
    later = tell("aem_asset", {"asset_of": "a", "action": "metadata_updated"}, passage=passage)
    one, two = contents(first)[0]["repositoryMetadata"], contents(later)[0]["repositoryMetadata"]
    for name in ("repo:assetId", "repo:path", "repo:ancestors", "dam:sha1", "repo:createDate"):
        assert one[name] == two[name]
    assert contents(first)[0]["assetId"] == contents(later)[0]["assetId"]


@for_each(
    ("said", "order", "source"),
    [
        ({}, "id source", "acct:aem-p12345-e1234567@adobe.com"),
        (
            {"published_as": "documented"},
            "type source",
            "author-p12345-e1234567.adobeaemcloud.com",
        ),
    ],
)
def test_a_publication_is_written_as_captures_are_or_as_documented(
    said: dict[str, Any], order: str, source: str
) -> None:
    (told,) = tell("aem_asset", {"action": "published", **said})
    envelope = told.notification.envelope
    assert envelope is not None
    attributes = envelope.cloud_events or {}
    assert [*attributes][1:3] == order.split()
    assert attributes["source"] == source


@for_each("confidence", [-0.1, 1.01])
def test_no_confidence_is_outside_0_to_1(confidence: float) -> None:
    with pytest.raises(ScenarioError) as caught:
        tell("aem_asset", {"confidence": confidence})
    assert "expected confidence of at least 0 and at most 1" in str(caught.value)


@for_each("confidence", [0, 1])
def test_a_confidence_may_be_0_or_1(confidence: float) -> None:
    said = {"action": "processing_completed", "keywords": "toy", "confidence": confidence}
    (content,) = contents(tell("aem_asset", said))
    tags = [{"value": "toy", "confidence": confidence}]
    assert content["assetMetadata"]["xcm:machineKeywords"] == tags


def test_members_of_events_without_a_sample_are_derived() -> None:
    """A print of Adobe shows members of a publication, and captures those of other events."""
    table = family("aem_asset").fields()
    assert {each.grade for each in table.of_body("asset")} == {"C"}
    path = "repositoryMetadata.repo:path"
    grades = {
        body: each.grade
        for body in ("metadata_updated", "published")
        for each in table.of_body(body)
        if each.path == path
    }
    assert grades == {"metadata_updated": "B", "published": "A"}


def test_a_person_has_the_same_id_in_all_events_of_aem() -> None:
    (asset,) = contents(tell("aem_asset", {"action": "created"}))
    (page,) = contents(tell("aem_sites", {"kind": "page", "action": "created"}, label="later"))
    (other,) = contents(tell("aem_sites", {"kind": "page", "principal": "ann@example.com"}))
    assert asset["user"]["imsUserId"] == page["user"]["imsUserId"]
    assert other["user"]["imsUserId"] != page["user"]["imsUserId"]
