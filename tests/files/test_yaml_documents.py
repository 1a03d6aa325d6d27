"""YAML text as a document, every mistake with its place."""

from __future__ import annotations

import json

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from flowsim.errors import ScenarioError
from flowsim.files.yaml_documents import parse_text, scalar
from flowsim.files.yaml_reader import MOST_NODES

from ..cases import for_each
from .yaml_like import YAML_LIKE

NO_MERGE = "a merge key <<; expected a mapping after it, as in <<: *name, or a list of mappings"
LAUGHS = "".join(f"l{n}: &l{n} [{', '.join([f'*l{n - 1}'] * 10)}]\n" for n in range(1, 20))


def mistakes(text: str) -> list[str]:
    """Return the mistakes in a text: the one that ended the reading, or all that did not end it."""
    try:
        return [str(problem) for problem in parse_text(text, "s.yaml").problems]
    except ScenarioError as error:
        return [str(problem) for problem in error.problems]


def value(text: str) -> object:
    document = parse_text(text, "s.yaml")
    assert not document.problems
    return document.value


# What is read


@for_each(
    ("text", "expected"),
    [
        ("a: 1", 1),
        ("a: -17", -17),
        ("a: 0777", 777),
        ("a: 0o17", 15),
        ("a: 0x1F", 31),
        ("a: 1.5", 1.5),
        ("a: 1e3", 1000.0),
        ("a: true", True),
        ("a: FALSE", False),
        ("a: null", None),
        ("a: ~", None),
        ("a:", None),
        ("a: yes", "yes"),
        ("a: off", "off"),
        ("a: 12:30:45", "12:30:45"),
        ("a: 2026-01-15", "2026-01-15"),
        ("a: 2026-13-45T99:99:99Z", "2026-13-45T99:99:99Z"),
        ("a: '1'", "1"),
        ('a: "\\u00e9"', "é"),
        ("a: ! 5", "5"),
        ("a: !!str 5", "5"),
        ("a: !!int '5'", 5),
        ("a: !!float 5", 5.0),
        ("a: 😀", "😀"),
        ("a: |\n  b\n  c\n", "b\nc\n"),
        ("a: -_", "-_"),
    ],
)
def test_scalars_are_read_as_yaml_1_2_and_dates_stay_text(text: str, expected: object) -> None:
    assert value(text) == {"a": expected}
    assert type(value(text)["a"]) is type(expected)  # type: ignore[index]


JSON_TEXT = st.text(st.characters(codec="latin-1", categories=["L", "N", "P", "S", "Zs"]))
JSON = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats(allow_nan=False, allow_infinity=False)
    # A no-break line of JSON is one of YAML only without the breaks that YAML adds.
    | JSON_TEXT,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(JSON_TEXT, inner, max_size=4),
    max_leaves=12,
)


@settings(deadline=None)
@given(JSON)
def test_json_is_yaml_and_reads_as_itself(json_value: object) -> None:
    text = json.dumps({"payload": json_value}, ensure_ascii=False)
    assert value(text) == {"payload": json_value}


def test_a_pair_of_surrogate_escapes_is_one_character_as_in_json() -> None:
    assert value(json.dumps({"payload": "😀", "😀": 1})) == {"payload": "😀", "😀": 1}


def test_json_indented_with_tabs_is_read() -> None:
    assert value(json.dumps({"a": [{"b": 1}]}, indent="\t")) == {"a": [{"b": 1}]}


def test_every_key_and_value_has_its_place() -> None:
    document = parse_text("# story\nevents:\n  - {payload: [1, é], after: 5s}\n", "s.yaml")
    assert document.keys == {
        ("events",): (2, 1),
        ("events", 0, "payload"): (3, 6),
        ("events", 0, "after"): (3, 23),
    }
    assert document.values == {
        (): (2, 1),
        ("events",): (3, 3),
        ("events", 0): (3, 5),
        ("events", 0, "payload"): (3, 15),
        ("events", 0, "payload", 0): (3, 16),
        ("events", 0, "payload", 1): (3, 19),
        ("events", 0, "after"): (3, 30),
    }


def test_places_count_characters_not_bytes_and_lines_of_any_ending() -> None:
    document = parse_text('a: 1\r\nb: {é: "😀", y: 2}\r\n', "s.yaml")
    assert document.keys["b", "y"] == (2, 13)


def test_an_alias_stands_for_the_value_before_it() -> None:
    text = "a: &x {n: 1}\nb: *x\nc: &y 5\nd: [*y, *x]\n"
    assert value(text) == {"a": {"n": 1}, "b": {"n": 1}, "c": 5, "d": [5, {"n": 1}]}


def test_an_anchor_may_be_used_again_inside_and_after_another() -> None:
    assert value("[&a [&a x, *a], *a]") == [["x", "x"], ["x", "x"]]


@for_each(
    ("text", "expected"),
    [
        ("{<<: *x}", {"n": 1, "m": {"k": 2}}),
        ("{n: 9, <<: *x}", {"n": 9, "m": {"k": 2}}),
        ("{<<: *x, n: 9}", {"n": 9, "m": {"k": 2}}),
        ("{<<: [*y, *x]}", {"n": 3, "o": 4, "m": {"k": 2}}),
        ("{<<: *both}", {"n": 1, "m": {"k": 2}, "o": 4}),
        ("{a: 1, <<: {b: 2}, c: 3}", {"a": 1, "b": 2, "c": 3}),
        ("{<<: {<<: *y, n: 5}}", {"n": 5, "o": 4}),
        ("[{<<: *x}, *y]", [{"n": 1, "m": {"k": 2}}, {"n": 3, "o": 4}]),
    ],
)
def test_a_merge_key_adds_keys_that_are_missing(text: str, expected: object) -> None:
    """Keys of the mapping itself count first, then those of the first mapping that is named."""
    anchors = "x: &x {n: 1, m: {k: 2}}\ny: &y {n: 3, o: 4}\nz: &both [*x, *y]\n"
    read = value(f"{anchors}it: {text}\n")["it"]  # type: ignore[index]
    assert json.dumps(read) == json.dumps(expected)


def test_merged_values_have_the_place_where_they_are_written() -> None:
    text = "a: &x\n  b: {c: 1}\n  d: 2\nz: [*x]\ne: {<<: *x, d: 3}\nf: {<<: [{g: {}}]}\n"
    document = parse_text(text, "s.yaml")
    places = {
        ("e", "b", "c"): "2:10",
        ("e", "b", "missing"): "2:6",
        ("e", "d"): "5:16",
        ("z", 0, "b", "c"): "4:5",
        ("z", 0): "4:5",
        ("f", "g"): "6:14",
        ("e", "missing"): "5:4",
    }
    for path, place in places.items():
        assert str(document.problem(path, "x", "y")).startswith(f"s.yaml:{place}: "), path
    assert str(document.problem(("e", "b"), "x", "y", at_key=True)).startswith("s.yaml:2:3: ")
    assert document.has(("e", "b", "c"))
    assert not document.has(("e", "b", "missing"))


def test_merged_values_are_counted() -> None:
    begin = "m0: &m0 {a: {b: [1, 2, 3, 4, 5, 6, 7, 8]}}\n"
    more = "".join(
        f"m{n}: &m{n} {{{', '.join(f'k{k}: {{<<: *m{n - 1}}}' for k in range(10))}}}\n"
        for n in range(1, 9)
    )
    (message,) = mistakes(begin + more)
    assert "more than 250000 keys and values" in message


@pytest.mark.parametrize("levels", [1, 99, 100])
def test_a_hundred_levels_are_read(levels: int) -> None:
    assert mistakes("[" * levels + "]" * levels) == []


@pytest.mark.parametrize("brackets", [("[", "]"), ("{a: ", "}")])
def test_a_hundred_levels_are_read_with_aliases_and_merge_keys(brackets: tuple[str, str]) -> None:
    """Levels of an alias count where the alias stands."""
    begin, end = brackets
    inner = begin * 50 + "1" + end * 50
    assert mistakes(f"[&x {inner}, {'[' * 49}*x{']' * 49}]") == []
    assert mistakes(f"[&x {inner}, {'[' * 50}*x{']' * 50}]") == [
        f"s.yaml:1:{len(inner) + 57}: [1]{'[0]' * 7}: more than 100 levels; expected less nesting"
    ]


# What is refused


@for_each(
    ("text", "message"),
    [
        ("", "1:1: an empty file; expected a scenario with the key events"),
        ("# nothing yet\n", "1:1: an empty file; expected a scenario with the key events"),
        ("\n\n  \n", "1:1: an empty file; expected a scenario with the key events"),
        (
            "events:\n\t- payload: 1\n",
            "2:1: a tab; expected spaces",
        ),
        (
            "\tseed: 1\n",
            "1:1: a tab; expected spaces",
        ),
        ("a: 1\n---\na: 2\n", "2:1: a second document; expected one document a file"),
        ("? [a]\n: 1\n", "1:3: a key that is not text; expected text as key"),
        ("a: &x 1\n*x : 2\n", "2:1: a key that is not text; expected text as key"),
        ("1: a\n", "1:1: the key 1; expected text as key; put it in quotes"),
        ("a: {true: 1}\n", "1:5: a: the key true; expected text as key; put it in quotes"),
        ("~: a\n", "1:1: the key ~; expected text as key; put it in quotes"),
        ("a: 1\nb: 2\na: 3\n", "3:1: a: the key 'a' again; expected it once, as in line 1"),
        (
            "a: {b: [{c: 1, c: 2}]}\n",
            "1:16: a.b[0].c: the key 'c' again; expected it once, as in line 1",
        ),
        ("a: *x\n", "1:4: a: *x; expected &x before it"),
        ("a: &x [*x]\n", "1:8: a[0]: *x inside itself; expected an alias of something else"),
        (
            "a: &x\n  b: [{c: *x}]\n",
            "2:11: a.b[0].c: *x inside itself; expected an alias of something else",
        ),
        (
            "a: &x 1\nb: &x [*x]\n",
            "2:8: b[0]: *x inside itself; expected an alias of something else",
        ),
        ("a: !mine 1\n", "1:4: a: the tag !mine; expected plain YAML, without tags"),
        ("!mine a: 1\n", "1:1: the tag !mine; expected plain YAML, without tags"),
        (
            "a: !!python/object/apply:os.system [ls]\n",
            "1:4: a: the tag !!python/object/apply:os.system; expected plain YAML, without tags",
        ),
        (
            "a: [!!binary aGk=]\n",
            "1:5: a[0]: the tag !!binary; expected plain YAML, without tags",
        ),
        (
            "a: !!timestamp 2026-99-99\n",
            "1:4: a: the tag !!timestamp; expected plain YAML, without tags",
        ),
        (
            "a: !!set {b}\n",
            "1:4: a: the tag !!set; expected plain YAML, without tags",
        ),
        (
            "a: !!omap [b: 1]\n",
            "1:4: a: the tag !!omap; expected plain YAML, without tags",
        ),
        ("a: &x 1\nc: {<<: *x}\n", f"2:5: c: {NO_MERGE}"),
        ("a: &x [{}, 1]\nc: {<<: *x}\n", f"2:5: c: {NO_MERGE}"),
        ("c: {<<: [[{a: 1}]]}\n", f"1:5: c: {NO_MERGE}"),
        ("c: {<<: }\n", f"1:5: c: {NO_MERGE}"),
        ("c: {<<: []}\n", f"1:5: c: {NO_MERGE}"),
        ("c: {<<: *x}\n", "1:9: c.<<: *x; expected &x before it"),
        ("c: &c {<<: *c}\n", "1:12: c.<<: *c inside itself; expected an alias of something else"),
        (
            "c: {<<: {a: 1}, <<: {b: 1}}\n",
            "1:17: c: << again; expected one << with a list, as in <<: [*a, *b]",
        ),
        ("a: .inf\n", "1:4: a: .inf; expected a finite number"),
        ("a: [1, -.INF]\n", "1:8: a[1]: -.INF; expected a finite number"),
        ("a: .NaN\n", "1:4: a: .NaN; expected a finite number"),
        ("a: 1e999\n", "1:4: a: 1e999; expected a number of at most 1.8e+308"),
        ('a: "\\ud800"\n', "1:4: a: half of a surrogate pair; expected whole characters"),
        ('a: "x\\udc00y"\n', "1:4: a: half of a surrogate pair; expected whole characters"),
        ('{"\\udfff": 1}\n', "1:2: half of a surrogate pair; expected whole characters"),
    ],
)
def test_a_mistake_of_yaml_is_reported_in_one_sentence_with_its_place(
    text: str, message: str
) -> None:
    assert mistakes(text) == [f"s.yaml:{message}"]


@for_each(
    ("text", "message"),
    [
        # What is open, where it was opened
        (
            "a: [1, 2\nb: 3\n",
            "1:4: a [ that is not closed; expected a comma or ] before ': 3' in line 2",
        ),
        ("a: [1,\n", "1:4: a [ that is not closed; expected a ]"),
        ("a: {b: 1\n", "1:4: a { that is not closed; expected a }"),
        (
            "a: {b: 1\nevents:\n  - c: 1\n",
            "1:4: a { that is not closed; expected a comma or } before ':' in line 2",
        ),
        (
            "a: [1, {b: 2]\nc: 1\n",
            "1:8: a { that is not closed; expected a comma or } before ']' in line 1",
        ),
        (
            "{a: ]}\n",
            "1:1: a { that is not closed; expected a comma or } before ']}' in line 1",
        ),
        ("a: 'b\nc: 1\n", "1:4: a ' that is not closed; expected a ' at the end of the text"),
        ('a: {b: "c}\n', '1:8: a " that is not closed; expected a " at the end of the text'),
        (
            'a: "b\nc: 3\nd: "e"\n',
            '1:4: text in quotes that goes on to the next " in line 3; '
            "expected a \" at its end, before 'e\"' there",
        ),
        (
            'a: {b: "c\n  d: "e"}\n',
            '1:8: text in quotes that goes on to the next " in line 2; '
            "expected a \" at its end, before 'e\"}' there",
        ),
        (
            "a: [\n  - b\n]\n",
            "2:3: a list item with - between [ in line 1 and ]; "
            "expected items without - there, or a list without [ and ]",
        ),
        (
            "a: [\nevents:\n  - flow_run: {}\n",
            "3:3: a list item with - between [ in line 1 and ]; "
            "expected items without - there, or a list without [ and ]",
        ),
        ("a: x\u2028y\nb: [c\n", "2:4: a [ that is not closed; expected a ]"),
        ("a: [1, 2]]\n", "1:10: a ]; expected a [ before it"),
        ("a: }\n", "1:4: a }; expected a { before it"),
        ("[,]\n", "1:2: a comma; expected a value before it"),
        # Characters
        (
            'a: 1\nb: "\\UFFFFFFFF"\n',
            r"2:5: the escape \UFFFFFFFF; expected a character up to \U0010FFFF",
        ),
        # Blocks of text
        (
            "a: |\n     \n  b\n",
            "3:3: an empty line with more spaces than the text below; "
            "expected as many spaces, or none",
        ),
        # Colons and keys
        (": 1\n", "1:1: an empty key; expected text as key; put it in quotes"),
        (
            '"a" 7\nb: 1\n',
            "1:1: '\"a\" 7' without a colon after it; expected a key and its value, as in seed: 7",
        ),
        (
            "a: b: c\n",
            "1:5: a second colon in a line; "
            "expected quotes around text with a colon, or a line for each key",
        ),
        (
            "a: 1\n  b: 2\n",
            "2:4: the key 'b', indented below a value; "
            "expected it as far to the left as the key above",
        ),
        (
            "# é\nseed 3\nat: x\n",
            "2:1: 'seed 3' without a colon after it; expected a key and its value, as in seed: 7",
        ),
        (
            "events\n  - a\nb: 1\n",
            "1:1: 'events' without a colon after it; expected a key and its value, as in seed: 7",
        ),
        (
            "a: x\nb\nc: 1\n",
            "2:1: 'b' without a colon after it; expected a key and its value, as in seed: 7",
        ),
        (
            f"{'a' * 1100}: 1\n",
            "1:1101: a key of more than 1,024 characters; expected a shorter one",
        ),
        ("a: - b\n", "1:4: a list item after a key; expected it in a line of its own"),
        # What has to stand in quotes
        ("a: @b\n", "1:4: text that begins with @; expected quotes around it"),
        ("a: %b\n", "1:4: text that begins with %; expected quotes around it"),
        ("a: 1\nb: *\n", "2:4: a * without a name after it; expected a name, or quotes around it"),
        (
            'a: "\\d"\n',
            r"1:6: the escape \d; expected \\ for a backslash, or single quotes around the text",
        ),
        (
            "a: 'it's'\n",
            '1:8: "s\'" after a value; expected quotes around all of the text, or a new line',
        ),
        (
            "a: !x!y 1\n",
            "1:4: the tag !x!y; expected plain YAML, without tags; or quotes around the text",
        ),
        (
            "%a\n",
            "1:1: a line that begins with %; expected quotes around its text, or no such line",
        ),
        (
            "a: >b\n",
            "1:4: '>b' in the place of a block of text; "
            "expected > at the end of its line, or quotes around text with >",
        ),
        # What stands in another column
        (
            "events:\n  - a\n - b\n",
            "3:2: '- b' in column 2; "
            "expected column 1, as the key in line 1, or that of a line between",
        ),
        ("a: 1\n- b\n", "2:1: '- b' among keys; expected a key, or other indentation"),
        ("- a\nb: 1\n", "2:1: 'b: 1' among list items; expected a list item, or other indentation"),
        (
            'a: "b", c: 1\n',
            "1:7: a comma after a value; "
            "expected a line for each key, or { and } around all of them",
        ),
        ("{a: 1}\nb: 2\n", "2:1: 'b: 2' after the end; expected one document, and no more"),
    ],
)
def test_a_mistake_of_syntax_is_described_plainly_with_its_place(text: str, message: str) -> None:
    assert mistakes(text) == [f"s.yaml:{message}"]


@for_each("text", ["...\n", "a: [1,\n", "a: {b: 1\n", "a: 1\n  b: 2\n", "- a\nb: 1\n"])
def test_a_mistake_of_yaml_says_found_and_expected_once_each(text: str) -> None:
    (message,) = mistakes(text)
    assert message.count("expected") == 1


@for_each("code", [0x00, 0x07, 0x1B, 0xD800, 0xFFFE])
def test_a_character_that_cannot_be_printed_is_named_by_its_code_point(code: int) -> None:
    (message,) = mistakes(f"# é\na: {chr(code)}\n")
    assert message.startswith("s.yaml:2:4: ")
    assert f"U+{code:04X}" in message


@pytest.mark.parametrize("written", ['"<<"', "'<<'", "!!str <<"])
def test_a_key_that_only_looks_like_a_merge_key_is_a_key(written: str) -> None:
    document = parse_text(f"a: {{{written}: 1}}\n", "s.yaml")
    assert (document.value, document.problems) == ({"a": {"<<": 1}}, ())


@for_each(
    "tagged",
    [
        *("!!bool x", "!!null x", "!!int x", "!!int 1.5", "!!float x", "!!map x", "!!seq x"),
        *("!!int [1]", "!!str {a: 1}", "!!seq {a: 1}"),
    ],
)
def test_a_tag_of_another_type_is_refused(tagged: str) -> None:
    (message,) = mistakes(f"a: {tagged}\n")
    assert message.startswith("s.yaml:1:4: a: ")


@for_each("sign", ["", "-"])
@for_each("number", ["9" * 5000, "0x" + "f" * 5000, "0o" + "7" * 5000])
def test_a_number_of_five_thousand_digits_is_refused_in_any_base(sign: str, number: str) -> None:
    (message,) = mistakes(f"payload: [{sign}{number}]\n")
    assert message.startswith("s.yaml:1:11: payload[0]: a number of 5,000 digits; ")
    assert message.endswith("; expected a number of at most 1,000 digits")


@for_each("digits", [3000, 3600, 4000, 4290, 4300, 4301])
@for_each("base", ["", "0x", "0o"])
def test_a_number_is_refused_or_can_be_written_as_json(base: str, digits: int) -> None:
    """The interpreter writes whole numbers of at most 4,300 decimal digits."""
    text = f"payload: {base}{'7' * digits}\n"
    assert mistakes(text) or len(json.dumps(value(text))) > digits


@for_each(
    "text",
    ['a: "\\U00110000"\n', 'a: "\\UFFFFFFFF"\n', 'a: "\\x"\n', 'a: "\\uZZZZ"\n'],
)
def test_an_escape_of_no_character_is_refused(text: str) -> None:
    (message,) = mistakes(text)
    assert message.startswith("s.yaml:1:")


@pytest.mark.slow
@for_each(
    ("text", "place"),
    [
        ("[" * 10_000, "1:101: [0][0][0][0][0][0][0][0]"),
        ("[" * 101 + "]" * 101, "1:101: [0][0][0][0][0][0][0][0]"),
        ("{a: " * 10_000, "1:401: a.a.a.a.a.a.a.a"),
        ("- " * 10_000, "1:201: [0][0][0][0][0][0][0][0]"),
        ("\n".join(" " * n + "a:" for n in range(10_000)), "101:101: a.a.a.a.a.a.a.a"),
    ],
)
def test_more_than_a_hundred_levels_are_refused(text: str, place: str) -> None:
    assert mistakes(text) == [f"s.yaml:{place}: more than 100 levels; expected less nesting"]


def test_a_billion_laughs_are_counted_not_expanded() -> None:
    (message,) = mistakes("l0: &l0 [ha, ha, ha]\n" + LAUGHS)
    assert message == (
        f"s.yaml:6:30: l5[4]: more than {MOST_NODES} keys and values; expected a smaller file"
    )


def test_a_long_text_cannot_be_multiplied_by_aliases() -> None:
    """A quarter of a MiB of file would be a GiB of body."""
    text = f"payload: [&x {'x' * 2**18}, {', '.join(['*x'] * 4000)}]\n"
    assert mistakes(text)


def test_the_second_value_of_a_repeated_key_has_its_own_place() -> None:
    first, second = mistakes("a: .nan\na: .inf\n")[0], mistakes("a: .nan\na: .inf\n")[-1]
    assert (first[:11], second[:11]) == ("s.yaml:1:4:", "s.yaml:2:4:")
    document = parse_text("a: {b: 1}\na: {b: 2}\n", "s.yaml")
    kept = document.value["a"]["b"]
    assert document.values["a", "b"] == (kept, 8)


def test_an_empty_value_is_placed_in_the_line_of_its_key() -> None:
    document = parse_text("flow:\n\nevents:\n", "s.yaml")
    assert document.values[("flow",)][0] == 1
    assert document.values[("events",)][0] == 3


def test_all_mistakes_are_reported_at_once_in_file_order() -> None:
    text = 'a: .nan\nb: {c: 1, c: 2}\n3: x\nd: "\\ud800"\n'
    assert mistakes(text) == [
        "s.yaml:1:4: a: .nan; expected a finite number",
        "s.yaml:2:11: b.c: the key 'c' again; expected it once, as in line 2",
        "s.yaml:3:1: the key 3; expected text as key; put it in quotes",
        "s.yaml:4:4: d: half of a surrogate pair; expected whole characters",
    ]


@pytest.mark.parametrize("text", ['"a\\nb": .nan\n', '"\\e[31m": .nan\n', '!!int "1\\n2"'])
def test_a_message_is_one_line_for_any_key(text: str) -> None:
    (message,) = mistakes(text)
    assert message.isprintable()


# Values on the command line


@for_each(
    ("text", "expected"),
    [
        ("60", 60),
        ("[a, 1]", ["a", 1]),
        ("", None),
        (" ", None),
        ("a b", "a b"),
        ("{a: 1}", {"a": 1}),
    ],
)
def test_a_value_of_the_command_line_is_yaml(text: str, expected: object) -> None:
    assert scalar(text, "--set k=v") == expected


@for_each("text", ["[1", "!x y", ".nan", "{a: 1, a: 2}", "a: b: c", "# none"])
def test_a_mistaken_value_names_its_option(text: str) -> None:
    with pytest.raises(ScenarioError) as caught:
        scalar(text, "--set k=v")
    assert str(caught.value).startswith("--set k=v:")


# Any text at all


def is_read_or_refused(text: str) -> None:
    """Read the text; a refusal has its place inside the text, in one line."""
    try:
        problems = parse_text(text, "s.yaml").problems
    except ScenarioError as error:
        problems = error.problems
        assert problems
    lines = len(text.splitlines()) + 1
    for problem in problems:
        assert 1 <= problem.line <= lines
        assert 1 <= problem.column <= len(text) + 1
        assert len(str(problem).splitlines()) == 1


@settings(deadline=None)
@given(st.text(st.characters()))
def test_any_text_is_read_or_refused(text: str) -> None:
    is_read_or_refused(text)


@settings(max_examples=120, deadline=None)
@given(YAML_LIKE)
@example('"\\UFFFFFFFF"')
@example("!<%0A> a")
def test_any_pieces_of_yaml_are_read_or_refused(text: str) -> None:
    is_read_or_refused(text)
    is_read_or_refused(f"events:\n  - payload: {text}\n")
