"""Stories of content logs: what somebody does with a file, one event each."""

from __future__ import annotations

from typing import Any

from flowsim.families.entries import Passage

from ...cases import for_each
from ..aep.reading import contents, tell


@for_each("action", ["Read", "Updated", "Created", "Copied", "Moved"])
def test_the_code_ends_with_the_action(action: str) -> None:
    (told,) = tell("content_log", {"action": action})
    assert told.notification.event_code == f"com.adobe.acp.contentlogs.{action.lower()}"
    assert told.notification.content["Action"] == action


def test_a_file_keeps_its_id_and_its_times_until_it_is_updated() -> None:
    passage, events = Passage(), list[dict[str, Any]]()
    for action, said in (
        ("Created", {"item_name": "plan.psd"}),
        ("Read", {"item_of": "file", "user_name": "Another User"}),
        ("Updated", {"item_of": "file"}),
        ("Read", {"item_of": "file"}),
    ):
        whole = {"action": action, **said}
        events += contents(tell("content_log", whole, label="file", passage=passage))
    assert len({each["Item ID"] for each in events}) == 1
    assert {each["Item Path"] for each in events} == {"[Test User] /cloud-content/testDir/plan.psd"}
    assert len({each["Created"] for each in events}) == 1
    created, read, updated, last = events
    assert created["Created"] == created["Last Modified"] == read["Last Modified"]
    assert updated["Last Modified"] == updated["Date"] == last["Last Modified"]


@for_each(("action", "digits"), [("Read", 9), ("Created", 9), ("Updated", 0)])
def test_the_time_of_an_update_has_seconds_only(action: str, digits: int) -> None:
    (told,) = tell("content_log", {"action": action})
    envelope = told.notification.envelope
    assert envelope is not None
    time = (envelope.cloud_events or {})["time"]
    assert len(time.removesuffix("Z").partition(".")[2]) == digits
