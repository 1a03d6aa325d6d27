"""Paths of fields: ``activities[].name``, ``metrics."adf/run.id"``, ``[].value.id``."""

from __future__ import annotations

import json
import re
from collections.abc import Sequence

Step = str | None
"""One step of a path: the name of a member, or None for each element of a list."""

Steps = tuple[Step, ...]

LONGEST = 1_000
"""The most characters of a path."""

_EXPECTED = 'members with dots between them and [] after a list, as in a[].b or a."b.c"'

_STEP = re.compile(r'(?:^|(?<=[^.])\.)(?:("(?:[^"\\]|\\.)*")|([^.\[\]"]+))|(\[\])')
"""A member in quotes, a member, or each element; the first step has no dot before it."""

_PLAIN = re.compile(r'[^.\[\]"\x00-\x1f]+')


def parse(text: str) -> Steps:
    """Return the steps of a path; raises ``ValueError`` with what was expected."""
    steps: list[Step] = []
    position = 0
    while position < len(text) <= LONGEST:
        found = _STEP.match(text, position)
        if found is None:
            raise ValueError(_EXPECTED)
        steps.append(None if found[3] else found[2] or _unquoted(found[1]))
        position = found.end()
    if not steps:
        raise ValueError(f"{_EXPECTED}, at most {LONGEST:,} characters")
    return tuple(steps)


def spell(steps: Sequence[Step]) -> str:
    """Return a path as it is written; ``parse`` reads it."""
    text = ""
    for step in steps:
        if step is None:
            text += "[]"
        else:
            name = step if _PLAIN.fullmatch(step) else json.dumps(step, ensure_ascii=False)
            text += f".{name}" if text else name
    return text


def _unquoted(name: str) -> str:
    try:
        return str(json.loads(name))
    except ValueError:
        raise ValueError("a name in quotes as in JSON, with \\\\ for a backslash") from None
