"""A replay as JSON: one object a line, and nothing else on standard output."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from ..core.json_texts import compact_json
from ..core.summary import Summary
from ..core.trace import Trace
from ..printable import printable, printable_json
from ._hints import Hints
from .base import Opening, attempt_object, summary_object


class JsonLines:
    """Writes each attempt, and at last the summary, with ``write``.

    What repeats the story, and hints, are told to ``note``, which does not write to standard
    output.
    """

    def __init__(self, write: Callable[[str], None], note: Callable[[str], None]) -> None:
        self._write = write
        self._note = note
        self._hints = Hints()

    def opened(self, opening: Opening) -> None:
        self._hints.opened(opening)
        if opening.repeat_with:
            self._note(f"{printable(opening.scenario)}: repeat with {opening.repeat_with}")

    def attempted(self, trace: Trace) -> None:
        self._write(_line(attempt_object(trace)))
        if hint := self._hints.attempted(trace):
            self._note(hint)

    def closed(self, summary: Summary, elapsed: float) -> None:
        if hint := self._hints.closed(summary):
            self._note(hint)
        self._write(_line(summary_object(summary, elapsed)))


def _line(content: dict[str, Any]) -> str:
    return printable_json(compact_json.encode(content).decode())
