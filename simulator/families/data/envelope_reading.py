"""The envelope of a family's events: the members that its producer writes around the content."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from ...core.envelope import EVENT_IDS, RECIPIENT_IDS, Envelope
from ...errors import ScenarioError
from ..fields.reading import read_fields
from ..fields.table import EnvelopeTable, Field
from .bodies import compiled
from .compiler import Compiler
from .field_places import places_of
from .mistakes import Mistakes, Node, shown
from .rendering import Template

_CONTENT = {"cloud_events": "data", "adobe_io": "event"}
"""Delivery format → the member with the content."""

_IDS = (*EVENT_IDS, *RECIPIENT_IDS)
_FILLED = ("id", "source", "type", "time", *_IDS)
"""Members that flowsim fills in where the template has null."""


@dataclass(frozen=True, slots=True)
class EnvelopeTemplates:
    """The compiled templates of a family's envelope, by delivery format."""

    forms: Mapping[str, Template]
    provider: Template | None
    is_bare: bool = False
    table: EnvelopeTable = field(default_factory=EnvelopeTable)

    def render(self, scope: Mapping[str, Any]) -> Envelope:
        """Return the envelope of one event; raises ``ScenarioError`` as bodies do."""
        made = {name: _first(each, each.render(scope)) for name, each in self.forms.items()}
        provider = "" if self.provider is None else self.provider.render(scope)
        return Envelope(made.get("cloud_events"), made.get("adobe_io"), provider, self.is_bare)


def _first(template: Template, made: Any) -> Any:
    """Return an envelope: that of a template, or the first one of a list with conditions."""
    if made == []:
        wanted = "a condition that is true for each event"
        raise ScenarioError([template.node.problem("no envelope for this event", wanted)])
    return made[0] if isinstance(made, list) else made


@dataclass(frozen=True, slots=True)
class EnvelopeReader:
    """Reads the key ``envelope`` of one file; expressions may use ``names``."""

    mistakes: Mistakes
    compiler: Compiler
    names: frozenset[str]
    parts: Mapping[str, Node]

    def read(self, node: Node | None) -> EnvelopeTemplates | None:
        """Return the templates, None if the file has none; notes mistakes."""
        if node is None:
            return None
        members = self.mistakes.table(node, "", "cloud_events adobe_io journal provider fields")
        is_bare = self.mistakes.choice(members.get("journal"), ["bare"], "") == "bare"
        forms = {name: members[name] for name in _CONTENT if name in members}
        read = {name: self._form(name, each) for name, each in forms.items()}
        return EnvelopeTemplates(
            {name: each for name, each in read.items() if each is not None},
            self._provider(members.get("provider")),
            is_bare,
            self._table(forms, members, is_bare),
        )

    def _form(self, name: str, node: Node) -> Template | None:
        forms = _alternatives(node)
        if not forms:
            self.mistakes.add(node, "an empty list", "a template")
        checked = [self._is_form(name, each) for each in forms]
        return compiled(self.compiler, node, self.names) if checked and all(checked) else None

    def _is_form(self, name: str, node: Node) -> bool:
        """Tell whether a template is a mapping; notes mistakes in its members."""
        if not self.mistakes.is_mapping(node):
            return False
        content = _CONTENT[name]
        if content not in node.value:
            self.mistakes.add(node, "nothing", f"the key {content}, with null")
        filled = {content, *_IDS} if name == "adobe_io" else {content, *_FILLED}
        for key, member in node.members():
            self._check_member(key, member, filled, {content, *_IDS})
        return True

    def _check_member(self, key: str, member: Node, may: set[str], must: set[str]) -> None:
        """Note a member with null that nothing fills, and one that is filled and has a value."""
        if member.value is None and key not in may and not key.startswith("$"):
            self.mistakes.add(member, "null", f"a value: null stands for {', '.join(sorted(may))}")
        if member.value is not None and key in must:
            self.mistakes.add(member, shown(member.value), "null: flowsim fills it in")

    def _provider(self, node: Node | None) -> Template | None:
        if node is None:
            return None
        if not isinstance(node.value, str):
            self.mistakes.add(node, shown(node.value), "text with {{ }}")
            return None
        return compiled(self.compiler, node, self.names)

    def _table(
        self, forms: Mapping[str, Node], members: Mapping[str, Node], is_bare: bool
    ) -> EnvelopeTable:
        said = members.get("fields")
        fields: tuple[Field, ...] = ()
        if said is not None:
            fields, problems = read_fields(said.document, said.path, None)
            self.mistakes.problems += problems
        known = {name: _members(each, self.parts) for name, each in forms.items()}
        return EnvelopeTable(known, {each.path: each for each in fields}, is_bare)


def _alternatives(node: Node) -> list[Node]:
    """Return the templates of a format: one, or those of a list, each under its condition."""
    if not isinstance(node.value, list):
        return [node]
    return [
        each.at("$value") if isinstance(each.value, dict) and "$value" in each.value else each
        for each in node.elements()
    ]


def _members(node: Node, parts: Mapping[str, Node]) -> Mapping[str, bool]:
    """Return the members of a format's templates, each with whether it may be missing.

    Those that not all of its templates have may be.
    """
    known = [_members_of(each, parts) for each in _alternatives(node)]
    every = dict.fromkeys(name for each in known for name in each)
    return {name: any(each.get(name, True) for each in known) for name in every}


def _members_of(node: Node, parts: Mapping[str, Node]) -> Mapping[str, bool]:
    """Return the members of a template, each with whether it may be missing.

    They come in order, behind them those of a part that the template names.
    """
    names = {str(steps[0]) for steps in places_of(node.value, parts).known if len(steps) == 1}
    value = node.value if isinstance(node.value, dict) else {}
    order = [*(name for name in value if name in names), *sorted(names - {*value})]
    return {name: _may_miss(value.get(name)) for name in order}


def _may_miss(value: Any) -> bool:
    return isinstance(value, dict) and "$when" in value
