"""Kinds of mistakes of YAML syntax in the words of users, and where each was made.

The library says what its parser was doing, and where it could not go on. For an open bracket or
quote that is some lines below; so such mistakes are placed where the bracket or the quote was
opened.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

from .yaml_errors import CLOSING, Mark, SyntaxMistake

_ESCAPE = "\\"
_LONGEST_KEY = 1_024


Found = tuple[Any, str, str]
"""Where it is, what was found there, and what was expected."""


def _quote_of_lines(mistake: SyntaxMistake) -> Found | None:
    """Return the mistake that a quote seems to be closed by the next one, some lines below."""
    quoted = mistake.quoted
    if quoted is None or quoted.end_mark.line != mistake.mark.line:
        return None
    sign = mistake.rest(quoted.start_mark)[:1]
    what = f"text in quotes that goes on to the next {sign} in line {quoted.end_mark.line + 1}"
    wanted = f"a {sign} at its end, before {mistake.shown(mistake.mark)} there"
    return quoted.start_mark, what, wanted


def _tab(mistake: SyntaxMistake) -> Found | None:
    return (mistake.mark, "a tab", "spaces") if r"'\t'" in mistake.problem else None


def _open_bracket(mistake: SyntaxMistake) -> Found | None:
    """Return where the bracket was opened in which a comma or the closing bracket is missing."""
    begin = mistake.bracket or mistake.begin
    bracket, mark = mistake.rest(begin)[:1], mistake.mark
    is_inside = mistake.context.startswith("while parsing a flow ")
    if bracket not in CLOSING or not is_inside:
        return None
    closing = CLOSING[bracket]
    if "<stream end>" in mistake.problem:
        return begin, f"a {bracket} that is not closed", f"a {closing}"
    if mistake.rest(mark).startswith("- "):
        what = f"a list item with - between {bracket} in line {begin.line + 1} and {closing}"
        return mark, what, f"items without - there, or a list without {bracket} and {closing}"
    if mistake.rest(mark).startswith(",") and mistake.problem.startswith("expected the node"):
        return mark, "a comma", "a value before it"
    place = f"before {mistake.shown(mark)} in line {mark.line + 1}"
    return begin, f"a {bracket} that is not closed", f"a comma or {closing} {place}"


def _open_quote(mistake: SyntaxMistake) -> Found | None:
    if mistake.context != "while scanning a quoted scalar":
        return None
    sign = mistake.rest(mistake.begin)[:1]
    return mistake.begin, f"a {sign} that is not closed", f"a {sign} at the end of the text"


def _escape(mistake: SyntaxMistake) -> Found | None:
    if mistake.context != "while scanning a double-quoted scalar":
        return None
    line, end = mistake.line(mistake.mark.line), mistake.mark.column + 1
    what = f"the escape {line[max(0, line.rfind(_ESCAPE, 0, end)) : end]}"
    return mistake.mark, what, r"\\ for a backslash, or single quotes around the text"


def _colon(mistake: SyntaxMistake) -> Found | None:
    if mistake.problem != "mapping values are not allowed here":
        return None
    key = mistake.before(mistake.mark).strip()
    if len(key) > _LONGEST_KEY:
        return mistake.mark, f"a key of more than {_LONGEST_KEY:,} characters", "a shorter one"
    if re.search(r":\s|^-\s", key):
        what = "a second colon in a line"
        return mistake.mark, what, "quotes around text with a colon, or a line for each key"
    return _above(mistake) or (
        mistake.mark,
        f"the key {key!r}, indented below a value",
        "it as far to the left as the key above",
    )


def _above(mistake: SyntaxMistake) -> Found | None:
    """Return the first of the lines above that have no colon, and so are no keys."""
    first = None
    for number in range(mistake.mark.line - 1, -1, -1):
        text = mistake.line(number).partition(" #")[0].strip()
        if re.search(r":(\s|$)", text):
            break
        first = number if text and not text.startswith("#") else first
    if first is None:
        return None
    column = len(mistake.line(first)) - len(mistake.line(first).lstrip())
    return _without_colon(mistake, Mark(first, column))


def _without_colon(mistake: SyntaxMistake, mark: Any) -> Found:
    what = f"{mistake.shown(mark)} without a colon after it"
    return mark, what, "a key and its value, as in seed: 7"


def _no_place(mistake: SyntaxMistake) -> Found | None:
    if mistake.problem == "sequence entries are not allowed here":
        return mistake.mark, "a list item after a key", "it in a line of its own"
    if mistake.problem == "mapping keys are not allowed here":
        return mistake.mark, "a ? after a key", "quotes around text that begins with ?"
    return None


def _no_colon(mistake: SyntaxMistake) -> Found | None:
    if mistake.context != "while scanning a simple key":
        return None
    return _without_colon(mistake, mistake.begin)


def _sign(mistake: SyntaxMistake) -> Found | None:
    found = re.match(r"found character '(.)' that cannot start any token", mistake.problem)
    if found:
        return mistake.mark, f"text that begins with {found[1]}", "quotes around it"
    if mistake.context.startswith("while scanning an a"):  # an anchor, an alias
        sign = mistake.rest(mistake.begin)[:1]
        return mistake.begin, f"a {sign} without a name after it", "a name, or quotes around it"
    return None


def _tag(mistake: SyntaxMistake) -> Found | None:
    if " tag" not in f"{mistake.context} {mistake.problem}":
        return None
    mark = mistake.mark if mistake.rest(mistake.mark)[:1] == "!" else mistake.begin
    word = mistake.rest(mark).partition(" ")[0]
    return mark, f"the tag {word}", "plain YAML, without tags; or quotes around the text"


def _percent(mistake: SyntaxMistake) -> Found | None:
    words = ("expected '<document start>'", "found duplicate YAML", "found incompatible YAML")
    is_one = mistake.context == "while scanning a directive" or mistake.problem.startswith(words)
    lines = (number for number, line in enumerate(mistake.lines) if line.startswith("%"))
    first = next(lines, None)
    if not is_one or first is None:
        return None
    what = "a line that begins with %"
    return Mark(first, 0), what, "quotes around its text, or no such line"


def _block_text(mistake: SyntaxMistake) -> Found | None:
    if mistake.problem.startswith("more indented follow up line") or _is_below_block(mistake):
        what = "an empty line with more spaces than the text below"
        return mistake.mark, what, "as many spaces, or none"
    if mistake.context != "while scanning a block scalar":
        return None
    sign = mistake.rest(mistake.begin)[:1]
    what = f"{mistake.shown(mistake.begin)} in the place of a block of text"
    return mistake.begin, what, f"{sign} at the end of its line, or quotes around text with {sign}"


def _is_below_block(mistake: SyntaxMistake) -> bool:
    """Tell whether a text follows a line with | or >, and an empty line with more spaces."""
    number, longest = mistake.mark.line - 1, 0
    while number > 0 and not mistake.line(number).strip():
        longest = max(longest, len(mistake.line(number)))
        number -= 1
    is_block = re.search(r"[|>][+-]?\s*$", mistake.line(number)) is not None
    return is_block and longest > mistake.mark.column


_STRAY = {
    "]": ("a ]", "a [ before it"),
    "}": ("a }", "a { before it"),
    ",": ("a comma after a value", "a line for each key, or { and } around all of them"),
}


def _other_column(mistake: SyntaxMistake) -> Found | None:
    """Return what is in a wrong column, or follows a complete value."""
    if not mistake.problem.startswith("expected <block end>"):
        return None
    mark, what = mistake.mark, mistake.shown(mistake.mark)
    sign = mistake.rest(mark)[:1]
    if sign in _STRAY:
        return mark, *_STRAY[sign]
    if mistake.before(mark).strip():
        return mark, f"{what} after a value", "quotes around all of the text, or a new line"
    begin = mistake.begin
    is_list = mistake.context == "while parsing a block collection"
    kind = "list item" if is_list else "key"
    if mark.column == begin.column:
        return mark, f"{what} among {kind}s", f"a {kind}, or other indentation"
    column = f"column {begin.column + 1}, as the {kind} in line {begin.line + 1}"
    return mark, f"{what} in column {mark.column + 1}", f"{column}, or that of a line between"


def _no_value(mistake: SyntaxMistake) -> Found | None:
    if not mistake.problem.startswith("expected the node content"):
        return None
    sign = mistake.rest(mistake.mark)[:1]
    if sign in ("]", "}"):
        return mistake.mark, *_STRAY[sign]
    return mistake.mark, mistake.shown(mistake.mark), "a value before it"


def _behind_the_end(mistake: SyntaxMistake) -> Found | None:
    words = ("expected '<document start>'", "found non-comment content after document end")
    if not mistake.problem.startswith(words):
        return None
    if mistake.before(mistake.mark).strip():
        return _without_colon(mistake, Mark(mistake.mark.line, 0))
    return (
        mistake.mark,
        f"{mistake.shown(mistake.mark)} after the end",
        "one document, and no more",
    )


RULES: tuple[Callable[[SyntaxMistake], Found | None], ...] = (
    _quote_of_lines,
    _tab,
    _open_bracket,
    _open_quote,
    _escape,
    _colon,
    _no_place,
    _no_colon,
    _sign,
    _tag,
    _percent,
    _block_text,
    _other_column,
    _no_value,
    _behind_the_end,
)
"""Each recognises one kind of mistake; the first that returns something counts."""
