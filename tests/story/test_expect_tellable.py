"""What an entry cannot tell is found before anything is delivered, and named with its place."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from click.testing import Result

from flowsim.errors import ApiError, ScenarioError
from flowsim.events_service.control.bodies import TriggerBody
from flowsim.events_service.control.triggering import trigger
from flowsim.events_service.service import Service
from flowsim.families import registry
from flowsim.story import entries
from flowsim.story.entries import StoryEntry
from flowsim.story.opening import open_story

from ..events_service.running import register
from ..webhook import Webhook

Flowsim = Callable[..., Result]
Write = Callable[[str], str]

OTHER = """\
seed: 1
events:
  - source_run: {}
    run: members
  - destination_run: {segment_of: members}
"""
"""A run of a source has no segment."""

FAMILY = """
label: Shares
summary: A cake was shared.
provider: {id: shares, label: Shares}
formats: {adobe_io: C}
codes: {shared: {label: Shared, summary: A cake was shared., grade: C}}
says: {guests: {count: 1}, before: {entry: null}}
draws: {cake: uuid()}
values: {share: 60 // guests, sum: "before.share + share if before else share"}
story: [{at: begin, code: shared, body: shared}]
bodies: {shared: {cake: "{{ cake }}", sum: "{{ sum }}"}}
"""


def test_nothing_is_delivered_of_a_story_that_would_stop(
    flowsim: Flowsim, scenario: Write, webhook: Webhook
) -> None:
    path = scenario(OTHER)
    for command in (["validate", path], ["replay", path, webhook.url], ["show", path]):
        result = flowsim(*command)
        assert result.exit_code == 2, result.output
        (line,) = result.stderr.splitlines()
        assert line.startswith(f"{path}:5:22: events[1].destination_run: no member 'segment'")
        assert "(destination_run.yaml:" in line
    assert not webhook.requests


def test_a_mistake_in_a_shipped_family_has_its_place_there(scenario: Write) -> None:
    """Shipped files are kept without places; they are read again for a mistake."""
    text = (Path(registry.__file__).parent / "adobe" / "destination_run.yaml").read_text("utf-8")
    before, _, _ = text.partition("\n  sent_segment: ")
    with pytest.raises(ScenarioError) as raised:
        open_story(scenario(OTHER))
    place = f"(destination_run.yaml:{before.count(chr(10)) + 2}:17: values.sent_segment)"
    assert place in raised.value.problems[0].found


def test_nothing_is_published_of_a_story_that_would_stop(service: Service) -> None:
    register(service, None, "journal")
    with pytest.raises(ApiError, match="no member 'segment'"):
        trigger(service, TriggerBody(text=f"{OTHER}  - flow_run: {{}}\n"))
    assert service.database.rows("SELECT * FROM event") == []


def test_all_entries_that_cannot_be_told_are_named_at_once(
    flowsim: Flowsim, scenario: Write, tmp_path: Path
) -> None:
    (tmp_path / "families").mkdir()
    (tmp_path / "families" / "share.yaml").write_text(FAMILY)
    path = scenario(
        "events:\n"
        "- {share: {guests: 2}, run: a}\n"
        "- {share: {guests: 0, before: a}}\n"
        "- {share: {guests: 3, before: a}}\n"
        "- {share: {guests: 0, before: a}}\n"
    )
    result = flowsim("validate", path, "--families", tmp_path / "families")
    lines = result.stderr.splitlines()
    assert [line.split(": ")[1] for line in lines] == ["events[1].share", "events[3].share"]
    assert all("a division by zero" in line and "share.yaml:9:" in line for line in lines)


def test_only_so_much_is_told_before_a_story_begins(
    monkeypatch: pytest.MonkeyPatch, scenario: Write, tmp_path: Path
) -> None:
    """Entries with large bodies are told on trial until the budget of all of them is spent."""
    (tmp_path / "families").mkdir()
    many = FAMILY.replace(
        '"{{ sum }}"}', '"{{ sum }}", many: {$each: 1000, $as: n, $value: "{{ n }}"}}'
    )
    (tmp_path / "families" / "share.yaml").write_text(many)
    told, tell = [], StoryEntry.tell

    def counted(entry: StoryEntry, *arguments: Any) -> Any:
        told.append(entry)
        return tell(entry, *arguments)

    monkeypatch.setattr(StoryEntry, "tell", counted)
    monkeypatch.setattr(entries, "MOST_ON_TRIAL", 20_000)
    text = "events:\n" + "- {share: {}}\n" * 60
    story = open_story(scenario(text), families=registry.with_folders((tmp_path / "families",)))
    assert (len(story.entries), 1 < len(told) < 40) == (60, True)


def test_what_follows_an_entry_with_a_label_is_not_blamed(scenario: Write) -> None:
    """An entry that names one that cannot be told cannot be told either."""
    text = OTHER + "    run: sent\n  - audit_event: {asset_of: sent}\n"
    with pytest.raises(ScenarioError) as raised:
        open_story(scenario(text))
    assert [each.path for each in raised.value.problems] == ["events[1].destination_run"]
