"""Reads the head of a family's file: its names, its provider, its formats and its event codes."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from pydantic import ValidationError

from ...core.identifiers import EVENT_CODE_WORDS, is_event_code
from ..base import EventCode, FamilyProvider
from .mistakes import GRADES, Mistakes, Node, shown

PROVIDER = re.compile(r"[A-Za-z0-9_:.@{}-]{1,255}")
"""A provider metadata id: it is sent as a header, and stands in addresses of the service."""


@dataclass(frozen=True, slots=True)
class Head:
    """What a family is called, who emits its events, and their codes."""

    label: str
    summary: str
    provider: FamilyProvider
    formats: Mapping[str, str]
    codes: Mapping[str, EventCode]
    gaps: Sequence[tuple[str, str]] = ()
    prints: Sequence[str] = ()
    journal_only: bool = False


def read_head(mistakes: Mistakes, members: Mapping[str, Node]) -> Head:
    """Return the head; ``members`` are those of the file."""
    mistakes.text(members.get("source"))
    return Head(
        mistakes.text(members.get("label")),
        mistakes.text(members.get("summary")),
        _provider(mistakes, members.get("provider")),
        _formats(mistakes, members.get("formats")),
        _codes(mistakes, members.get("codes")),
        [*_gaps(mistakes, members.get("gaps"))],
        [*_prints(mistakes, members.get("prints"))],
        mistakes.flag(members.get("journal_only")),
    )


def _prints(mistakes: Mistakes, node: Node | None) -> Iterator[str]:
    """Yield the names of printed samples."""
    if node is not None and not isinstance(node.value, list):
        mistakes.add(node, shown(node.value), "a list of files with printed samples")
    for each in () if node is None else node.elements():
        yield mistakes.text(each)


def _gaps(mistakes: Mistakes, node: Node | None) -> Iterator[tuple[str, str]]:
    """Yield what is left out, and why."""
    if node is not None and not isinstance(node.value, list):
        mistakes.add(node, shown(node.value), "a list of what is left out")
    for each in () if node is None else node.elements():
        members = mistakes.table(each, "of why")
        yield mistakes.text(members.get("of")), mistakes.text(members.get("why"))


def _provider(mistakes: Mistakes, node: Node | None) -> FamilyProvider:
    members = {} if node is None else mistakes.table(node, "id label", "group grade")
    id_, label, group = (mistakes.text(members.get(key)) for key in ("id", "label", "group"))
    if id_ and not PROVIDER.fullmatch(id_):
        mistakes.add(members["id"], *mistake_of_provider(id_))
    return FamilyProvider(id_, label, group, mistakes.choice(members.get("grade"), GRADES, "A"))


def mistake_of_provider(value: Any) -> tuple[str, str]:
    """Return what is wrong with a value that is no provider id, and what was expected."""
    wanted = "text of at most 255 letters, digits and any of _ : . @ { } -"
    return f"the provider id {shown(value)}", wanted


def _formats(mistakes: Mistakes, node: Node | None) -> dict[str, str]:
    members = {} if node is None else mistakes.table(node, "", "adobe_io cloud_events")
    if node is not None and node.value == {}:
        mistakes.add(node, "an empty mapping", "adobe_io or cloud_events with a grade")
    return {name: mistakes.choice(each, GRADES, "gap") for name, each in members.items()}


def _codes(mistakes: Mistakes, node: Node | None) -> dict[str, EventCode]:
    if node is None or not mistakes.is_mapping(node):
        return {}
    if not node.value:
        mistakes.add(node, "an empty mapping", "at least one event code")
    return {code: _code(mistakes, code, each) for code, each in node.members()}


def _code(mistakes: Mistakes, code: str, node: Node) -> EventCode:
    if not is_event_code(code):
        found = f"the event code {code[:60]!r}"
        mistakes.add(node, found, EVENT_CODE_WORDS, at_key=True)
    members = mistakes.table(node, "label", "grade summary example scenario variants")
    example = members.get("example")
    return EventCode(
        code,
        mistakes.text(members.get("label")),
        mistakes.text(members.get("summary")),
        mistakes.choice(members.get("grade"), GRADES, "gap"),
        example.value if example is not None and isinstance(example.value, dict) else {},
        mistakes.text(members.get("scenario")) or None,
        tuple(_variants(mistakes, members.get("variants"))),
    )


def check_scenarios(mistakes: Mistakes, node: Node | None, shipped: Collection[str]) -> None:
    """Note codes whose ``scenario`` is none of the shipped ones; ``node`` holds the codes."""
    for _, code in () if node is None else node.members():
        name = code.value.get("scenario") if isinstance(code.value, dict) else None
        if isinstance(name, str) and name not in shipped:
            mistakes.unknown(code.at("scenario"), "shipped scenario", shipped, at_key=False)


def _variants(mistakes: Mistakes, node: Node | None) -> Iterator[Mapping[str, Any]]:
    """Yield what entries say beside the example; other values are noted."""
    if node is not None and not isinstance(node.value, list):
        mistakes.add(node, shown(node.value), "a list of mappings")
    for each in () if node is None else node.elements():
        if mistakes.is_mapping(each):
            yield each.value


def check_examples(
    mistakes: Mistakes,
    node: Node | None,
    codes: Mapping[str, EventCode],
    model: Any,
    labels: Collection[str],
) -> None:
    """Note examples of codes that no entry could say; ``node`` holds the codes.

    An example is told alone, so it can name no other entry: ``labels`` are what would do so.
    """
    for code in codes:
        if node is None or not isinstance(node.at(code).value, dict):
            continue
        members = dict(node.at(code).members())
        example = members.get("example", node.at(code))
        said = example.value if "example" in members else {}
        _check_example(mistakes, example, said, model, labels)
        if variants := members.get("variants"):
            for place in variants.elements():
                _check_example(mistakes, place, place.value, model, labels)


def _check_example(
    mistakes: Mistakes, place: Node, example: Any, model: Any, labels: Collection[str]
) -> None:
    said = example if isinstance(example, dict) else {}
    for name in [name for name in labels if said.get(name) is not None]:
        found = f"an example with the label {shown(said[name])} in {name}"
        mistakes.add(place.at(name), found, "none: the example is a story of one entry")
    try:
        model.model_validate(example)
    except ValidationError as error:
        for detail in error.errors():
            found = ".".join(map(str, detail["loc"])) or shown(example)
            mistakes.add(place, f"an example with a wrong {found}", "what `says` allows")
