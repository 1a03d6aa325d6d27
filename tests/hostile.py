"""Text that would harm a terminal, and what output has to be so that it does not."""

from __future__ import annotations

import re

STYLE = "\x1b[31;32m"
"""Looks like a style of ours, so that the last look at a line lets it pass; none is just this."""

LINE = (
    "\x1b]0;title\x07\x1b[2J\x1b[8m\x9b31m\x7f\x00\u202e\u2066\u061c\u200e\u200f\u2028\U000e0001"
    f"{STYLE}"
)
"""Sequences and characters of all kinds; it stays on its line."""

HOSTILE = f"{LINE}\nFORGED\rFORGED"

OPTION = HOSTILE.replace("\x00", "")
"""As a word of a command line or the name of a file may be; those hold no zero byte."""

HEADER = re.sub("[\x00-\x08\x0a-\x1f]", "", LINE)
"""As header values of requests that are captured may be."""

SHOWN = (r"\u202e", r"\x9b31m")
"""How some of it has to be shown, where it is."""

_OWN_STYLE = re.compile(r"\x1b\[[0-9;]*m")


def assert_harmless(output: str, folded: bool = False) -> None:
    """Check that nothing but text, line ends and our own styles is in an output.

    Where it is ``folded`` into columns, a line may begin anywhere in a text.
    """
    assert STYLE not in output
    lines = _OWN_STYLE.sub("", output).split("\n")
    assert [each for each in lines if not each.isprintable()] == []
    assert folded or [each for each in lines if each.startswith("FORGED")] == []
