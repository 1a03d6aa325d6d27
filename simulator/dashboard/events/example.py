"""An example that follows from chosen options: its scenario, its story, its events.

The scenario is the text that the page offers to copy, and the story is made from this text. So
what is shown is what ``flowsim show`` prints of it.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import islice
from typing import Any
from urllib.parse import parse_qsl, urlencode

from ...core.event import Event
from ...errors import Problem, ScenarioError, SettingError
from ...families.event_line import line_with_reason
from ...files import yaml_writing
from ...files.yaml_documents import parse_text
from ...reports.event_guide import EventGuide
from ...story.opening import changes_of, story_of
from ...story.story import Story
from . import options
from .formats import ShownFormat, formats_of
from .options import AT, FAULT, LONGEST, NAMES_FIELD, SAY, SEED, START, USUAL_SEED, Option

MOST_EVENTS = 100
"""How many events of a story are made, at most."""

MOST_SHOWN = 6
"""How many events with the code are shown with their payloads, at most."""

LONGEST_QUERY = 20_000

CHOSEN = "chosen"
"""Form field that says that a form was sent: what it leaves out is left out."""

_PLACES = {SEED: SEED, AT: AT, "registration.names": NAMES_FIELD}
"""Where a scenario has something → the form field."""

_COMMON = (NAMES_FIELD, SEED, AT, FAULT)


@dataclass(frozen=True, slots=True)
class ChosenOptions:
    """What was chosen: form field → text, without empty ones. ``kept`` is the last good choice."""

    texts: Mapping[str, str]
    kept: str = ""

    @classmethod
    def of(cls, guide: EventGuide, query: Mapping[str, str]) -> ChosenOptions:
        """Return what a query chooses; without the mark of a form it is the code's example."""
        known = {*(SAY + each.name for each in options.settings_of(guide.family)), *_COMMON}
        found = {key: text for key, text in query.items() if key in known}
        if CHOSEN not in query:
            found = dict(options.texts_of(guide.code.example)) | found
        stated = {key: text for key, text in found.items() if text.strip()}
        return cls(stated, query.get("kept", "")[:LONGEST_QUERY])

    @property
    def query(self) -> str:
        """The choice as a query."""
        return urlencode({CHOSEN: "1", **self.texts})

    def last_good(self, guide: EventGuide) -> ChosenOptions:
        """Return the choice before this one, that of the code if there is none."""
        return ChosenOptions.of(guide, dict(parse_qsl(self.kept)))

    @classmethod
    def of_entry(cls, said: Mapping[str, Any]) -> ChosenOptions:
        """Return the choice that stands for what an entry says, such as that of a variant."""
        return cls(dict(options.texts_of(said)))


@dataclass(frozen=True, slots=True)
class ShownEvent:
    """An event of the story with the code, in each delivery format.

    ``says`` is what it says in a few words, ``after`` the seconds since the story began.
    """

    id: str
    says: str
    after: float
    formats: tuple[ShownFormat, ...]


@dataclass(frozen=True, slots=True)
class ExampleStory:
    """The story of an example: its scenario, the events with the code, and the other events.

    ``others`` are code, seconds since the beginning, and what the event says. ``more`` counts the
    events with the code that are not shown.
    """

    scenario: str
    events: tuple[ShownEvent, ...]
    more: int
    others: tuple[tuple[str, float, str], ...]


@dataclass(frozen=True, slots=True)
class ShownExample:
    """The example of a page: its form, and its story.

    ``mistakes`` are sentences that belong to no field. If there is any mistake, ``is_earlier``:
    the example is that of the last good choice. ``choices`` are those of the example.
    """

    options: tuple[Option, ...]
    mistakes: tuple[str, ...]
    is_earlier: bool
    choices: ChosenOptions
    example: ExampleStory


def shown(guide: EventGuide, query: Mapping[str, str]) -> ShownExample:
    """Return the example that a query chooses; with mistakes in it, the last good one."""
    choices = ChosenOptions.of(guide, query)
    mistakes: dict[str, tuple[str, ...]] = {}
    try:
        good, example = choices, example_of(guide, choices)
    except (ScenarioError, SettingError) as error:
        mistakes = _by_field(guide, error)
        good, example = _good(guide, choices)
    fields = tuple(options.options_of(guide.family, choices.texts, mistakes))
    return ShownExample(fields, mistakes.get("", ()), bool(mistakes), good, example)


def _good(guide: EventGuide, choices: ChosenOptions) -> tuple[ChosenOptions, ExampleStory]:
    """Return the last choice without a mistake, and its example; at last that of the code."""
    before = choices.last_good(guide)
    try:
        return before, example_of(guide, before)
    except (ScenarioError, SettingError):
        usual = ChosenOptions.of(guide, {})
        return usual, example_of(guide, usual)


def _by_field(guide: EventGuide, error: ScenarioError | SettingError) -> dict[str, tuple[str, ...]]:
    """Return sentences by the field that they are about; those about no field have the key ""."""
    problems = error.problems if isinstance(error, ScenarioError) else ()
    found: dict[str, tuple[str, ...]] = {}
    for each in problems:
        key = _field_of(guide, each)
        sentence = each.sentence if key or not each.path else f"{each.path}: {each.sentence}"
        found[key] = (*found.get(key, ()), sentence)
    return found or {"": (str(error),)}


def _field_of(guide: EventGuide, problem: Problem) -> str:
    """Return the form field that a problem is about; empty if it is about no single one."""
    path = problem.path
    if path.startswith("faults"):
        return FAULT
    if path in _PLACES:
        return _PLACES[path]
    said = path.removeprefix(f"events[0].{guide.family.name}").removeprefix(".").partition("[")[0]
    names = [each.name for each in options.settings_of(guide.family)]
    return SAY + said if said in names else ""


def story_from(guide: EventGuide, choices: ChosenOptions, client_id: str | None = None) -> Story:
    """Return the story of a choice, for a recipient.

    Raises ``ScenarioError``, or ``SettingError`` for its end.
    """
    if long := [key for key, text in choices.texts.items() if len(text) > LONGEST]:
        found = f"text of {len(choices.texts[long[0]]):,} characters"
        name = long[0].removeprefix(SAY)
        path = f"events[0].{guide.family.name}.{name}" if long[0] != name else _path_of(name)
        raise ScenarioError([Problem("", 0, 0, path, found, f"at most {LONGEST:,}")])
    document = parse_text(scenario_of(guide, choices), guide.code.code)
    changes = changes_of([], client_id=client_id)
    return story_of(guide.code.code, document, changes, families=guide.families)


def _path_of(field: str) -> str:
    return next((path for path, each in _PLACES.items() if each == field), "faults[0]")


def example_of(guide: EventGuide, choices: ChosenOptions) -> ExampleStory:
    """Return the example of a choice; raises as ``story_from`` does."""
    story = story_from(guide, choices)
    events = [*islice(story.events(), MOST_EVENTS)]
    own = [each for each in events if each.code == guide.code.code]
    return ExampleStory(
        scenario_of(guide, choices),
        tuple(_shown_event(guide, story, each) for each in own[:MOST_SHOWN]),
        max(0, len(own) - MOST_SHOWN),
        tuple(_others(guide, story, events)),
    )


def _others(
    guide: EventGuide, story: Story, events: list[Event]
) -> Iterator[tuple[str, float, str]]:
    for each in events:
        if each.code != guide.code.code:
            yield (
                each.code,
                _after(story, each),
                line_with_reason(guide.families, each.code, each.content),
            )


def _shown_event(guide: EventGuide, story: Story, event: Event) -> ShownEvent:
    says = line_with_reason(guide.families, event.code, event.content)
    return ShownEvent(
        event.id, says, _after(story, event), tuple(formats_of(guide.family, story, event))
    )


def _after(story: Story, event: Event) -> float:
    return (event.time - story.begin).total_seconds()


def scenario_of(guide: EventGuide, choices: ChosenOptions) -> str:
    """Return the scenario of a choice, as YAML."""
    texts = choices.texts
    entry: dict[str, Any] = {guide.family.name: options.said_from(guide.family, texts)}
    scenario: dict[str, Any] = {
        "description": guide.code.summary or guide.code.label,
        "seed": options.number_of(texts.get(SEED, str(USUAL_SEED))),
        "at": texts.get(AT, START),
    }
    if names := texts.get(NAMES_FIELD):
        scenario["registration"] = {"names": names}
    if fault := texts.get(FAULT):
        scenario["faults"] = [fault]
    return "\n".join(yaml_writing.block({**scenario, "events": [entry]})) + "\n"
