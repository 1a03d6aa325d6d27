"""A payload as a tree to read: each value with what its field means, in bounded size.

The challenge of a validation URL is masked, as in debug tracing.

Levels are made from the outside in, until ``MOST_NODES`` are made. What is left out is counted
where it is missing, and can be asked for by its JSON Pointer.
"""

from __future__ import annotations

import json
from collections import deque
from dataclasses import dataclass, field
from typing import Any

from ...captures.content_times import time_in
from ...core import instant
from ...core.masking import masked
from ...core.printable import printable
from ...families.registry import Families
from . import payload_values as values
from .field_notes import Explainer, FieldNote, KnownField, problem_of

MOST_NODES = 400
"""The most values of one tree."""

_MOST_ELEMENTS = 20
_MOST_MEMBERS = 100
_DEEPEST = 24
_LONGEST_KEY = 200
_LONGEST_TEXT = 300
_LONGEST_WHOLE = 16_384

_KINDS = ((dict, "object"), (list, "array"), (str, "text"), (bool, "boolean"))


@dataclass(frozen=True, slots=True)
class PayloadNode:
    """One value: its key, its kind, and what it says.

    ``kind`` is ``object``, ``array``, ``text``, ``number``, ``boolean`` or ``null``. ``value`` is
    the printable text of a single value, of which ``cut`` characters are left out. ``size`` counts
    the members of an object or the elements of an array, of which ``more`` are left out: those
    from number ``start`` on. ``subtree`` returns them for the ``pointer`` and this number;
    ``pointer`` is None where it would be too long or no UTF-8. ``moment`` is the time that
    a number means, in UTC. ``problem`` says how the value differs from its field.
    """

    key: str
    pointer: str | None
    kind: str
    value: str
    cut: int = 0
    size: int = 0
    more: int = 0
    start: int = 0
    moment: str = ""
    field: FieldNote | None = None
    problem: str = ""
    children: tuple[PayloadNode, ...] = ()


@dataclass(frozen=True, slots=True)
class PayloadTree:
    """The tree of a payload, or the ``reason`` why there is none; ``size`` is in bytes."""

    root: PayloadNode | None
    size: int
    reason: str = ""


@dataclass(slots=True)
class _Draft:
    """A value that becomes a node, with the drafts of what it holds."""

    key: str | int
    pointer: str
    value: Any
    known: KnownField | None
    problem: str = ""
    depth: int = 0
    start: int = 0
    is_root: bool = False
    children: list[_Draft] = field(default_factory=list)


def tree(body: bytes, code: str, families: Families) -> PayloadTree:
    """Return the tree of a payload; ``code`` is the event code that its header says.

    Never fails: of a body that is no JSON, or has too many values, the ``reason`` says so.
    """
    return _tree(body, code, families, "", 0)


def subtree(
    body: bytes, pointer: str, code: str, families: Families, start: int = 0
) -> PayloadTree:
    """Return the tree of one value in a payload, without its first ``start`` members.

    ``pointer`` is a JSON Pointer. There is no root, but a reason, if the payload has no value
    there.
    """
    return _tree(body, code, families, pointer, max(0, start))


def _tree(body: bytes, code: str, families: Families, pointer: str, start: int) -> PayloadTree:
    try:
        content = values.parse(body)
        root = _root(Explainer(content, code, families), content, pointer)
    except (ValueError, LookupError) as error:
        return PayloadTree(None, len(body), str(error))
    root.start, root.is_root = min(start, values.size(root.value)), True
    explainer = Explainer(content, code, families)
    return PayloadTree(_built(_grown(root, explainer)), len(body))


def _root(explainer: Explainer, content: Any, pointer: str) -> _Draft:
    """Return the draft of the value at a pointer, with its field; raises ``LookupError``."""
    if len(pointer) > values.LONGEST_POINTER:
        raise LookupError("the JSON Pointer is too long")
    value, known, key = content, explainer.root, ""
    for key in values.steps(pointer):
        child = values.inner(value, key)
        place = int(key) if isinstance(value, list) else key
        value, known = child, explainer.inner(value, known, place, child)
    return _Draft(key, pointer, value, known, problem_of(known, value) if known else "")


def _grown(root: _Draft, explainer: Explainer) -> list[_Draft]:
    """Return all drafts of a tree, level by level."""
    made, waiting = [root], deque([root])
    while waiting and len(made) < MOST_NODES:
        draft = waiting.popleft()
        if draft.depth == _DEEPEST or len(draft.pointer) > values.LONGEST_POINTER:
            continue
        for key, child in values.members(draft.value, draft.start):
            if len(draft.children) == _most_in(draft.value) or len(made) == MOST_NODES:
                break
            draft.children.append(_child(draft, explainer, key, child))
            made.append(draft.children[-1])
        waiting += draft.children
    return made


def _most_in(value: Any) -> int:
    return _MOST_MEMBERS if isinstance(value, dict) else _MOST_ELEMENTS


def _child(draft: _Draft, explainer: Explainer, key: str | int, child: Any) -> _Draft:
    known = explainer.inner(draft.value, draft.known, key, child)
    problem = "" if known is None else problem_of(known, child)
    if known is None and draft.known is not None and draft.known.has_inner:
        problem = "not among the documented fields"
    return _Draft(key, values.step(draft.pointer, key), child, known, problem, draft.depth + 1)


def _built(drafts: list[_Draft]) -> PayloadNode:
    """Return the root; drafts come before what they hold, so nodes are made from the last on."""
    nodes: dict[int, PayloadNode] = {}
    for draft in reversed(drafts):
        children = tuple(nodes.pop(id(each)) for each in draft.children)
        nodes[id(draft)] = _node(draft, children)
    return nodes[id(drafts[0])]


def _node(draft: _Draft, children: tuple[PayloadNode, ...]) -> PayloadNode:
    value, length = draft.value, _LONGEST_WHOLE if draft.is_root else _LONGEST_TEXT
    text, size = _text_of(value), values.size(value)
    key = str(draft.key)
    cut_key = key if len(key) <= _LONGEST_KEY else f"{key[:_LONGEST_KEY]}…"
    begin = draft.start + len(children)
    return PayloadNode(
        printable(cut_key),
        draft.pointer if values.can_be_asked_for(draft.pointer) else None,
        _kind_of(value),
        printable(masked(text[:length])),
        max(0, len(text) - length),
        size,
        size - begin,
        begin,
        _moment_of(value, draft.known),
        draft.known.note if draft.known else None,
        draft.problem,
        children,
    )


def _kind_of(value: Any) -> str:
    if value is None:
        return "null"
    return next((kind for type_, kind in _KINDS if isinstance(value, type_)), "number")


def _text_of(value: Any) -> str:
    if isinstance(value, dict | list):
        return ""
    if isinstance(value, str):
        return value
    return value.text if isinstance(value, values.SpelledNumber) else json.dumps(value)


_TIMES = {"epoch_ms", "epoch_s", "numeric_text", "any"}


def _moment_of(value: Any, known: KnownField | None) -> str:
    """Return the time that a number or its digits mean: by its field, else by its size."""
    is_digits = isinstance(value, str) and value.isascii() and value.isdecimal()
    found = time_in(value) if type(value) is int or is_digits else None
    said = None if known is None else known.node.said
    if found is None or (said is not None and said.unit.partition(";")[0] not in ("", "ms", "s")):
        return ""
    is_time = said is None or not _TIMES.isdisjoint(said.types) or found.filters == "ms"
    return instant.spell(found.moment) if is_time else ""
