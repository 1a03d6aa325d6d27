"""Makes a scenario of a document, or reports all of its mistakes at once."""

from __future__ import annotations

import copy
import re
from collections.abc import Iterator
from dataclasses import replace
from typing import Any, TypeVar, get_args

from pydantic import BaseModel, ValidationError
from pydantic_core import ErrorDetails

from ..core.identifiers import CLIENT_ID, CLIENT_ID_WORDS, EVENT_CODE, EVENT_CODE_WORDS
from ..errors import Nearest, Problem, ScenarioError
from ..families.sources import is_family
from ..families.unknown_code import YOUR_OWN
from ..files.document import DIGITS, Document, Path
from .model import EventSpec, Scenario, Vocabulary, event_model, kinds_in, kinds_of, scenario_model
from .rules import may_be_kind, rules_of_correct_entries, rules_of_event, rules_of_story

ModelT = TypeVar("ModelT", bound=BaseModel)

_PATTERNS = {
    CLIENT_ID: CLIENT_ID_WORDS,
    EVENT_CODE: EVENT_CODE_WORDS,
    r"^[A-Za-z0-9_:.@{}-]{1,255}$": "letters, digits and any of _ : . @ { } -, at most 255",
}
_EXPECTED = {
    "dict_type": "a mapping",
    "model_type": "a mapping",
    "tuple_type": "a list",
    "list_type": "a list",
    "bool_type": "true or false",
    "too_long": "at most {max_length} of them",
    "int_type": "a whole number",
    "string_type": "text",
    "string_unicode": "whole characters",
    "string_too_short": "some text",
    "string_too_long": "text of at most {max_length} characters",
    "greater_than_equal": "a number of at least {ge}",
    "less_than_equal": "a number of at most {le}",
    "literal_error": "{expected}",
    "expected": "{expected}",
}

_WORD = re.compile("'([^']*)'")
_MOST_WORDS = 15
"""With more possible texts, only those near to a wrong one are named."""


def parse(document: Document, vocabulary: Vocabulary) -> Scenario:
    """Return the scenario, or raise ``ScenarioError`` with all its problems in file order."""
    if is_family(document.value):
        wanted = "a scenario; flowsim events --families DIR shows families"
        raise ScenarioError([document.problem((), "a family file", wanted)])
    problems: list[Problem] = []
    scenario = None
    model = scenario_model(vocabulary.families, kinds_in(document.value, vocabulary.families))
    try:
        scenario = model.model_validate(document.value, context=vocabulary)
    except ValidationError as error:
        problems += problems_of(document, error, model)
        problems += _problems_of_correct_parts(document, vocabulary)
    else:
        problems += rules_of_story(document, scenario, vocabulary)
    problems = [*_of_reading(document.problems, problems), *problems]
    if problems:
        raise ScenarioError(in_order(problems))
    assert scenario is not None
    return scenario


def _of_reading(read: tuple[Problem, ...], problems: list[Problem]) -> list[Problem]:
    """Return the problems of reading; one about too many digits says what its place allows."""
    allowed = {each.path: each.expected for each in reversed(problems)}
    return [
        replace(each, expected=allowed.get(each.path, each.expected))
        if each.found.endswith(DIGITS)
        else each
        for each in read
    ]


def problems_of(
    document: Document, error: ValidationError, model: type[BaseModel], at: Path = ()
) -> list[Problem]:
    """Return the problems of a value that should be a model; the value is ``at`` a path."""
    return [_problem(document, each, model, at) for each in error.errors() if _is_own(each)]


def in_order(problems: list[Problem]) -> list[Problem]:
    """Return problems in file order, one for each place: the first, which explains the others.

    A change on the command line says the same of each entry that it changes, so once is enough.
    """
    first = {(each.file, each.line, each.column, each.path): each for each in reversed(problems)}
    told = {
        place if each.line else (each.file, each.found, each.expected): each
        for place, each in first.items()
    }
    return sorted(told.values(), key=lambda each: (each.line, each.column))


def _problems_of_correct_parts(document: Document, vocabulary: Vocabulary) -> Iterator[Problem]:
    """Yield broken rules between the correct values of a scenario that has other mistakes."""
    value = document.value if isinstance(document.value, dict) else {}
    families, kinds = vocabulary.families, kinds_in(value, vocabulary.families)
    defaults, has_mistakes = {}, set()
    for family in families.with_defaults():
        stated = value.get(family.defaults_key, {})
        part, whole = _correct_part(family.model(), stated, vocabulary)
        defaults[family.name] = part or family.model()()
        has_mistakes |= set() if whole else {family.name}
    model, events = event_model(families, kinds), value.get("events")
    correct: dict[int, EventSpec] = {}
    for index, raw in enumerate(events if isinstance(events, list) else ()):
        event, whole = _correct_part(model, raw, vocabulary)
        if event is None:
            continue
        correct[index] = event
        is_whole = whole and has_mistakes.isdisjoint(kinds_of(event))
        yield from rules_of_event(document, index, event, defaults, vocabulary, is_whole=is_whole)
    yield from rules_of_correct_entries(document, correct, defaults, families)


def _correct_part(
    model: type[ModelT], value: object, vocabulary: Vocabulary
) -> tuple[ModelT | None, bool]:
    """Return a model of a value without its mistakes, and whether there were none."""
    try:
        return model.model_validate(value, context=vocabulary), True
    except ValidationError as error:
        pruned = copy.deepcopy(value)
        for detail in error.errors():
            _prune(pruned, detail["loc"])
    try:
        return model.model_validate(pruned, context=vocabulary), False
    except ValidationError:
        return None, False


def _prune(value: Any, path: Path) -> None:
    """Remove the member that a path leads to, or the list on the way to it."""
    for position, step in enumerate(path):
        is_last = position + 1 == len(path) or isinstance(path[position + 1], int)
        if not isinstance(value, dict) or step not in value:
            return
        if is_last:
            del value[step]
            return
        value = value[step]


def _problem(document: Document, detail: ErrorDetails, model: type[BaseModel], at: Path) -> Problem:
    path: Path = (*at, *detail["loc"])
    if detail["type"] == "missing":
        return document.problem(path, "nothing", f"the key {path[-1]}")
    if detail["type"] == "extra_forbidden":
        if wanted := _outside(detail, model):
            found = f"unknown key {spell_value(path[-1])}"
            return document.problem(path, found, wanted, at_key=True)
        holder = _model_at(model, detail["loc"][:-1])
        names, own = list(holder.model_fields), _own(document, path, holder)
        near = Nearest(str(path[-1]), names, suffices=True, otherwise=own)
        found = f"unknown key {spell_value(path[-1])}"
        choice = f"a key of a family, or {own}" if own else _one_of(holder)
        return document.problem(path, found, choice, at_key=True, nearest=near)
    context = detail.get("ctx", {})
    found = context.get("found") or spell_value(detail["input"])
    found_near = context.get("nearest") or _nearest_word(detail)
    return document.problem(path, found, _expected(detail), nearest=found_near)


def _nearest_word(detail: ErrorDetails) -> Nearest | None:
    """Return a search for what is near to a wrong text, if too many others were possible."""
    if detail["type"] != "literal_error" or not isinstance(detail["input"], str):
        return None
    words = _WORD.findall(detail.get("ctx", {})["expected"])
    return Nearest(detail["input"], words, suffices=True) if len(words) > _MOST_WORDS else None


def _outside(detail: ErrorDetails, model: type[BaseModel]) -> str:
    """Return where a key of an entry belongs that stands in what its family says."""
    *around, family, key = ("", "", *detail["loc"])
    holder = _model_at(model, tuple(around[2:]))
    inner = _model_at(model, detail["loc"][:-1])
    is_inside = issubclass(holder, EventSpec) and not issubclass(inner, EventSpec)
    return f"it beside {family}, not in it" if is_inside and key in EventSpec.model_fields else ""


def _one_of(holder: type[BaseModel]) -> str:
    """Return the keys that a mapping may have, without those of families."""
    keys = (EventSpec if issubclass(holder, EventSpec) else holder).model_fields
    return f"one of {', '.join(keys)}" if keys else "{}, since nothing can be said there"


def _own(document: Document, path: Path, holder: type[BaseModel]) -> str:
    """Return what else an unknown key may be: a family of the user, if no other is named there."""
    if not issubclass(holder, EventSpec):
        return ""
    value = document.value
    for step in path[:-1]:
        value = value[step]
    kinds = holder.model_fields.keys() - EventSpec.model_fields.keys()
    if kinds.isdisjoint(value) and may_be_kind(str(path[-1]), kinds):
        return YOUR_OWN
    return ""


def _is_own(detail: ErrorDetails) -> bool:
    """Tell whether to report a problem: "too short" only for a list that is really empty."""
    return detail["type"] != "too_short" or not detail["input"]


def _expected(detail: ErrorDetails) -> str:
    context = detail.get("ctx", {})
    if detail["type"] == "too_short":
        return "at least one event"
    if detail["type"] == "string_pattern_mismatch":
        return _PATTERNS[context["pattern"]]
    template = _EXPECTED.get(detail["type"])
    return template.format(**context).replace("'", "") if template else detail["msg"]


def _model_at(model: type[BaseModel], path: Path) -> type[BaseModel]:
    for step in path:
        if isinstance(step, str):
            model = _model_in(model.model_fields[step].annotation) or model
    return model


def _model_in(annotation: Any) -> type[BaseModel] | None:
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        return annotation
    return next(filter(None, map(_model_in, get_args(annotation))), None)


def spell_value(value: object) -> str:
    """Return a value as messages name it: short, in the words of YAML."""
    if value is None:
        return "nothing"
    if isinstance(value, dict):
        return "a mapping" if value else "an empty mapping"
    if isinstance(value, list | tuple):
        return "a list" if value else "an empty list"
    if isinstance(value, bool):
        return str(value).lower()
    try:
        text = repr(value)
    except ValueError:  # the interpreter does not spell numbers of more than 4,300 digits
        return "a number of thousands of digits"
    return text if len(text) <= 60 else f"{text[:57]}…"
