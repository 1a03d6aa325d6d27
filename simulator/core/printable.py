"""Text from elsewhere, made harmless to a terminal, and lists in messages.

A terminal obeys escape sequences: they clear the screen, rename the window or hide text.
Characters that turn the writing direction make one word look like another. So characters that
``str.isprintable`` refuses are escaped, as ``\\x1b`` or ``\\u202e``: control characters, format
characters, lone surrogates, code points without a character, and all white space but the plain
space. Accents, CJK and emoji stay as they are. An emoji that is composed of several is printed in
parts, since the joiner (U+200D) is a format character.

The rule: code that puts a line together makes each foreign value printable. Text that is printable
stays as it is, so doing it twice does no harm.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from typing import Any

LONGEST_BRIEF = 500

MOST_LISTED = 5
"""How many things a message names unless it says otherwise."""

_OWN_STYLES = re.compile(r"(\x1b\[(?:[012]|3[0-7])(?:;(?:[012]|3[0-7]))*m)")
"""Bold, dim, eight colours and the end of all of them: flowsim uses no others."""


def printable(text: str) -> str:
    """Return text on one line, with what cannot be printed escaped."""
    return text if text.isprintable() else _escaped(text, _escape)


def printable_lines(text: str) -> str:
    """Return text with what cannot be printed escaped, but for the ends of its lines."""
    return text if text.isprintable() else _escaped(text, _escape, kept="\n")


def printable_json(text: str) -> str:
    """Return JSON text of the same value, in which a terminal can print each character.

    ``text`` is JSON. What cannot be printed is escaped as JSON does it: ``\\u202e``. Line ends
    stay, since in JSON they stand between values only.
    """
    return text if text.isprintable() else _escaped(text, _json_escape, kept="\n")


def escapes(text: str) -> str:
    """Return every character of a text escaped, as ``\\u2713``."""
    return "".join(map(_escape, text))


def json_escapes(text: str) -> str:
    """Return every character of a text escaped, as a string of JSON has it."""
    return "".join(map(_json_escape, text))


def printable_values(content: Any) -> Any:
    """Return a value of JSON with all its text printable, keys too: an answer to be printed."""
    if isinstance(content, str):
        return printable(content)
    if isinstance(content, list):
        return [printable_values(each) for each in content]
    if isinstance(content, dict):
        return {printable(key): printable_values(each) for key, each in content.items()}
    return content


def brief(text: str) -> str:
    """Return text as a message may quote it: printable, on one line, and short."""
    shown = printable(text)
    return shown if len(shown) <= LONGEST_BRIEF else f"{shown[: LONGEST_BRIEF - 1]}…"


def listed(words: Sequence[str], most: int = MOST_LISTED) -> str:
    """Return ``a, b, c``, or ``a, b and 2,498 more`` for more than ``most`` words."""
    shown, more = words[:most], len(words) - most
    return ", ".join(shown) + (f" and {more:,} more" if more > 0 else "")


def count(number: int, noun: str) -> str:
    """Return ``1 event``, ``2 events``, ``2 deliveries``."""
    if number == 1:
        return f"1 {noun}"
    return f"{number:,} {noun[:-1]}ies" if noun.endswith("y") else f"{number:,} {noun}s"


def keep_styles(text: str) -> str:
    """Return our own lines with their styles; other characters that are unprintable are escaped.

    This is the last step before a line is written, for values that were forgotten before. A
    foreign value can then still colour the text, and no more.
    """
    if text.isprintable():
        return text
    parts = _OWN_STYLES.split(text)
    return "".join(part if place % 2 else printable_lines(part) for place, part in enumerate(parts))


def _escaped(text: str, escape: Callable[[str], str], kept: str = "") -> str:
    """Escape a text; ``kept`` is a character that stays, between parts that mostly are fine."""
    parts = text.split(kept) if kept else [text]
    return kept.join(each if each.isprintable() else _each_escaped(each, escape) for each in parts)


def _each_escaped(text: str, escape: Callable[[str], str]) -> str:
    return "".join(each if each.isprintable() else escape(each) for each in text)


def _escape(character: str) -> str:
    return character.encode("unicode_escape").decode("ascii")


def _json_escape(character: str) -> str:
    """Return a character as ``\\uXXXX``: twice that for one beyond U+FFFF."""
    return re.sub("....", r"\\u\g<0>", character.encode("utf-16-be", "surrogatepass").hex())
