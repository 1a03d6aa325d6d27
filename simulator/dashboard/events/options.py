"""What may be chosen for an example: a form field for each setting of the family, and a few more.

A field that is left empty says nothing: the family's default counts. Entries of a scenario may
name other entries; an example has only one, so it offers no field for that.
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any, get_args

from ...core.spec_values import Names
from ...errors import ScenarioError
from ...families.base import Family
from ...families.registry import FAULTS
from ...families.settings import Setting
from ...files import yaml_writing
from ...files.yaml_documents import parse_text

SAY = "say."
"""Prefix of the form fields that hold what the entry says."""

SEED, AT, NAMES_FIELD, FAULT = "seed", "at", "names", "fault"
"""Form fields beside those: seed, beginning, id members of envelopes, and a fault."""

START = "2026-01-15T09:30:00Z"
"""When an example begins, unless it is stated."""

USUAL_SEED = 7

LONGEST = 1_000
"""The most characters of one field; longer text is a mistake."""

ID_NAMES: tuple[str, ...] = get_args(Names)

POINTS = ("run", "event", "payload", "body")
"""The points whose faults change what an example shows."""

_MANY = re.compile(r"\b(list|object)\b|\{")
"""Found in the type of a setting that may be a list or a mapping."""

_NUMBERS = {"count", "number", "whole number"}
_WHOLE = re.compile(r"-?[0-9]{1,400}")
_NUMBER = re.compile(r"-?[0-9]{1,300}\.[0-9]{1,300}")


@dataclass(frozen=True, slots=True)
class Option:
    """One form field.

    ``kind`` is ``select``, ``number`` or ``text``. ``values`` are those of a select,
    ``suggestions`` those that a text may have, each with what it is. ``value`` is the text in the
    field. ``mistakes`` are sentences about it.
    """

    key: str
    name: str
    kind: str
    type: str
    default: str
    about: str
    value: str
    values: tuple[str, ...] = ()
    suggestions: Mapping[str, str] | None = None
    mistakes: tuple[str, ...] = ()


def settings_of(family: Family) -> list[Setting]:
    """Return the settings of a family that one entry alone can state."""
    return [each for each in family.settings() if each.type != "entry"]


def options_of(
    family: Family, chosen: Mapping[str, str], mistakes: Mapping[str, tuple[str, ...]]
) -> Iterator[Option]:
    """Yield the fields for a family; ``chosen`` and ``mistakes`` are by the key of the field."""
    for each in settings_of(family):
        key = SAY + each.name
        yield Option(
            key,
            each.name,
            _kind(each),
            each.type,
            each.default,
            each.about,
            chosen.get(key, ""),
            _values(each),
            _suggestions(family, each.name),
            mistakes.get(key, ()),
        )
    for option in _common(family):
        key = option.key
        yield replace(option, value=chosen.get(key, ""), mistakes=mistakes.get(key, ()))


def _common(family: Family) -> Iterator[Option]:
    """Yield the fields that every family has, without their values."""
    about = "Which id members the envelope carries: new names, old names, or both."
    yield Option(NAMES_FIELD, "names of ids", "select", "", "both", about, "", ID_NAMES)
    about = "Decides everything that is drawn; another seed, another example."
    yield Option(SEED, "seed", "number", "whole number", str(USUAL_SEED), about, "")
    yield Option(AT, "at", "text", "moment", START, "When the story begins.", "")
    faults = tuple(faults_of(family))
    about = "What goes wrong with the event on its way."
    yield Option(FAULT, "fault", "select", "", "none", about, "", faults)


def faults_of(family: Family) -> Iterator[str]:
    """Yield the names of the faults that an example of a family can show."""
    for name, kind in FAULTS.items():
        if kind.point in POINTS and kind.family in ("", family.name):
            yield name


def _kind(setting: Setting) -> str:
    if setting.values or setting.type == "flag":
        return "select"
    return "number" if setting.type in _NUMBERS else "text"


def _values(setting: Setting) -> tuple[str, ...]:
    if setting.type == "flag":
        return ("true", "false")
    return tuple(map(str, setting.values))


def _suggestions(family: Family, name: str) -> Mapping[str, str] | None:
    """Return the words of the family's catalogue for a setting, such as ``source``."""
    kind = {"source": "sources", "errors": "errors"}.get(name)
    return (kind and family.words(kind)) or None


def said_from(family: Family, chosen: Mapping[str, str]) -> dict[str, Any]:
    """Return what an entry says, from the texts in the form fields."""
    said: dict[str, Any] = {}
    for setting in settings_of(family):
        text = chosen.get(SAY + setting.name, "")
        if text:
            *holders, last = setting.name.split(".")
            inner = said
            for each in holders:
                inner = inner.setdefault(each, {})
            inner[last] = _value(setting, text)
    return said


def _value(setting: Setting, text: str) -> Any:
    """Return a text as the value that a scenario would have; wrong text stays as it is."""
    if setting.values:
        return next((each for each in setting.values if str(each) == text), text)
    if setting.type == "flag":
        return {"true": True, "false": False}.get(text, text)
    if setting.type in _NUMBERS:
        return number_of(text)
    if _MANY.search(setting.type) and text.lstrip()[:1] in ("[", "{"):
        return _structure(text)
    if setting.type.startswith("list"):
        return [each.strip() for each in text.split(",") if each.strip()]
    return text


def _structure(text: str) -> Any:
    """Return a list or a mapping as YAML or JSON writes it on a line; wrong text as it is."""
    try:
        document = parse_text(text, "")
    except ScenarioError:
        return text
    return text if document.problems else document.value


def number_of(text: str) -> int | float | str:
    """Return a text as a number, or as it is if it is none."""
    plain = text.strip()
    if _WHOLE.fullmatch(plain):
        return int(plain)
    number = float(plain) if _NUMBER.fullmatch(plain) else math.inf
    return number if math.isfinite(number) else text


def texts_of(said: Mapping[str, Any], before: str = SAY) -> Iterator[tuple[str, str]]:
    """Yield the form fields, key and text, that stand for what an entry says."""
    for name, value in said.items():
        if isinstance(value, dict):
            yield from texts_of(value, f"{before}{name}.")
        elif isinstance(value, list):
            is_plain = all(isinstance(each, str) for each in value)
            yield before + name, ", ".join(value) if is_plain else yaml_writing.flow(value)
        elif value is not None:
            yield before + name, value if isinstance(value, str) else yaml_writing.scalar(value)
