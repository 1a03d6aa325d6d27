"""Stories of Creative Cloud assets: which parts of an asset an action changes, and folders."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pytest

from flowsim.errors import ScenarioError
from flowsim.families.entries import Occurrence, Passage

from ...cases import for_each
from ..aep.reading import contents, tell

NAME = "creative_cloud_asset"
REL = "http://ns.adobe.com/adobecloud/rel/"

Json = dict[str, Any]

# The table of actions in event-families.md 11: what the asset's own event says of its parts.
ACTIONS = {
    "created": {"metadata/repository": "created", "primary": "created"},
    "updated": {"metadata/repository": "updated", "primary": "updated"},
    "copied": {"metadata/repository": "created", "primary": "created"},
    "moved": {"metadata/repository": "updated"},
    "discarded": {"metadata/repository": "updated"},
    "restored": {"metadata/repository": "updated"},
    "deleted": {"metadata/repository": "deleted", "primary": "deleted"},
    "embedded-metadata": {"metadata/repository": "none", "metadata/embedded": "updated"},
}
CODES = {"created": "created", "copied": "created", "deleted": "deleted"}


def _resources(content: Json) -> Json:
    found: Json = content["xdmEntity"]["event:resources"]
    return {name.removeprefix(REL): each for name, each in found.items()}


def _actions(content: Json) -> dict[str, str]:
    return {name: each["event:action"] for name, each in _resources(content).items()}


def _metadata(content: Json) -> Json:
    found: Json = _resources(content)["metadata/repository"]["event:embedded"]
    return found


def _words(told: list[Occurrence]) -> list[str]:
    return [
        each.notification.event_code.removeprefix("com.adobe.platform.events.") for each in told
    ]


def _attributes(occurrence: Occurrence) -> Mapping[str, Any]:
    envelope = occurrence.notification.envelope
    assert envelope is not None
    assert envelope.cloud_events is not None
    return envelope.cloud_events


@for_each(("action", "parts"), ACTIONS.items())
@for_each("kind", ["file", "directory"])
def test_an_action_says_what_it_did_with_each_part_of_the_asset(
    kind: str, action: str, parts: dict[str, str]
) -> None:
    told = tell(NAME, {"kind": kind, "action": action})
    assert _words(told)[0] == f"{kind}_{CODES.get(action, 'updated')}"
    assert _actions(contents(told)[0]) == {**parts, "repository": "none"}


@for_each("action", ["created", "updated"])
def test_an_asset_with_versions_lists_its_version_history(action: str) -> None:
    (content,) = contents(tell(NAME, {"action": action, "versioned": True}))
    assert _actions(content)["version-history"] == action


@for_each(
    ("action", "folders"), {each: int(each in ("copied", "deleted")) for each in ACTIONS}.items()
)
def test_further_events_tell_of_the_folder_of_a_copy_or_of_a_deleted_asset(
    action: str, folders: int
) -> None:
    told = tell(NAME, {"action": action})
    later = told[1:] if action != "moved" else []
    assert len(later) == folders
    for each in later:
        assert _words([each]) == ["directory_updated"]
        content = each.notification.content
        assert _actions(content) == {
            "metadata/repository": "none",
            "primary": "updated",
            "repository": "none",
        }
        holder = _metadata(contents(told)[0])["repo:ancestors"][1]
        assert _metadata(content)["repo:assetId"] == holder
        assert _metadata(content)["repo:path"] == "/cloud-content"


def test_a_move_has_three_events_and_says_the_path_before() -> None:
    said = {"action": "moved", "new_folder": "archive", "old_region": "VA6"}
    asset, old, new = contents(tell(NAME, said))
    assert _metadata(asset)["repo:path"] == "/archive/download.jpeg"
    before = _resources(asset)["metadata/repository"]["event:updated"]
    assert before == {"repo:path": "/cloud-content/download.jpeg", "storage:region": "VA6"}
    assert [_metadata(each)["repo:path"] for each in (old, new)] == ["/cloud-content", "/archive"]
    assert _metadata(asset)["repo:ancestors"][1] == _metadata(new)["repo:assetId"]
    assert _metadata(old)["repo:assetId"] != _metadata(new)["repo:assetId"]


@for_each(
    ("action", "now", "before"),
    [("discarded", "DISCARDED", "ACTIVE"), ("restored", "ACTIVE", "DISCARDED")],
)
def test_a_state_that_changes_is_said_with_the_one_before(
    action: str, now: str, before: str
) -> None:
    (content,) = contents(tell(NAME, {"action": action}))
    assert _metadata(content)["repo:state"] == now
    assert _resources(content)["metadata/repository"]["event:updated"] == {"repo:state": before}


def test_links_of_a_folder_lead_to_the_folder() -> None:
    asset, folder = contents(tell(NAME, {"action": "deleted"}))
    for content, path in ((asset, "/cloud-content/download.jpeg"), (folder, "/cloud-content")):
        metadata = _metadata(content)
        by_id, by_path = metadata["_links"][f"{REL}primary"]
        assert by_id["href"].endswith(f"/content/storage/id/{metadata['repo:assetId']}")
        assert by_path["href"].endswith(f"relpath/{metadata['repo:repositoryId']}{path}")
        assert len(metadata["_links"]) == 14


def test_later_entries_are_about_the_same_asset_where_it_is_then() -> None:
    passage = Passage()
    first = contents(tell(NAME, {}, label="a", passage=passage))[0]
    moved = tell(NAME, {"action": "moved", "asset_of": "a"}, label="a", passage=passage)
    deleted = contents(tell(NAME, {"action": "deleted", "asset_of": "a"}, passage=passage))
    same = [first, contents(moved)[0], deleted[0]]
    assert len({_metadata(each)["repo:assetId"] for each in same}) == 1
    assert len({_metadata(each)["repo:createDate"] for each in same}) == 1
    assert _metadata(deleted[0])["repo:path"] == "/archive/download.jpeg"
    assert _metadata(deleted[1])["repo:assetId"] == _metadata(contents(moved)[2])["repo:assetId"]


def test_a_library_has_other_parts_other_links_and_another_order_of_attributes() -> None:
    (told,) = tell(NAME, {"kind": "library"})
    assert [*_attributes(told)] == [
        *("id", "source", "specversion", "type", "datacontenttype", "dataschema", "time"),
        *("xactionid", "recipient", "dataschemaversion", "event_id", "data"),
    ]
    content = told.notification.content
    assert [*_actions(content).items()] == [
        ("manifest", "created"),
        ("metadata/embedded", "created"),
        ("metadata/repository", "updated"),
        ("primary", "created"),
    ]
    metadata = _metadata(content)
    assert metadata["repo:path"] == f"/assets/adobe-libraries/{metadata['repo:name']}"
    assert not {f"{REL}bulk", f"{REL}metadata/peruser"} & {*metadata["_links"]}
    check = metadata["_links"][f"{REL}ac/check"][0]
    assert [*check] == ["href", "mode", "templated"]
    assert check["href"].endswith("{?privilege, relation}")
    assert not any("event:resourceGeneration" in each for each in _resources(content).values())


def test_the_data_of_a_file_comes_before_its_attributes() -> None:
    told = tell(NAME, {"action": "copied"})
    for each in told:
        attributes = _attributes(each)
        assert next(iter(attributes)) == "data"
        assert attributes["source"].startswith("urn:uuid:urn:aaid:sc:AP:")
        assert [*attributes["recipient"]] == ["userid"]
    assert len({_attributes(each)["xactionid"] for each in told}) == 1


@for_each("kind", ["file", "library"])
def test_with_credentials_of_a_server_no_recipient_is_named(kind: str) -> None:
    (told,) = tell(NAME, {"kind": kind, "credentials": "server"})
    assert "recipient" not in _attributes(told)


def test_a_library_is_neither_moved_nor_copied() -> None:
    with pytest.raises(ScenarioError):
        tell(NAME, {"kind": "library", "action": "moved"})


@for_each(
    "said",
    [
        {"kind": "library"},
        {"action": "copied"},
        {"action": "deleted"},
        {"kind": "directory", "action": "moved"},
    ],
)
def test_a_version_history_that_no_event_would_show_is_refused(said: Json) -> None:
    with pytest.raises(ScenarioError, match="a version history in an event that has none"):
        tell(NAME, {**said, "versioned": True})
