"""Values of a family's file with their places, and the mistakes that are found in them."""

from __future__ import annotations

import math
import re
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from ...core.printable import listed
from ...errors import Nearest, Problem, ScenarioError
from ...files.document import Document, Path
from .values import ValueMistakeError, kind_of

NAME = re.compile(r"[A-Za-z][A-Za-z0-9_]{0,99}")
_LONGEST_TEXT = 1_000
_MOST_ENTRIES = 5_000


@dataclass(frozen=True, slots=True)
class Node:
    """A value in a document, and the path to it."""

    document: Document
    path: Path
    value: Any

    @classmethod
    def of(cls, document: Document) -> Node:
        """Return the value of a whole document."""
        return cls(document, (), document.value)

    def at(self, step: str | int) -> Node:
        """Return a member or an element."""
        return Node(self.document, (*self.path, step), self.value[step])

    def members(self) -> Iterator[tuple[str, Node]]:
        """Yield the members of an object; nothing for another value."""
        if isinstance(self.value, dict):
            for key in self.value:
                yield key, self.at(key)

    def elements(self) -> Iterator[Node]:
        """Yield the elements of a list; nothing for another value."""
        if isinstance(self.value, list):
            yield from map(self.at, range(len(self.value)))

    def problem(
        self, found: str, expected: str, *, at_key: bool = False, nearest: Nearest | None = None
    ) -> Problem:
        """Return a problem here."""
        return self.document.problem(self.path, found, expected, at_key=at_key, nearest=nearest)

    def explained(self, mistake: ValueMistakeError, source: str = "") -> Problem:
        """Return the problem of an expression here; ``source`` is its text."""
        found = f"{mistake.found} in {source[:100]!r}" if source else mistake.found
        return self.problem(found, mistake.expected, nearest=mistake.nearest)


class Mistakes:
    """Collects problems; reading goes on after each, so that all are reported at once."""

    def __init__(self) -> None:
        self.problems: list[Problem] = []

    def add(
        self,
        node: Node,
        found: str,
        expected: str,
        *,
        at_key: bool = False,
        nearest: Nearest | None = None,
    ) -> None:
        self.problems.append(node.problem(found, expected, at_key=at_key, nearest=nearest))

    def raise_all(self, file: str) -> None:
        """Raise ``ScenarioError`` if there are any: in file order, those of ``file`` first."""
        once = {
            (each.file, each.line, each.column, each.path, each.found, each.expected): each
            for each in self.problems
        }
        if once:
            order = {file: ""}
            found = sorted(
                once.values(),
                key=lambda at: (order.get(at.file, at.file), at.line, at.column),
            )
            raise ScenarioError(found)

    def unknown(
        self, node: Node, noun: str, known: Collection[str], *, at_key: bool = True
    ) -> None:
        """Note that a name, the last step or the value of a node, is none of ``known``."""
        name: Any = node.path[-1] if at_key else node.value
        expected = f"one of {listed([*known], 40)}" if known else f"no {noun}"
        is_text = isinstance(name, str)
        near = Nearest(name, known, suffices=True) if is_text else None
        found = f"unknown {noun} {name[:60]!r}" if is_text else shown(name)
        self.add(node, found, expected, at_key=at_key, nearest=near)

    def table(self, node: Node, required: str, optional: str = "") -> dict[str, Node]:
        """Return the members of a mapping by key; notes unknown and missing keys."""
        known = [*required.split(), *optional.split()]
        if not self.is_mapping(node):
            return {}
        for key, member in node.members():
            if key not in known and not self._is_rest(member):
                self.unknown(member, "key", known)
        for key in required.split():
            if key not in node.value:
                self.add(node, "nothing", f"the key {key}")
        return {key: member for key, member in node.members() if key in known}

    def _is_rest(self, node: Node) -> bool:
        """Tell whether a key is what YAML left of a value without quotes, as in {a: f(1, 2)}.

        If so, it is noted as such.
        """
        key = str(node.path[-1])
        if node.value is not None or not {*key} & {*")]}"}:
            return False
        self.add(node, f"{key[:60]!r} behind a comma", "quotes around the whole value", at_key=True)
        return True

    def is_mapping(self, node: Node) -> bool:
        """Tell whether a value is a mapping that is not too large; notes if not."""
        if not isinstance(node.value, dict):
            self.add(node, shown(node.value), "a mapping")
        elif len(node.value) > _MOST_ENTRIES:
            self.add(node, f"{len(node.value):,} entries", f"at most {_MOST_ENTRIES:,}")
        else:
            return True
        return False

    def text(self, node: Node | None, default: str = "", *, longest: int = _LONGEST_TEXT) -> str:
        """Return a text; notes another value, and text that is too long or empty."""
        if node is None:
            return default
        if isinstance(node.value, str) and 0 < len(node.value) <= longest:
            return node.value
        self.add(node, shown(node.value), f"text of 1 to {longest:,} characters")
        return default

    def flag(self, node: Node | None) -> bool:
        """Return true or false; false if there is none."""
        if node is not None and type(node.value) is not bool:
            self.add(node, shown(node.value), "true or false")
        return node is not None and node.value is True

    def choice(self, node: Node | None, choices: Collection[str], default: str) -> str:
        """Return one of several words; notes another value."""
        if node is None:
            return default
        if isinstance(node.value, str) and node.value in choices:
            return node.value
        near = Nearest(node.value, choices) if isinstance(node.value, str) else None
        wanted = f"one of {', '.join(choices)}"
        self.add(node, shown(node.value), wanted, nearest=near)
        return default

    def entries(self, node: Node | None, noun: str) -> dict[str, Node]:
        """Return the members of a mapping; notes keys that cannot stand in expressions.

        Members with such a key are among them, so that their own mistakes are found too.
        """
        found: dict[str, Node] = {}
        if node is None or not self.is_mapping(node):
            return found
        for key, member in node.members():
            if is_name(key):
                found[key] = member
            elif not self._is_rest(member):
                found[key] = member
                wanted = "letters, digits and _, a letter first, and no word of the language"
                self.add(member, f"the name {key[:60]!r} of a {noun}", wanted, at_key=True)
        return found


_WORDS = frozenset(
    {
        *("and", "or", "not", "if", "else", "in", "is"),
        *("true", "false", "none", "True", "False", "None"),
        *("now", "begin", "code", "event"),
        *("self", "super", "loop", "caller", "varargs", "kwargs"),
    }
)
"""Names that have a meaning in expressions already."""


def is_name(text: str) -> bool:
    """Tell whether a text can be a name in expressions and in the model of what entries say."""
    return bool(NAME.fullmatch(text)) and text not in _WORDS and not text.startswith("model_")


def shown(value: Any) -> str:
    """Return a value as messages name it."""
    if isinstance(value, str):
        return repr(value[:60]) if value else "empty text"
    if isinstance(value, dict | list | datetime) or value is None:
        return kind_of(value)
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, int) and abs(value) > 10**30:
        return "a number of many digits"
    return str(value)


def is_plain(value: Any) -> bool:
    """Tell whether a single value is one of JSON: text, a finite number, true, false or null."""
    if isinstance(value, float):
        return math.isfinite(value)
    return value is None or isinstance(value, str | int)


GRADES: Mapping[str, str] = {
    "A": "documented",
    "B": "observed",
    "C": "derived",
    "gap": "unknown",
}
