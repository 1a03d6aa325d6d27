"""Stories of AEM Sites: the two events of a deletion, hosts, users, ids, and both editions."""

from __future__ import annotations

from base64 import b64encode
from typing import Any

import pytest

from flowsim.core.envelope import Envelope
from flowsim.errors import ScenarioError
from flowsim.families.entries import Occurrence, Passage

from ...cases import for_each
from ..aep.reading import contents, tell

DELETED = {"action": "deleted", "variation": "summer"}
MODEL = "/conf/global/settings/dam/cfm/models/a-simple-cfm"
PRINTED_ID = "L2NvbmYvZ2xvYmFsL3NldHRpbmdzL2RhbS9jZm0vbW9kZWxzL2Etc2ltcGxlLWNmbQ"


def _words(told: list[Occurrence]) -> list[str]:
    return [each.notification.event_code.rsplit(".", 1)[1] for each in told]


def _envelope(occurrence: Occurrence) -> Envelope:
    envelope = occurrence.notification.envelope
    assert envelope is not None
    return envelope


def _times(told: list[Occurrence]) -> list[str]:
    return [(_envelope(each).cloud_events or {})["time"] for each in told]


def _after_the_second(spelled: str) -> float:
    return float(spelled.split(":")[2].removesuffix("Z"))


@for_each(
    ("arrival", "words"),
    [
        ({}, ["deleted", "variation"]),
        ({"arrival": "deleted-first"}, ["deleted", "variation"]),
        ({"arrival": "variation-first"}, ["variation", "deleted"]),
    ],
)
@for_each("edition", [2023, 2025])
def test_a_deleted_fragment_with_a_variation_has_two_events_in_either_order(
    arrival: dict[str, Any], words: list[str], edition: int
) -> None:
    """By their times the fragment was deleted 1.5 ms after the variation, whatever comes first."""
    for seed in range(20):
        told = tell("aem_sites", {**DELETED, **arrival, "edition": edition}, seed=seed)
        assert _words(told) == words
        times = dict(zip(_words(told), map(_after_the_second, _times(told)), strict=True))
        assert times["deleted"] - times["variation"] == pytest.approx(0.0015)
    variation = contents(told)[words.index("variation")]
    assert variation["changeSubType"] == "variation.deleted"
    assert variation["variationName"] == "summer"
    assert len({each["id"] for each in contents(told)}) == 1


def test_a_deleted_fragment_without_a_variation_has_one_event() -> None:
    assert _words(tell("aem_sites", {"action": "deleted"})) == ["deleted"]


@for_each("kind", ["contentFragment", "contentFragmentModel", "page"])
@for_each(
    ("action", "host"),
    [
        ("created", "author"),
        ("modified", "author"),
        ("published", "publish"),
        ("unpublished", "publish"),
        ("deleted", "author"),
    ],
)
def test_the_host_is_that_of_the_tier(kind: str, action: str, host: str) -> None:
    said = {"kind": kind, "action": action, "program": 7, "environment": 8}
    (content,) = contents(tell("aem_sites", said))
    assert content["sourceUrl"] == f"https://{host}-p7-e8.adobeaemcloud.com"
    assert content.get("tier") == ("publish" if host == "publish" else None)


def test_a_service_unpublishes_content_and_has_one_member_only() -> None:
    (content,) = contents(tell("aem_sites", {"action": "unpublished"}))
    assert content["user"] == {"principalId": "workflow-process-service"}
    (content,) = contents(tell("aem_sites", {"kind": "page", "action": "unpublished"}))
    assert content["user"] == {"principalId": "workflow-process-service"}
    (content,) = contents(tell("aem_sites", {"action": "unpublished", "user": "person"}))
    assert content["user"]["displayName"] == "First Last"


def test_the_id_of_a_model_is_its_path_in_base64_without_padding() -> None:
    said = {"kind": "contentFragmentModel", "action": "created", "model": MODEL}
    (content,) = contents(tell("aem_sites", said))
    assert (content["path"], content["id"]) == (MODEL, PRINTED_ID)
    assert b64encode(MODEL.encode()).decode().rstrip("=") == PRINTED_ID
    (content,) = contents(tell("aem_sites", {"action": "created", "model": MODEL}))
    assert content["model"] == {"id": PRINTED_ID, "path": MODEL}


def test_events_of_2023_have_neither_a_url_nor_tags_and_the_path_of_the_model_as_its_id() -> None:
    (told,) = tell("aem_sites", {"edition": 2023, "model": MODEL})
    content = told.notification.content
    assert [*content] == ["user", "path", "model", "id", "properties"]
    assert content["model"] == {"id": MODEL}
    assert not content["user"]["imsUserId"].startswith("ims-")
    assert len(_times([told])[0]) == len("2023-12-12T20:36:43.583228Z")


def test_an_entry_about_the_content_of_an_earlier_one_has_its_ids() -> None:
    passage = Passage()
    said = {"action": "created", "path": "/content/dam/a", "model": MODEL, "tags": "x"}
    first = contents(tell("aem_sites", said, label="a", passage=passage))[0]
    later = {"content_of": "a", "action": "published", "published_members": "all"}
    second = contents(tell("aem_sites", later, passage=passage))[0]
    assert {name: second[name] for name in ("path", "id", "model", "tags")} == {
        name: first[name] for name in ("path", "id", "model", "tags")
    }


@for_each(
    "said",
    [
        {"kind": "page", "action": "variation"},
        {"kind": "contentFragmentModel", "action": "moved"},
        {"action": "modified", "variation": "summer"},
    ],
)
def test_what_aem_does_not_send_is_refused(said: dict[str, Any]) -> None:
    with pytest.raises(ScenarioError):
        tell("aem_sites", said)


def test_only_modified_fragments_name_a_schema() -> None:
    kinds = ("contentFragment", "contentFragmentModel", "page")
    for kind in kinds:
        for action in ("created", "modified", "published"):
            (told,) = tell("aem_sites", {"kind": kind, "action": action})
            names_schema = "dataschema" in (_envelope(told).cloud_events or {})
            assert names_schema == (told.notification.event_code.endswith("Fragment.modified"))


def test_the_provider_header_names_the_organisation_and_the_environment() -> None:
    (told,) = tell("aem_sites", {"org": "0A1B2C3D4E5F60718293A4B5@AdobeOrg"})
    account = "acct-aem-p12345-e1234567@adobe.com"
    assert _envelope(told).provider == f"aemsites_0A1B2C3D4E5F60718293A4B5@AdobeOrg_{account}"
