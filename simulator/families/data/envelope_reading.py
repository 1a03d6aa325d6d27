"""The envelope of a family's events: the members that its producer writes around the content."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from ...core.cloud_event import ORDER as ATTRIBUTES
from ...core.envelope import EVENT_IDS, RECIPIENT_IDS, USUAL_CLOUD_EVENT, Envelope, usual_envelope
from ...errors import Problem, ScenarioError
from ..fields.reading import read_fields
from ..fields.table import EnvelopeTable, Field
from .bodies import compiled
from .compiler import Compiler
from .field_places import BodyPlaces, places_of
from .head import PROVIDER, mistake_of_provider
from .mistakes import Mistakes, Node, shown
from .rendering import Template

_CONTENT = {"cloud_events": "data", "adobe_io": "event"}
"""Delivery format → the member with the content."""

_IDS = (*EVENT_IDS, *RECIPIENT_IDS)
MOST_FORMS = 100
"""The most templates of a delivery format."""

_FILLED = ("id", "source", "type", "time", *_IDS)
"""Members that flowsim fills in where the template has null."""


@dataclass(frozen=True, slots=True)
class EnvelopeTemplates:
    """The compiled templates of a family's envelope, by delivery format."""

    forms: Mapping[str, Template]
    provider: Template | None
    is_bare: bool = False

    def render(self, scope: Mapping[str, Any]) -> Envelope:
        """Return the envelope of one event; raises ``ScenarioError`` as bodies do."""
        made = {name: _first(each, each.render(scope)) for name, each in self.forms.items()}
        provider = "" if self.provider is None else _provider(self.provider, scope)
        cloud = made.get("cloud_events")
        if problems := [*_wrong_attributes(self.forms, cloud or {})]:
            raise ScenarioError(problems)
        return Envelope(cloud, made.get("adobe_io"), provider, self.is_bare)


def _first(template: Template, made: Any) -> Any:
    """Return an envelope: that of a template, or the first one of a list with conditions."""
    if made == []:
        wanted = "a condition that is true for each event"
        raise ScenarioError([template.node.problem("no envelope for this event", wanted)])
    return made[0] if isinstance(made, list) else made


def _provider(template: Template, scope: Mapping[str, Any]) -> str:
    """Return the value of the header; raises ``ScenarioError`` for one that is no provider id."""
    made = template.render(scope)
    if not isinstance(made, str) or not PROVIDER.fullmatch(made):
        raise ScenarioError([template.node.problem(*mistake_of_provider(made))])
    return made


def _wrong_attributes(forms: Mapping[str, Template], made: Mapping[str, Any]) -> Iterator[Problem]:
    """Yield a problem for each attribute that CloudEvents define and that holds others.

    It has to be text; a number is allowed, as some producers write one.
    """
    for name in ATTRIBUTES:
        if isinstance(made.get(name), dict | list):
            node = forms["cloud_events"].node
            is_there = isinstance(node.value, dict) and name in node.value
            place = node.at(name) if is_there else node
            yield place.problem(f"{shown(made[name])} as {name}", "text, as CloudEvents have it")


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
        read = {name: self._form(name, each) for name, each in _forms(node).items()}
        return EnvelopeTemplates(
            {name: each for name, each in read.items() if each is not None},
            self._provider(members.get("provider")),
            is_bare,
        )

    def table(self, node: Node | None) -> EnvelopeTable | None:
        """Return what the members around the content are.

        It is None if the file says nothing, or if it is too large already.
        """
        if node is None or self.compiler.is_over:
            return None
        members, forms = dict(node.members()), _forms(node)
        known = {name: _members(each, self.parts) for name, each in forms.items()}
        fields = self._fields(members.get("fields"), forms)
        is_bare = "journal" in members and members["journal"].value == "bare"
        return EnvelopeTable(known, {each.path: each for each in fields}, is_bare)

    def _form(self, name: str, node: Node) -> Template | None:
        forms = _alternatives(node)
        if not forms:
            self.mistakes.add(node, "an empty list", "a template")
        if len(forms) > MOST_FORMS:
            found, wanted = f"{len(forms):,} templates", f"at most {MOST_FORMS}"
            self.mistakes.add(node, found, wanted)
            return None
        checked = [self._is_form(name, each) for each in forms]
        return compiled(self.compiler, node, self.names) if checked and all(checked) else None

    def _is_form(self, name: str, node: Node) -> bool:
        """Tell whether a template is a mapping; notes mistakes in its members."""
        if not self.mistakes.is_mapping(node):
            return False
        content, members = _CONTENT[name], _told(node, self.parts)
        if content not in members:
            self.mistakes.add(node, "nothing", f"the key {content}, with null")
        filled = {content, *_IDS} if name == "adobe_io" else {content, *_FILLED}
        for key, member in members.items():
            self._check_member(key, member, filled, {content, *_IDS})
        return True

    def _check_member(self, key: str, member: Node, may: set[str], must: set[str]) -> None:
        """Note a member with null that nothing fills, and one that is filled and has a value."""
        if member.value is None and key not in may:
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

    def _fields(self, said: Node | None, forms: Mapping[str, Node]) -> Sequence[Field]:
        """Return the fields at a node; notes mistakes, and fields that no template has."""
        if said is None:
            return ()
        fields, problems = read_fields(said.document, said.path, None)
        self.mistakes.problems += problems
        every = [each for node in forms.values() for each in _alternatives(node) or [node]]
        if all(isinstance(each.value, dict) for each in every):
            self._check_fields(said, fields, [*_places(forms, self.parts)])
        return fields

    def _check_fields(
        self, said: Node, fields: Sequence[Field], places: Sequence[BodyPlaces]
    ) -> None:
        """Note fields that no template has, and those that are about bodies."""
        for each in fields:
            node = said.at(each.path)
            if each.bodies:
                wanted = "no key in: what is around the content belongs to no body"
                self.mistakes.add(node, "bodies of a field of the envelope", wanted, at_key=True)
            if not any(around.may_have(each.steps) for around in places):
                wanted = "the path of a member around the content"
                self.mistakes.add(node, "a field that no envelope has", wanted, at_key=True)


def _forms(node: Node) -> Mapping[str, Node]:
    """Return the templates of an envelope by delivery format."""
    return {name: each for name, each in node.members() if name in _CONTENT}


def _places(forms: Mapping[str, Node], parts: Mapping[str, Node]) -> Iterator[BodyPlaces]:
    """Yield where each template, or the usual one of a format without any, has a value."""
    usual = {"cloud_events": USUAL_CLOUD_EVENT, "adobe_io": usual_envelope("event")}
    for name, content in _CONTENT.items():
        nodes = _alternatives(forms[name]) if name in forms else []
        for value in [each.value for each in nodes] or [usual[name]]:
            found = places_of(value, parts)
            ids = {(each,) for each in _IDS}
            yield replace(found, known=(found.known | ids) - {(content,)})


def _told(
    node: Node, parts: Mapping[str, Node], inside: tuple[str, ...] = ()
) -> Mapping[str, Node]:
    """Return the members of a template by name, those of a part that it names at their place."""
    own = {key for key, _ in node.members() if key[:1] != "$" or key[:2] == "$$"}
    found: dict[str, Node] = {}
    for key, member in node.members():
        if key in own:
            found[key.removeprefix("$")] = member
        elif key == "$part" and isinstance(name := member.value, str):
            is_open = name in parts and name not in inside
            more = _told(parts[name], parts, (*inside, name)) if is_open else {}
            found |= {name: each for name, each in more.items() if name not in own}
    return found


def _alternatives(node: Node) -> list[Node]:
    """Return the templates of a format: one, or those of a list, each under its condition."""
    if not isinstance(node.value, list):
        return [node]
    return [
        each.at("$value") if isinstance(each.value, dict) and _is_condition(each.value) else each
        for each in node.elements()
    ]


def _is_condition(value: Mapping[str, Any]) -> bool:
    return "$value" in value and "$each" not in value


def _members(node: Node, parts: Mapping[str, Node]) -> Mapping[str, bool]:
    """Return the members of a format's templates, each with whether it may be missing.

    Those that not all of its templates have may be.
    """
    told = [_told(each, parts) for each in _alternatives(node)]
    known = [{name: _may_miss(member.value) for name, member in each.items()} for each in told]
    every = dict.fromkeys(name for each in known for name in each)
    return {name: any(each.get(name, True) for each in known) for name in every}


def _may_miss(value: Any) -> bool:
    return isinstance(value, dict) and "$when" in value
