"""Stories of data ingestion, Analytics Triggers and Asset Compute."""

from __future__ import annotations

from itertools import pairwise
from typing import Any

import pytest

from flowsim.core import instant
from flowsim.errors import ScenarioError
from flowsim.families import registry
from flowsim.families.entries import Passage
from flowsim.scenario.files import shipped
from flowsim.story.opening import open_story

from ...cases import for_each
from ..aep.reading import BEGIN, contents, family, tell

MESSAGE = "com.adobe.mcloud.pipeline.pipelineMessage"
TRIGGER = "com.adobe.mcloud.protocol.trigger"


def test_a_batch_goes_from_the_data_lake_to_profile_and_identity_service() -> None:
    told = tell("data_ingestion", {"profile": "failure", "identity": "success"})
    found = contents(told)
    codes = [each["xdm:eventCode"] for each in found]
    assert codes == ["ing_load_success", "ps_load_failure", "ig_load_success"]
    assert {each.notification.event_code for each in told} == {"platform_event"}
    for name in ("xdm:ingestionId", "xdm:datasetId"):
        assert len({each[name] for each in found}) == 1
    results = [family("data_ingestion").result(each) for each in found]
    assert results == ["success", "failed", "success"]


def test_the_moments_of_a_batch_follow_each_other() -> None:
    (found,) = contents(tell("data_ingestion", {"load": "failure"}))
    names = ("xdm:completed", "sentTime", "processStartTime", "transformedTime")
    assert type(found["sentTime"]) is str
    moments = [int(found[each]) for each in names]
    assert moments == sorted(set(moments))
    assert moments[-1] == instant.to_ms(BEGIN)


def test_nothing_follows_a_batch_that_is_not_in_the_data_lake() -> None:
    with pytest.raises(ScenarioError, match="after a failure"):
        tell("data_ingestion", {"load": "failure", "profile": "success"})


@for_each("edition", ["newest", "older"])
def test_the_path_of_a_trigger_never_falls_and_ends_before_it_fires(edition: str) -> None:
    for seed in range(20):
        (found,) = contents(tell("analytics_trigger", {"edition": edition}, seed=seed))
        fired = found[MESSAGE][TRIGGER]
        times = [each["timestamp"] for each in fired["triggerPath"]]
        assert all(one <= two for one, two in pairwise([*times, fired["triggerTimestamp"]]))
        assert times[1] == times[2]
        assert times[3] - times[2] >= 5_000
        assert len(fired["mcId"]) == 38
        assert fired["mcId"].isdecimal()


def test_pages_of_a_visit_stand_in_both_dimensions_and_in_the_path() -> None:
    (found,) = contents(tell("analytics_trigger", {"pages": ["a.example", "a.example/cart"]}))
    fired = found[MESSAGE][TRIGGER]
    dimensions = fired["enrichments"]["analyticsHitSummary"]["dimensions"]
    assert dimensions["eVar3"]["data"] == ["a.example", "a.example/cart"]
    assert dimensions["pageURL"]["data"] == ["http://a.example", "http://a.example/cart"]
    assert fired["triggerPath"][1]["transition"].endswith("like 'a.example/cart'")
    assert fired["triggerPath"][0]["transition"] == "null"


def test_a_visitor_has_38_digits_as_printed() -> None:
    (found,) = contents(tell("analytics_trigger", {"visitor": "0" * 38}))
    assert found[MESSAGE][TRIGGER]["mcId"] == "0" * 38
    with pytest.raises(ScenarioError, match="expected visitor of 38 digits"):
        tell("analytics_trigger", {"visitor": "12"})


def test_the_older_print_has_members_around_the_same_content() -> None:
    (found,) = contents(tell("analytics_trigger", {"edition": "older"}))
    around = ["envelopeType", "partition", "offset", "createTime", "topic", MESSAGE]
    assert [*found] == around
    properties = {each["name"]: each["value"] for each in found[MESSAGE]["header"]["properties"]}
    fired = found[MESSAGE][TRIGGER]["triggerTimestamp"]
    assert properties["triggerFiredTimestamp"] == str(fired)
    assert found[MESSAGE]["header"]["sentTime"] == fired
    assert 0 < found["createTime"] - fired < 100


def _told(name: str) -> list[Any]:
    return [*open_story(str(shipped()[name])).events()]


def test_the_code_of_a_trigger_is_its_id_and_the_provider_names_the_organisation() -> None:
    told = [each for each in _told("console-trigger-rendition") if "Trigger" in str(each)]
    triggers = [each for each in told if MESSAGE in each.notification.content]
    assert len(triggers) == 2
    for each in triggers:
        message = each.notification.content[MESSAGE]
        assert message[TRIGGER]["triggerId"] == each.notification.event_code
        provider = f"AnalyticsTriggers_{message['header']['imsOrg']}"
        assert each.notification.envelope.provider == provider
    assert len({each.notification.event_code for each in triggers}) == 2


def test_renditions_of_one_request_share_what_the_request_said() -> None:
    passage = Passage()
    said: dict[str, Any] = {"source": "https://example.com/a.psd", "item": "a"}
    said["format"] = "image/jpeg"
    (first,) = contents(tell("asset_compute", said, label="one", passage=passage))
    more = {"request_of": "one", "name": "huge.png", "outcome": "failed"}
    (second,) = contents(tell("asset_compute", more, label="two", passage=passage))
    for name in ("requestId", "source", "userData"):
        assert first[name] == second[name]
    assert first["rendition"]["name"] != second["rendition"]["name"]


def test_a_failed_rendition_has_a_reason_and_no_metadata() -> None:
    (found,) = contents(tell("asset_compute", {"outcome": "failed"}))
    assert [*found] == [
        *("rendition", "errorReason", "errorMessage", "type", "date", "requestId", "source"),
        "userData",
    ]
    assert family("asset_compute").result(found) == "failed"


def test_members_of_a_rendition_follow_from_what_it_is() -> None:
    text = {"format": "text/plain", "encoding": "UTF-8", "name": "a.txt", "source": ""}
    (found,) = contents(tell("asset_compute", text))
    assert [*found["metadata"]] == ["repo:size", "dc:format", "repo:encoding", "repo:sha1"]
    assert "source" not in found
    said = {"activations": ["a1", "b2"], "embedded": "data:,x"}
    (made,) = contents(tell("asset_compute", said))
    assert (made["activationIds"], made["data"]) == (["a1", "b2"], "data:,x")
    assert [*made][1:5] == ["metadata", "activationIds", "data", "type"]


def test_a_journal_holds_the_bare_content_of_asset_compute() -> None:
    told = tell("asset_compute", {})[0].notification.envelope
    assert told is not None
    assert told.is_bare_in_journal
    assert registry.shipped()["asset_compute"].journal_only
