"""Text that would harm a terminal, and what output has to be so that it does not."""

from __future__ import annotations

import re
from typing import Any

STYLE = "\x1b[31;32m"
"""Looks like a style of ours, so that the last look at a line lets it pass; none is just this."""

LINE = (
    "\x1b]0;title\x07\x1b[2J\x1b[8m\x9b31m\x7f\x00\u202e\u2066\u061c\u200e\u200f\u2028\U000e0001"
    f"{STYLE}"
)
"""Sequences and characters of all kinds; it stays on its line."""

HOSTILE = f"{LINE}\nFORGED\rFORGED"

OPTION = HOSTILE.replace("\x00", "\udcff")
"""As words of a command line and names of files may be: with bytes that are no text, but zero."""

HEADER = LINE.replace("\x00", "")
"""As values of headers may be."""

SHOWN = (r"\u202e", r"\x9b31m")
"""How some of it has to be shown, where it is."""

_OWN_STYLE = re.compile(r"\x1b\[[0-9;]*m")


def assert_harmless(output: str, folded: bool = False) -> None:
    """Check that an output has only text, line ends and our own styles.

    Where it is ``folded`` into columns, a line may begin anywhere in a text.
    """
    assert STYLE not in output
    lines = _OWN_STYLE.sub("", output).split("\n")
    assert [each for each in lines if not each.isprintable()] == []
    assert folded or [each for each in lines if each.startswith("FORGED")] == []


def everything(content: Any) -> str:
    """Return all text of what JSON holds."""
    if isinstance(content, dict):
        return "".join(map(everything, [*content, *content.values()]))
    if isinstance(content, list):
        return "".join(map(everything, content))
    return content if isinstance(content, str) else ""
