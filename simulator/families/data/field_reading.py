"""Reads the fields in a family's file."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator

from ..fields import TYPES, Field
from .mistakes import GRADES, Mistakes, Node, is_plain, shown

PATH = re.compile(r'(?:[^.\[\]"]+|"[^"]+")(?:\[\])*(?:\.(?:[^.\[\]"]+|"[^"]+")(?:\[\])*)*')
_LONGEST_PATH = 500
_KEYS = "means unit source grade in optional values example"


def read_field(
    mistakes: Mistakes,
    path: str,
    node: Node,
    bodies: Collection[str],
    *,
    is_shared: bool = False,
) -> Field | None:
    """Return one field; notes mistakes. ``bodies`` are those of the family.

    A field of a shared file may name bodies that only other families have; it is left out if it
    names no other.
    """
    if len(path) > _LONGEST_PATH or not PATH.fullmatch(path):
        wanted = 'a path such as metrics.count, activities[].name or a."b.c"'
        mistakes.add(node, f"the path {path[:60]!r}", wanted, at_key=True)
    members = mistakes.table(node, "type", _KEYS)
    if "type" not in members:
        return None
    found = frozenset(_bodies(mistakes, members.get("in"), bodies, is_shared=is_shared))
    if is_shared and "in" in members and not found:
        return None
    return Field(
        path,
        tuple(_types(mistakes, members["type"])),
        mistakes.text(members.get("means")),
        mistakes.text(members.get("source")),
        mistakes.choice(members.get("grade"), GRADES, "gap"),
        mistakes.text(members.get("unit")),
        found,
        mistakes.flag(members.get("optional")),
        tuple(_values(mistakes, members.get("values"))),
    )


def _types(mistakes: Mistakes, node: Node) -> Iterator[str]:
    for each in node.elements() if isinstance(node.value, list) and node.value else [node]:
        found = mistakes.choice(each, TYPES, "")
        if found:
            yield found


def _bodies(
    mistakes: Mistakes, node: Node | None, bodies: Collection[str], *, is_shared: bool
) -> Iterator[str]:
    if node is None:
        return
    if not isinstance(node.value, list) or not node.value:
        mistakes.add(node, shown(node.value), "a list of bodies")
    for each in node.elements():
        if isinstance(each.value, str) and each.value in bodies:
            yield each.value
        elif not is_shared:
            mistakes.unknown(each, "body", bodies, at_key=False)


def _values(mistakes: Mistakes, node: Node | None) -> Iterator[str | int]:
    if node is None:
        return
    if not isinstance(node.value, list):
        mistakes.add(node, shown(node.value), "a list of values")
    for each in node.elements():
        if is_plain(each.value) and isinstance(each.value, str | int):
            yield each.value
        else:
            mistakes.add(each, shown(each.value), "text or a whole number")
