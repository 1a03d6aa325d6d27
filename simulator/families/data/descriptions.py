"""What a family's file says of settings, steps and values, in words for readers."""

from __future__ import annotations

from ...files.yaml_writing import flow
from ..settings import Setting, spelled
from .computing import Named
from .says import LIST, Said
from .steps import Step


def setting_of(said: Said) -> Setting:
    """Return a setting that an entry may state."""
    choices = f"one of {', '.join(map(str, said.choices))}"
    default = spelled(said.default, is_duration=said.kind == "duration")
    if said.kind == LIST:
        default = "" if said.default is None else flow(said.default)
        kind = f"list of {choices}" if said.choices else LIST
        return Setting(said.name, kind, default, said.about)
    kind = choices if said.kind == "one_of" else said.kind
    return Setting(said.name, kind, default, said.about, said.choices)


def sentence_of(step: Step) -> str:
    """Return what a step tells, and when."""
    condition = f", if {_code(step.when.source)}" if step.when else ""
    if step.each:
        condition += f", for each {_code(step.name)} of {_code(step.each.source)}"
    return f"At {_code(step.at.source)}{condition}: {_code(step.code)}, body {_code(step.body)}."


def explained_of(value: Named) -> str:
    """Return how a value is computed, and what it is about."""
    about = f" {value.about}" if value.about else ""
    return f"{_code(value.expression.source)}.{about}"


def _code(text: str) -> str:
    return "`{}`".format(text.replace("`", "'"))
