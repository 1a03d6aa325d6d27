"""The four streams of Marketo: activities of a lead, user audit, notifications, observability."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from pydantic import ValidationError

from flowsim.core import instant
from flowsim.errors import ScenarioError
from flowsim.families.entries import Passage

from ...cases import for_each
from ..aep.reading import BEGIN, contents, family, tell

ACTIVITY = "com.adobe.platform.marketo.activity"
AUDIT = "com.adobe.platform.marketo.audit.user"
BETA = "com.adobe.platform.marketo"


def _codes(name: str, **said: Any) -> list[str]:
    return [each.notification.event_code for each in tell(name, said)]


def _only(name: str, **said: Any) -> dict[str, Any]:
    (content,) = contents(tell(name, said))
    return content


def test_a_lead_becomes_a_customer() -> None:
    told = tell("marketo_activity", {"every": "2h"})
    assert [each.notification.event_code.rpartition(".")[2] for each in told] == [
        *("visitwebpage", "filloutform", "newlead", "changescore", "sendemail", "emaildelivered"),
        *("openemail", "clickemail", "changescore", "interestingmoment", "changeowner"),
        *("changerevenuestage", "addtoopportunity", "convertlead"),
    ]
    assert told[-1].time - BEGIN == timedelta(hours=26)
    assert len({each["leadId"] for each in contents(told)}) == 1
    assert len({each["activityLogItemId"] for each in contents(told)}) == len(told)


def test_each_activity_has_the_code_of_its_name_and_its_number() -> None:
    """Numbers of the list in section 18, some of each hundred."""
    wanted = {"Click Link": 3, "SFDC Activity": 26, "Add to SFDC Campaign": 42, "Call Webhook": 110}
    wanted |= {"Change Nurture Cadence": 115, "Sync Lead to Microsoft": 300, "Vote in Poll": 401}
    wanted |= {"Disqualify Sweepstakes": 408, "Refer to Social App": 410}
    for name, number in wanted.items():
        (told,) = tell("marketo_activity", {"activities": [name]})
        content = told.notification.content
        suffix = name.replace(" ", "").lower()
        assert told.notification.event_code == f"{ACTIVITY}.standard.{suffix}"
        assert (content["activityType"], content["activityTypeId"]) == (name, number)


def test_there_are_64_standard_activities_with_a_code_and_a_number_each() -> None:
    found = family("marketo_activity")
    names = [each.label for code, each in found.codes.items() if ".standard." in code]
    told = contents(tell("marketo_activity", {"activities": names}))
    assert len(names) == len({each["activityTypeId"] for each in told}) == 64
    assert [each["activityType"] for each in told] == names


def test_custom_activities_share_one_code() -> None:
    (told,) = tell(
        "marketo_activity",
        {"activities": ["Custom"], "custom_name": "Attended webinar", "custom_id": 100_007},
    )
    content = told.notification.content
    assert told.notification.event_code == f"{ACTIVITY}.custom"
    assert (content["activityType"], content["activityTypeId"]) == ("Attended webinar", 100_007)


def test_only_a_clicked_link_has_attributes() -> None:
    assert _only("marketo_activity", activities=["Visit Webpage"])["attributes"] == []
    assert len(_only("marketo_activity", activities=["Click Link"])["attributes"]) == 6


def test_programs_and_campaigns_are_there_if_they_are_said() -> None:
    content = _only("marketo_activity", activities=["Custom"], program="Webinars")
    assert content["programName"] == "Webinars"
    assert "campaignId" not in content


def test_the_activity_may_be_before_the_event() -> None:
    content = _only("marketo_activity", activities=["Click Link"], delay="1s")
    assert instant.parse(content["activityDate"]) == BEGIN - timedelta(seconds=1)


def test_a_later_entry_can_be_about_the_same_lead() -> None:
    passage = Passage()
    first = contents(tell("marketo_activity", {}, label="a", passage=passage))
    again = contents(tell("marketo_activity", {"lead_of": "a"}, label="b", passage=passage))
    third = contents(tell("marketo_activity", {"lead_of": "b"}, passage=passage))
    assert {each["leadId"] for each in (*first, *again, *third)} == {first[0]["leadId"]}
    assert first[0]["leadId"].isdigit()


def test_an_activity_that_is_not_listed_is_refused() -> None:
    with pytest.raises(ValidationError):
        tell("marketo_activity", {"activities": ["Buy House"]})
    with pytest.raises(ScenarioError):
        tell("marketo_activity", {"activities": []})
    with pytest.raises(ScenarioError):
        tell("marketo_activity", {"activities": ["Custom"], "custom_id": 5})


def test_each_action_of_each_component_can_be_told() -> None:
    table = family("marketo_audit").parts.tables["actions"]
    assert len(table) == 21
    for component, actions in table.items():
        codes = {_codes("marketo_audit", component=component, action=each)[0] for each in actions}
        assert codes == {f"{AUDIT}.{component.replace(' ', '').lower()}"}


@for_each(
    ("component", "action"),
    [
        ("Email", "activate"),
        ("Login", "approve"),
        ("Email Template", "move"),
        ("Smart List", "modify smart list setup"),
        ("Segmentation", "draftCreate"),
    ],
)
def test_an_action_that_a_component_does_not_have_is_refused(component: str, action: str) -> None:
    with pytest.raises(ScenarioError, match="an action that the component does not have"):
        tell("marketo_audit", {"component": component, "action": action})


def test_the_refusal_of_an_action_lists_those_of_the_component() -> None:
    table = family("marketo_audit").parts.tables["actions"]
    for component, actions in table.items():
        action = "login success" if component != "Login" else "approve"
        with pytest.raises(ScenarioError) as raised:
            tell("marketo_audit", {"component": component, "action": action})
        (problem,) = raised.value.problems
        listed = problem.expected.removeprefix("action: ").replace(" or ", ", ").split(", ")
        assert listed == list(actions)


def test_an_audit_event_is_a_cloud_event_in_a_body_without_an_id() -> None:
    inner = _only("marketo_audit", component="Landing Page", action="move")["body"]
    assert list(inner) == [
        *("specversion", "type", "source", "time", "datacontenttype", "dataschema", "data"),
    ]
    assert inner["time"] == "2026-01-15 09:30:00.000"


def test_a_notification_has_its_own_order_and_a_time_of_rfc_3339() -> None:
    inner = _only("marketo_notification")["body"]
    assert list(inner) == [
        *("specversion", "source", "time", "type", "dataschema", "datacontenttype", "data"),
    ]
    assert inner["time"] == "2026-01-15T09:30:00Z"
    assert list(inner["data"].items())[2:] == [
        ("componentType", "web_services"),
        ("subType", "dailyQuota"),
        ("eventAction", {"dailyQuota": 1000000, "percent": 25, "serviceNames": ["service"]}),
    ]


@for_each("kind", ["campaign_failure", "campaign_abort"])
def test_the_print_of_a_campaign_failure_has_the_data_of_an_abort(kind: str) -> None:
    inner = _only("marketo_notification", kind=kind)["body"]
    assert inner["type"] == f"{BETA}.notification.{kind}"
    assert inner["data"]["subType"] == "user_campaign_abort"
    assert inner["data"]["eventAction"] == {"campaignId": 1234, "userId": "user@example.com"}


def test_metrics_tell_of_each_hour() -> None:
    told = tell("marketo_observability", {"times": 3})
    windows = [instant.parse(each["windowStart"]) for each in contents(told)]
    assert windows == [each.time - timedelta(hours=1) for each in told]
    counts = {"received": 100, "created": 90, "updated": 5, "failed": {"503": 5}}
    both = {"high": counts, "normal": counts}
    assert contents(told)[0]["requests"] == {
        "received": 3,
        "processed": 1,
        "rejected": {"606": 1, "607": 1},
    }
    assert contents(told)[0]["records"] == {"person": both, "customObject": both}


def test_metrics_without_failures_list_no_codes() -> None:
    """As the print of results, whose records without failures have an empty object."""
    content = _only("marketo_observability", updated=10, rejected=0)
    assert content["requests"] == {"received": 1, "processed": 1, "rejected": {}}
    assert content["records"]["person"]["high"]["failed"] == {}


def test_results_are_those_of_the_print() -> None:
    first, second = _only("marketo_observability", kind="results")["requests"]
    assert first["records"] == {"received": 100, "created": 90, "updated": 10, "failed": {}}
    assert (first["requestSource"], second["requestSource"]) == (
        "Adobe Journey Optimizer",
        "Public API",
    )
    assert second["records"]["failed"] == {"503": 10, "404": 10}
    assert first["correlationId"] == second["correlationId"]
    assert first["requestId"] != second["requestId"]
    assert len(_only("marketo_observability", kind="results", requests=1)["requests"]) == 1


def test_the_status_is_that_of_the_print() -> None:
    assert _only("marketo_observability", kind="status") == {
        "munchkinId": "123-ABC-456",
        "quota": 65432100,
        "queue": {
            "high": {"lagSeconds": 15, "requestBacklog": 1, "recordBacklog": 100},
            "normal": {"lagSeconds": 135, "requestBacklog": 10, "recordBacklog": 1000},
        },
    }


def test_the_line_of_a_status_says_that_nothing_is_left_of_the_quota() -> None:
    content = _only("marketo_observability", kind="status", quota=0)
    assert family("marketo_observability").line(content) == "quota 0 of 123-ABC-456"


@for_each("said", [{"created": 99, "updated": 2}, {"times": 1001}, {"times": 0}, {"every": 0}])
def test_counts_that_cannot_be_are_refused(said: dict[str, Any]) -> None:
    with pytest.raises(ScenarioError):
        tell("marketo_observability", said)


def test_no_more_of_a_quota_is_used_than_there_is() -> None:
    (told,) = contents(tell("marketo_notification", {"percent": 100}))
    assert told["body"]["data"]["eventAction"]["percent"] == 100
    with pytest.raises(ScenarioError, match="expected percent of at most 100"):
        tell("marketo_notification", {"percent": 101})
