"""What is wrong with a text that the YAML library cannot read."""

from __future__ import annotations

import re
import sys
from collections.abc import Iterator

from ruamel.yaml.error import MarkedYAMLError
from ruamel.yaml.events import CollectionEndEvent, CollectionStartEvent, Event, ScalarEvent

from ..errors import Problem
from .document import position
from .yaml_errors import SyntaxMistake
from .yaml_mistakes import RULES

_HIGHEST = f"a character up to \\U{sys.maxunicode:08X}"


class SyntaxWatch:
    """Watches the library read a text, to explain where it cannot go on."""

    def __init__(self, file: str, text: str) -> None:
        self._file = file
        self._text = text
        self._begun: list[CollectionStartEvent] = []
        self._quoted: ScalarEvent | None = None

    def watched(self, events: Iterator[Event]) -> Iterator[Event]:
        """Yield the events of ruamel.yaml's parser unchanged, and remember some of them.

        It remembers the collections that are open, and the last text in quotes that goes on over
        several lines.
        """
        for event in events:
            if isinstance(event, CollectionStartEvent):
                self._begun.append(event)
            elif isinstance(event, CollectionEndEvent):
                self._begun.pop()
            elif isinstance(event, ScalarEvent) and event.style in ("'", '"'):
                is_long = event.start_mark.line < event.end_mark.line
                self._quoted = event if is_long else self._quoted
            yield event

    def explained(self, error: MarkedYAMLError) -> Problem:
        """Return the mistake in the text on which the library has ended with an error."""
        lines = re.split("\r\n|\r|\n", self._text.removesuffix("\n"))
        here = SyntaxMistake(lines, error, self._quoted, self._begun)
        found = next(filter(None, (rule(here) for rule in RULES)), None)
        mark, what, wanted = found or (here.mark, here.problem, "valid YAML")
        line, column = (mark.line + 1, mark.column + 1) if mark else (1, 1)
        return Problem(self._file, line, column, "", what, wanted)


def escape_problem(file: str, text: str) -> Problem | None:
    """Return the first escape of a character that does not exist; the library fails on these."""
    for found in re.finditer(r"\\U([0-9A-Fa-f]{8})", text):
        if int(found[1], 16) > sys.maxunicode:
            line, column = position(text, found.start())
            return Problem(file, line, column, "", f"the escape {found[0]}", _HIGHEST)
    return None
