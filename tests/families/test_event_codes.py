"""Every event code: its schema refuses what differs, and its line reads well."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any

import pytest
from jsonschema import Draft202012Validator, FormatChecker

from flowsim.families import registry
from flowsim.families.base import EventCode, Family
from flowsim.families.event_line import body_line, event_line, payload_line
from flowsim.families.fields.conformity import compare
from flowsim.families.fields.json_schema import schema_of
from flowsim.families.fields.table import FieldTable
from flowsim.families.fields.tree import FieldNode, tree_of
from flowsim.families.fields.types import fits
from flowsim.files.yaml_documents import parse_text
from flowsim.reports.event_guide import guide_of
from flowsim.story.opening import story_of

from ..cases import for_each, one_in
from .told import CODES, FORMATS, body, content_of, events, family_of, places

Checked = Callable[[Any], tuple[bool, set[str]]]
"""Tells whether a body is valid, and which kinds of differences its content has."""

OTHERS = ("x", 1.5, None, [])
"""Values of other types: all are tried once for the types that a field may have, then the last."""
CONTENT = {"adobe_io": "event", "cloud_events": "data"}
LARGER = {("697514a8-3337-4efc-ba75-1f0ba896c288", "older")}
"""Bodies with all members of another body: what they add, that one allows as further members."""
WITH_OBJECTS = [
    code
    for code in CODES
    if family_of(code).name != "flow_run" and family_of(code).fields().described(code)
]
"""Codes whose fields are known. Those of flow runs have tests of their own."""


@dataclass(frozen=True)
class OneBody:
    """A family as if the events of a code had only one of their bodies."""

    family: Family
    code: str
    body: str

    @property
    def name(self) -> str:
        return self.family.name

    @property
    def codes(self) -> Mapping[str, EventCode]:
        return self.family.codes

    def fields(self) -> FieldTable:
        return replace(self.family.fields(), bodies={self.code: (self.body,)})


def _bodies(code: str, format_: str) -> Iterator[tuple[OneBody, Any]]:
    """Yield one delivered body of each structure that a code has, with its family."""
    table, seen = family_of(code).fields(), set()
    for event in events(code):
        made = json.loads(body(event, format_))
        keys = frozenset(content_of(made, format_))
        for name in table.bodies[code] if keys not in seen else ():
            node = tree_of(table.of_body(name))
            if keys <= node.members.keys() and _required(node) <= keys:
                yield OneBody(family_of(code), code, name), made
                break
        seen.add(keys)


def _required(node: FieldNode) -> set[str]:
    return {name for name, each in node.members.items() if each.is_required}


def _checked(family: OneBody, format_: str) -> Checked:
    code, table = family.code, family.fields()
    schema = schema_of(family, code, format_)
    validator = Draft202012Validator(schema, format_checker=FormatChecker())

    def check(made: Any) -> tuple[bool, set[str]]:
        found = compare(table, code, content_of(made, format_)).differences
        return validator.is_valid(made), {each.kind for each in found}

    return check


@pytest.mark.parametrize("format_", FORMATS)
@pytest.mark.parametrize("code", one_in(18, WITH_OBJECTS))
def test_without_a_required_member_or_with_another_type_no_body_is_valid(
    code: str, format_: str
) -> None:
    bodies = [*_bodies(code, format_)]
    assert bodies
    tried = set[object]()
    for family, made in bodies:
        check, root = _checked(family, format_), tree_of(family.fields().of_body(family.body))
        assert check(made) == (True, set())
        changed = set()
        for node, holder, step in [*places(root, content_of(made, format_))]:
            was = holder[step]
            if not isinstance(holder, list) and node.is_required:
                del holder[step]
                assert check(made) == (False, {"missing"}), f"without {step}"
            for other in OTHERS if node.types not in tried else OTHERS[-1:]:
                is_right = type(other) is type(was) or any(fits(each, other) for each in node.types)
                if is_right or (other == "x" and "iso_time" in node.types):
                    continue
                holder[step] = other
                assert check(made) == (False, {"retyped"}), f"{step}: {other!r}"
            holder[step] = was
            tried.add(node.types)
            changed.add(step)
        assert changed >= _required(root)


@for_each("code", CODES)
def test_the_examples_of_a_code_show_each_of_its_bodies(code: str) -> None:
    """An entry that reaches a further body goes to the ``variants`` of the code in its file."""
    guide = guide_of(registry.shipped(), code)
    assert guide is not None
    shown = {each.body for each in guide.examples}
    assert {*guide.family.fields().described(code)} <= shown, "add an entry to variants of the code"


@pytest.mark.slow
@for_each("code", WITH_OBJECTS)
def test_no_body_of_a_code_accepts_what_another_body_refuses(code: str) -> None:
    """Further members are allowed, so a body is told from the others of its code by a value.

    The event of a start must not accept that of an end, of which it knows no counts. A source run
    that found records (``loaded``) has all that one without records has, but for their number.
    """
    family = family_of(code)
    table, seen = family.fields(), set[str]()
    valid = Draft202012Validator(schema_of(family, code)).is_valid
    for event in events(code):
        made = json.loads(body(event, "adobe_io"))
        content = content_of(made, "adobe_io")
        name = compare(table, code, content).body
        root = tree_of(table.of_body(name))
        is_told = (code, name) not in LARGER and name not in seen
        for node, holder, step in [*places(root, content)] if is_told else ():
            was = holder[step]
            holder[step] = None
            assert not valid(made) or {"any", "null"} & {*node.types}, f"{name}: {step} is null"
            if not isinstance(holder, list) and node.is_required:
                del holder[step]
                assert not valid(made), f"{name} without {step}"
            holder[step] = was
        seen.add(name)
    assert seen


@for_each("code", CODES)
def test_an_event_says_its_line_without_a_separator_at_an_end(code: str) -> None:
    assert events(code)
    for event in events(code):
        line = event_line(registry.shipped(), code, event.notification.content)
        assert 0 < len(line) <= 80
        assert line == line.strip(" :,·")


@pytest.mark.parametrize(
    ("run", "code", "status"),
    [
        ("{}", "source_flow_run_info", "success"),
        ("{status: failed, stage: copy}", "source_flow_run_error", "failed"),
    ],
)
def test_a_notification_of_2020_under_a_code_of_2023_says_its_run(
    run: str, code: str, status: str
) -> None:
    text = f"seed: 1\nfaults: [codes-of-2023]\nevents: [{{flow_run: {run}}}]"
    (sent,) = story_of("codes", parse_text(text, "codes")).payloads()
    assert sent.events[0].notification.event_code == code
    line = payload_line(registry.shipped(), sent)
    assert line == body_line(registry.shipped(), code, sent.body)
    assert re.fullmatch(f"[0-9a-f-]{{36}}: {status}", line)
