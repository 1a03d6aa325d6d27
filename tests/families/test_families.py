"""Every event code has a sample: a shipped scenario, or an example that its family tells."""

from __future__ import annotations

from datetime import UTC, datetime

from pydantic import TypeAdapter

from flowsim.families import registry
from flowsim.families.entries import Entry, Passage
from flowsim.runtime.chance import Chance
from flowsim.scenario.files import shipped
from flowsim.story.opening import open_story

from ..cases import for_each

CODES = registry.shipped().event_codes()


@for_each("code", [each for each in CODES if not CODES[each].scenario])
def test_an_example_has_an_event_of_its_kind(code: str) -> None:
    """A code without a scenario of its own has an example; it is an entry without defaults."""
    family = registry.shipped().by_code(code)
    assert family is not None
    said = TypeAdapter(family.model()).validate_python(CODES[code].example)
    prepared = family.teller(Chance.of(7, ""), None).prepared(Entry(said))
    told = prepared.tell("0.0", datetime(2026, 1, 15, 9, 30, tzinfo=UTC), Passage())
    assert code in [each.notification.event_code for each in told]


@for_each("scenario", {each.scenario for each in CODES.values() if each.scenario})
def test_a_sample_scenario_has_an_event_of_each_kind_that_names_it(scenario: str) -> None:
    events = open_story(str(shipped()[scenario])).events()
    wanted = {code for code, each in CODES.items() if each.scenario == scenario}
    assert wanted <= {each.notification.event_code for each in events}
