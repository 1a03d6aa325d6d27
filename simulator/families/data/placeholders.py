"""Text with placeholders: its pieces, and any JSON value written so that none of it is special."""

from __future__ import annotations

import re
from typing import Any

from .values import ValueMistakeError

_INSIDE = re.compile(
    r"(?:[^'\"}]|'(?:[^'\\]|\\.)*+'|\"(?:[^\"\\]|\\.)*+\"|\}(?!\}))*+\}\}", re.DOTALL
)
"""An expression and the braces that close it; braces in its texts do not."""


def literal(value: Any) -> Any:
    """Return a template that yields exactly this JSON value, whatever stands in its texts."""
    if isinstance(value, str):
        return value.replace("{{", "{{ '{{' }}")
    if isinstance(value, list):
        return [literal(each) for each in value]
    if isinstance(value, dict):
        return {f"${key}" if key[:1] == "$" else key: literal(each) for key, each in value.items()}
    return value


def pieces(text: str) -> list[str]:
    """Return text and expressions by turns: ``"a {{ b }}"`` gives ``["a ", "b", ""]``.

    Text has the even places, and may be empty. Expressions have no space at their ends.

    Raises ``ValueMistakeError`` if a placeholder is not closed.
    """
    found, position = [], 0
    while (begin := text.find("{{", position)) >= 0:
        inside = _INSIDE.match(text, begin + 2)
        if inside is None:
            wanted = "}} behind it; text that is no expression is written {{ '{{' }}"
            raise ValueMistakeError(f"{text[begin : begin + 40]!r}", wanted)
        found += [text[position:begin], inside[0][:-2].strip()]
        position = inside.end()
    return [*found, text[position:]]
