"""Text from elsewhere cannot act on a terminal, and lists in messages are short."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from flowsim.core.printable import (
    LONGEST_BRIEF,
    MOST_LISTED,
    brief,
    keep_styles,
    listed,
    printable,
    printable_json,
    printable_lines,
    printable_values,
)
from flowsim.errors import ApiError, FlowsimError, KeyFileError, Problem, ScenarioError

from ..cases import for_each
from ..hostile.text import HOSTILE, LINE, STYLE, assert_harmless

UNPRINTABLE = [
    *"\0\a\b\t\n\r\x1b\x7f\x80\x9b\x9f\xa0\xad\u061c\u200b\u200d\u200e\u200f\u2028\u2029"
]
UNPRINTABLE += [
    *"\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069\ufeff\ud800\udcff\U000e0001"
]

anything = st.text(
    st.one_of(st.characters(exclude_categories=()), st.sampled_from([*UNPRINTABLE, "\\", '"']))
)
"""Lone surrogates are among it, as undecodable names of files bring them."""

values = st.recursive(
    st.none() | st.booleans() | st.integers() | anything,
    lambda inner: st.lists(inner) | st.dictionaries(anything, inner),
    max_leaves=8,
)


@for_each("text", ["", "plain text", "é ß ł", "日本語", "한국어 العربية", "👍🏽 🎉", "→ · ✓"])
def test_ordinary_text_stays_as_it_is(text: str) -> None:
    for show in (printable, printable_lines, printable_json, keep_styles, brief):
        assert show(text) == text


def test_unprintable_characters_are_escaped() -> None:
    assert printable("a\x1b[2Jb\x9bc\u202ed\n\t\0") == r"a\x1b[2Jb\x9bc\u202ed\n\t\x00"
    assert printable("\udcff \U000e0001") == r"\udcff \U000e0001"
    assert printable("👩\u200d🚀") == r"👩\u200d🚀"


@for_each("character", UNPRINTABLE)
def test_no_unprintable_character_is_left(character: str) -> None:
    assert printable(character).isascii()
    assert printable(character).isprintable()


@given(anything)
def test_printable_text_is_not_changed_again(text: str) -> None:
    shown = printable(text)
    assert shown.isprintable()
    assert printable(shown) == shown
    assert shown == text or not text.isprintable()
    assert len(shown) >= len(text)


@given(anything)
def test_printable_parts_of_a_text_are_kept(text: str) -> None:
    """The text itself stands between the escapes."""
    rest = iter(printable(text))
    assert all(each in rest for each in text if each.isprintable())


@given(anything, anything)
def test_a_text_can_be_escaped_in_parts(one: str, other: str) -> None:
    assert printable(one + other) == printable(one) + printable(other)


@given(anything)
def test_printable_lines_keep_line_ends(text: str) -> None:
    assert printable_lines(text).split("\n") == [printable(line) for line in text.split("\n")]


@given(values)
def test_json_has_the_same_value_once_it_is_printable(value: Any) -> None:
    for indent in (None, 2):
        shown = printable_json(json.dumps(value, ensure_ascii=False, indent=indent))
        assert all(line.isprintable() for line in shown.split("\n"))
        assert json.loads(shown) == json.loads(json.dumps(value))


def test_printable_json_uses_the_escapes_of_json() -> None:
    text = json.dumps("é\x9b\u202e\U000e0001\x7f", ensure_ascii=False)
    assert printable_json(text) == r'"é\u009b\u202e\udb40\udc01\u007f"'


@given(values)
def test_all_text_of_an_answer_becomes_printable(value: Any) -> None:
    shown = json.dumps(printable_values(value), ensure_ascii=False)
    assert shown.isprintable()


@given(anything)
def test_a_quoted_text_is_short(text: str) -> None:
    shown = brief(text)
    assert shown.isprintable()
    assert len(shown) <= LONGEST_BRIEF
    assert shown == printable(text) or shown.endswith("…")


# The last look at a line


def test_keep_styles_keeps_the_styles_of_flowsim_only() -> None:
    own = "\x1b[1mbold\x1b[0m \x1b[31mred\x1b[0m \x1b[2;32mboth\x1b[0m\n"
    assert keep_styles(own) == own
    assert keep_styles("\x1b[8mhidden\x1b[7m\x1b[2J\x1b[41m") == (
        r"\x1b[8mhidden\x1b[7m\x1b[2J\x1b[41m"
    )


@given(anything)
def test_keep_styles_leaves_only_lines_and_styles_of_any_text(text: str) -> None:
    assert_harmless(keep_styles(text).replace(STYLE, ""))


# Errors


def kinds_of(kind: type[FlowsimError]) -> Iterator[type[FlowsimError]]:
    yield kind
    for each in kind.__subclasses__():
        yield from kinds_of(each)


OF_ONE_TEXT = [each for each in kinds_of(FlowsimError) if not issubclass(each, ScenarioError)]
"""Errors that hold their text; that of a ``ScenarioError`` is made of its problems."""


@for_each("kind", OF_ONE_TEXT)
def test_the_text_of_every_error_can_be_printed(kind: type[FlowsimError]) -> None:
    """Some have lines, as the mistakes of a scenario; no line holds anything else."""
    error = kind.__new__(kind)
    Exception.__init__(error, HOSTILE)
    assert all(line.isprintable() for line in str(error).split("\n"))


def test_an_error_that_names_a_file_is_one_line() -> None:
    assert str(KeyFileError(Path("a\nb\x1b"), "is missing")) == r"a\nb\x1b: is missing"
    problem = Problem(HOSTILE, 1, 1, LINE, HOSTILE, HOSTILE)
    assert str(problem).isprintable()
    first, second = str(ScenarioError([problem, problem])).split("\n")
    assert (first.isprintable(), second) == (True, first)


def test_an_answer_to_a_program_keeps_its_lines() -> None:
    assert str(ApiError(400, "Mistakes", "one\ntwo\x1b")) == "one\ntwo\\x1b"


@for_each(
    ("number", "said"),
    [(0, ""), (1, "w0"), (5, "w0, w1, w2, w3, w4"), (2503, "w0, w1, w2, w3, w4 and 2,498 more")],
)
def test_a_few_words_are_named_and_the_others_are_counted(number: int, said: str) -> None:
    assert listed([f"w{each}" for each in range(number)]) == said


@given(st.lists(st.text("abc", min_size=1)), st.integers(1, 10))
def test_each_word_is_listed_or_counted(words: list[str], most: int) -> None:
    shown, _, more = listed(words, most).partition(" and ")
    counted = int(more.removesuffix(" more").replace(",", "")) if more else 0
    assert len(list(filter(None, shown.split(", ")))) + counted == len(words)
    assert MOST_LISTED == 5
