"""Activity streams of the add-on module of AEM: prints, what the module sends, and the ping."""

from __future__ import annotations

from typing import Any

from flowsim.families.entries import Occurrence, Passage

from ...cases import for_each
from ..aep.reading import contents, family, tell

OBJECT = "activitystreams:object"
PUBLICATIONS = ("page_published", "page_unpublished")
MODIFICATIONS = ("page_created", "page_updated", "page_deleted", "page_moved", "page_versioned")
ASSETS = ("asset_created", "asset_updated", "asset_deleted")
STREAMS = (*ASSETS, *PUBLICATIONS, *MODIFICATIONS, "osgi")

Json = dict[str, Any]


def _one(said: Json, **options: Any) -> Json:
    (content,) = contents(tell("aem_addon", said, **options))
    return dict(content)


def _told(said: Json) -> Occurrence:
    (told,) = tell("aem_addon", said)
    return told


def test_each_of_the_twelve_codes_has_an_action() -> None:
    actions = (*STREAMS, "ping")
    codes = {_told({"action": each}).notification.event_code for each in actions}
    assert codes == {*family("aem_addon").codes}
    assert len(codes) == 12


@for_each("action", STREAMS)
def test_the_module_sends_no_context_and_another_order_than_prints(action: str) -> None:
    content = _one({"action": action, "shape": "module"})
    assert [*content] == [
        *("@id", "@type", "activitystreams:published", "activitystreams:to"),
        *("activitystreams:generator", "activitystreams:actor", OBJECT),
        "xdmEventEnvelope:objectType",
    ]
    assert content["@id"].startswith("urn:oeid:aem:")
    assert content["activitystreams:published"] == "2026-01-15T09:30:00.000Z"
    user = "N/A" if action == "osgi" else "admin"
    assert content["activitystreams:actor"] == {"@id": user, "@type": "xdmAemUser"}


@for_each("action", MODIFICATIONS)
def test_modified_pages_are_as_the_module_sends_them_in_both_shapes(action: str) -> None:
    assert _one({"action": action}) == _one({"action": action, "shape": "module"})


@for_each("action", PUBLICATIONS)
def test_both_prints_of_a_publication_define_published(action: str) -> None:
    """That of an unpublished page does so by a slip."""
    content = _one({"action": action, "title": "Vintage Collection"})
    assert "xdmPublished" in content["@context"]
    assert "xdmUnpublished" not in content["@context"]
    assert content[OBJECT]["xdmComponentizedPage:path"].endswith("my-article.html")


def test_an_asset_that_is_gone_has_no_id() -> None:
    printed = _one({"action": "asset_deleted"})[OBJECT]
    assert [*printed] == ["@type", "xdmAsset:asset_id"]
    gone = _one({"action": "asset_deleted", "shape": "module"})[OBJECT]
    assert [*gone] == ["@type", "xdmAsset:asset_id", "xdmAsset:path"]
    assert gone["xdmAsset:asset_id"] == "N/A"
    there = _one({"action": "asset_deleted", "shape": "module", "gone": False})[OBJECT]
    assert there["xdmAsset:asset_id"].startswith("urn:aaid:aem:")


def test_a_deleted_page_has_neither_an_id_nor_a_title() -> None:
    deleted = _one({"action": "page_deleted"})[OBJECT]
    assert deleted["@id"] == deleted["pageModification:version"] == "N/A"
    assert "pageModification:title" not in deleted


def test_only_a_moved_page_says_where_it_was() -> None:
    for action in MODIFICATIONS:
        found = "pageModification:moveFromPath" in _one({"action": action})[OBJECT]
        assert found == (action == "page_moved")


def test_only_the_print_of_an_updated_asset_begins_with_its_media_type() -> None:
    printed, sent = (
        _one({"action": "asset_updated", "shape": each})[OBJECT] for each in ("print", "module")
    )
    assert next(iter(printed)) == "activitystreams:mediaType"
    assert "activitystreams:mediaType" not in sent


def test_an_osgi_event_has_no_actor_in_print_and_its_topic_twice_from_the_module() -> None:
    printed, sent = (_one({"action": "osgi", "shape": each}) for each in ("print", "module"))
    assert "activitystreams:actor" not in printed
    assert [*printed][-2:] == ["xdmEventEnvelope:objectType", "@context"]
    assert printed[OBJECT]["osgiEvent:properties"] == {"type": "created", "id": "1234"}
    topic = sent[OBJECT]["osgiEvent:topic"]
    assert sent[OBJECT]["osgiEvent:properties"]["event.topics"] == topic


def test_a_ping_is_no_activity_stream_and_has_its_time_as_text() -> None:
    assert _one({"action": "ping"}) == {
        "publisher": "AEM status check",
        "time": "1768469400000",
    }


def test_later_entries_are_about_the_asset_of_an_earlier_one() -> None:
    passage = Passage()
    created = _one({"action": "asset_created"}, label="a", passage=passage)[OBJECT]
    said = {"action": "asset_deleted", "content_of": "a"}
    deleted = _one(said, label="b", passage=passage)[OBJECT]
    assert created["xdmAsset:asset_id"] == deleted["xdmAsset:asset_id"]


def test_the_provider_header_names_the_organisation_and_the_author() -> None:
    envelope = _told({"org": "0A1B2C3D4E5F60718293A4B5@AdobeOrg"}).notification.envelope
    assert envelope is not None
    host = "author-p12345-e1234567.adobeaemcloud.com"
    assert envelope.provider == f"skyline_0A1B2C3D4E5F60718293A4B5@AdobeOrg_{host}"
