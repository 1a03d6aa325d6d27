"""A few facts about a story."""

from __future__ import annotations

from flowsim.files.yaml_documents import parse_text
from flowsim.story.opening import open_story, story_of
from flowsim.story.overview import overview_of

TEXT = """\
description: |
  Two lines
  of text.
faults: [json-escapes]
events:
  - {flow_run: {}, repeat: 3, expect: rejected}
  - {flow_run: {}, after: 10m, faults: [{delay: 20m}, json-escapes]}
  - {payload: 1, after: 1h, expect: 410}
"""


def test_events_expectations_and_faults_are_counted() -> None:
    found = overview_of(story_of("s", parse_text(TEXT, "s")))
    assert found.description == "Two lines of text."
    assert found.event_count == 5
    assert found.expectations == {"rejected": 3, "delivered": 1, "410": 1}
    assert found.faults == ("json-escapes", "delay")
    assert found.length == 4200.0
    assert found.families[0] == "Flow runs of sources"


def test_passes_of_a_story_count() -> None:
    found = overview_of(open_story("cloudevents", passes=4))
    assert found.event_count == sum(found.expectations.values()) == 12
