"""Every event family has event codes and samples."""

from __future__ import annotations

import pytest

from flowsim.families import registry
from flowsim.scenario.files import shipped
from flowsim.story.opening import open_story


def test_every_event_code_has_a_sample() -> None:
    assert all(each.scenario for each in registry.shipped().event_codes().values())


@pytest.mark.parametrize(
    ("code", "scenario"),
    [(each.code, each.scenario) for each in registry.shipped().event_codes().values()],
)
def test_a_sample_scenario_begins_with_its_kind_of_event(code: str, scenario: str) -> None:
    first = next(open_story(str(shipped()[scenario])).events())
    assert first.notification.event_code == code
