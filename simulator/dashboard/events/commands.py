"""Commands that make the same example in a terminal."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from ...core.shell_words import quoted
from ...reports.event_guide import EventGuide, command_parts, families_parts
from . import options
from .example import ChosenOptions
from .options import AT, FAULT, NAMES_FIELD, SEED, START, USUAL_SEED

VERBS = {
    "replay": "Deliver it to a webhook, signed; without a target, to a receiver of flowsim:",
    "trigger": "Publish it to the registrations of a running flowsim up:",
    "show": "Print it without sending it:",
}
"""Command → what it does with the example."""

_MORE = {"replay": " --target 3000/hook", "trigger": "", "show": " --as body"}

FILE = "my.yaml"


@dataclass(frozen=True, slots=True)
class ExampleCommand:
    """A command to paste, and what it does. It ``needs_file``: the scenario, saved as ``FILE``."""

    says: str
    command: str
    needs_file: bool


def commands_of(guide: EventGuide, choices: ChosenOptions) -> Iterator[ExampleCommand]:
    """Yield commands that make the example of a choice.

    They change the example of the event code by options. What that example says and the choice
    leaves out cannot be taken away by an option: then the scenario has to be saved first.
    """
    said = dict(_leaves(options.said_from(guide.family, choices.texts), guide.family.name))
    usual = dict(_leaves(guide.code.example, guide.family.name))
    needs_file = bool(usual.keys() - said.keys())
    for verb, says in VERBS.items():
        if needs_file:
            parts = [f"flowsim {verb} {FILE}", *families_parts(guide)]
        else:
            changes = {key: each for key, each in said.items() if usual.get(key) != each}
            parts = [*command_parts(guide, verb, changes | _registration(choices))]
            parts += _beginning(choices)
        yield ExampleCommand(says, " ".join(parts) + _MORE[verb], needs_file)


def _leaves(said: Mapping[str, Any], before: str) -> Iterator[tuple[str, Any]]:
    """Yield key and value of all that an entry says."""
    for name, value in said.items():
        if isinstance(value, dict):
            yield from _leaves(value, f"{before}.{name}")
        else:
            yield f"{before}.{name}", value


def _registration(choices: ChosenOptions) -> dict[str, Any]:
    texts, changes = choices.texts, {}
    if names := texts.get(NAMES_FIELD):
        changes["registration.names"] = names
    return changes | ({"faults": [texts[FAULT]]} if FAULT in texts else {})


def _beginning(choices: ChosenOptions) -> Iterator[str]:
    texts = choices.texts
    if texts.get(SEED, str(USUAL_SEED)) != str(USUAL_SEED):
        yield f"--seed {quoted(texts[SEED].strip())}"
    if texts.get(AT, START) != START:
        yield f"--at {quoted(texts[AT])}"
