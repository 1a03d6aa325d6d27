"""What the YAML library says of a text that it cannot read, and the text at the places it names.

The library counts lines and columns from 0.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from ruamel.yaml.error import MarkedYAMLError
from ruamel.yaml.events import CollectionStartEvent, ScalarEvent

CLOSING = {"[": "]", "{": "}"}
"""Bracket → the one that closes it."""

_LONGEST_SHOWN = 20


@dataclass(frozen=True, slots=True)
class Mark:
    """A place as the library has them: both numbers count from 0."""

    line: int
    column: int


@dataclass(frozen=True, slots=True)
class SyntaxMistake:
    """A text that the library could not read: what it was doing, and where it could not go on.

    It was doing ``context`` since ``begin``, and met ``problem`` at ``mark``. ``quoted`` is the
    last text in quotes before that which goes on over several lines, ``opened`` the lists and
    mappings that are open there, outermost first.
    """

    lines: list[str]
    error: MarkedYAMLError
    quoted: ScalarEvent | None
    opened: Sequence[CollectionStartEvent]

    @property
    def bracket(self) -> Any:
        """The place of the innermost open bracket; None if no bracket is open."""
        marks = (each.start_mark for each in reversed(self.opened) if each.flow_style)
        return next((mark for mark in marks if self.rest(mark)[:1] in CLOSING), None)

    @property
    def mark(self) -> Any:
        """Where the parser found the mistake: a mark of ruamel.yaml; line and column from 0."""
        return self.error.problem_mark or self.error.context_mark

    @property
    def begin(self) -> Any:
        """Where the collection or text begins in which the mistake is."""
        return self.error.context_mark or self.mark

    @property
    def context(self) -> str:
        """What the parser was reading, in its words; empty if it does not say."""
        return str(self.error.context or "")

    @property
    def problem(self) -> str:
        said = self.error.problem or self.error.context or "YAML that cannot be read"
        return " ".join(str(said).split())

    def line(self, number: int) -> str:
        """Return a line, counted from 0; it is empty behind the last one."""
        return self.lines[number] if number < len(self.lines) else ""

    def before(self, mark: Any) -> str:
        """Return the line up to a place."""
        return self.line(mark.line)[: mark.column]

    def rest(self, mark: Any) -> str:
        """Return the rest of a line after a place."""
        return self.line(mark.line)[mark.column :]

    def shown(self, mark: Any) -> str:
        """Return the rest of the line in quotes, or a note that the file ends there."""
        rest = self.rest(mark).strip()
        if not rest:
            return "the end" if mark.line >= len(self.lines) - 1 else "the end of the line"
        return repr(rest if len(rest) <= _LONGEST_SHOWN else f"{rest[: _LONGEST_SHOWN - 1]}…")
