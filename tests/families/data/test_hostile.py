"""A family file from anywhere gives clear mistakes or a bounded result, never anything else."""

from __future__ import annotations

import json
from contextlib import suppress
from copy import deepcopy
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pydantic import ValidationError

from flowsim.core.envelope import Envelope
from flowsim.errors import ScenarioError
from flowsim.families.data.reading import read_family
from flowsim.files.document import Document
from flowsim.files.yaml_documents import parse_text

from ...cases import for_each
from ...strategies import FINITE_JSON, JSON
from .examples import (
    FOLDER,
    LOOP,
    SMALL,
    content,
    document,
    problems,
    problems_of_value,
    small,
    tell,
    telling_problem,
)

EXPRESSIONS = [
    "'a' * 10**9",
    "'%99999999d' % 1",
    "''.__class__",
    "().__class__.__bases__[0].__subclasses__()",
    "begin.__class__",
    "self.__init__",
    "lipsum.__globals__",
    "cycler",
    "range(10)",
    "[1] * 1000",
    "{'a': 1}",
    "a[1:2]",
    "size | attr('x')",
    "size | upper('x', 'y')",
    "size is defined",
    "lambda: 1",
    "begin.strftime('%Y')",
    "minutes(*size)",
    "minutes(x=1)",
    "1e999",
    "1" * 900,
    "(" * 400 + "1" + ")" * 400,
    "-" * 900 + "1",
    "not " * 200 + "1",
    "1 + " * 190 + "1",
    "1 if " * 100 + "1",
    "size " + "+ size" * 300,
    "'" + "x" * 1_000 + "'",
    "'\\ud800'",
    "'\\N{nothing}'",
    "}}",
    "{{ size }}",
    "\x00",
    "∂ü + 1",
    "",
    " ",
    "uuid(1)",
    "size size",
    "unknown",
    "size | unknown",
    "now()",
]


@pytest.mark.slow
@for_each("expression", EXPRESSIONS)
def test_an_expression_that_is_not_allowed_is_a_mistake_with_its_place(expression: str) -> None:
    step = {"at": "begin", "code": "thing", "body": "thing"}
    places: dict[str, Any] = {
        "draws": {"draws": {"id": expression}},
        "values": {"values": {"twice": expression}},
        "at": {"story": [{**step, "at": expression}]},
        "when": {"story": [{**step, "when": expression}]},
        "body": {"bodies": {"thing": {"a": f"x {{{{ {expression} }}}}"}}},
        "$when": {"bodies": {"thing": {"a": {"$when": expression, "$value": 1}}}},
        "$each": {"bodies": {"thing": {"a": {"$each": expression, "$as": "n", "$value": 1}}}},
    }
    for key, changed in places.items():
        found = problems(**changed) or [telling_problem(small(**changed))]
        assert all(each.file == "thing.yaml" and each.line > 1 and each.path for each in found), key


@for_each(
    ("expression", "found"),
    [
        ("1 // 0", "division by zero"),
        ("1 / (size - 3)", "division by zero"),
        ("10 % 0.0", "division by zero"),
        ("1000000000000000000 * 1000000000000000000", "beyond 10^18"),
        ("0.1 * 1000000000000000000 * 1000", "beyond 10^18"),
        ("'a' * 1000000000", "text * a number"),
        ("'%99999999d' % 1", "text % a number"),
        ("-'a'", "text"),
        ("'a' < 1", "different kinds"),
        ("begin < 1", "different kinds"),
        ("begin + 1000000000000", "beyond the calendar"),
        ("begin + 'a'", "a moment + text"),
        ("begin", "a moment"),
        ("other.id", "nothing with .id"),
        ("size.__class__", "a number with .__class__"),
        ("'a'['upper']", "text with .upper"),
        ("size | ms", "a number"),
        ("'x' | round", "text"),
        ("seconds_of('x')", "x"),
        ("min(1, 'a')", "a number, text"),
        ("length(1)", "a number"),
        ("'x' ~ begin", "a moment in text"),
        ("'x' ~ none", "nothing in text"),
    ],
)
def test_what_cannot_be_computed_names_its_line_in_the_file(expression: str, found: str) -> None:
    family = small(bodies={"thing": {"fine": 1, "wrong": f"{{{{ {expression} }}}}"}})
    problem = telling_problem(family)
    assert (problem.file, problem.path) == ("thing.yaml", "bodies.thing.wrong")
    assert problem.line > 1
    assert found in problem.found


def test_moments_of_early_years_have_four_digits() -> None:
    early = "begin - 62000000000"
    forms = ("iso", "iso_s", "iso_offset", "sql", "sql_s")
    body = {name: f"{{{{ ({early}) | {name} }}}}" for name in forms}
    assert {each[:11] for each in content(small(bodies={"thing": body})).values()} == {
        "0061-05-03T",
        "0061-05-03 ",
    }


@for_each("said", [True, False, 1.0, 2.0, "1", 3, None, ["a"]])
def test_a_choice_is_not_what_python_takes_for_the_same(said: Any) -> None:
    family = small(says={**SMALL["says"], "kind": {"one_of": ["a", 0, 1, 2]}})
    assert family.model().model_validate({"kind": 1}).kind == 1
    with pytest.raises(ValidationError):
        family.model().model_validate({"kind": said})
    assert problems(says={"kind": {"one_of": ["a", 1], "default": True}})


def test_text_that_doubles_through_values_ends_with_a_mistake() -> None:
    values = {"v0": "'0123456789'"} | {f"v{n}": f"v{n - 1} ~ v{n - 1}" for n in range(1, 41)}
    problem = telling_problem(small(values=values))
    assert "characters" in problem.found
    assert problem.path == "values.v14"


@pytest.mark.slow
@for_each(
    ("bodies", "parts", "found"),
    [
        ({"$each": "list", "$as": "a", "$value": 1}, {}, "unknown name"),
        ({"$part": "a"}, {"a": {"x": {"$part": "b"}}, "b": {"y": {"$part": "a"}}}, "circle"),
        ({"$part": "a", "k": 1}, {"a": {"$part": "a", "x": 1}}, "circle"),
        (
            {"$part": "p0"},
            {f"p{n}": [{"$part": f"p{n + 1}"}] * 2 for n in range(30)} | {"p30": 1},
            "more than 100,000 values",
        ),
        (
            {"$part": "p0"},
            {f"p{n}": {"$part": f"p{n + 1}"} for n in range(300)} | {"p300": 1},
            "more than 100 levels",
        ),
        (
            {"$part": "p0", "k": 1},
            {f"p{n}": {"$part": f"p{n + 1}", "x": 1} for n in range(300)} | {"p300": {}},
            "more than 100 levels",
        ),
        ({"$part": "p0"}, {"p0": ["x" * 90_000] * 30}, "2,000,000 characters"),
        ({"$part": "a"}, {"a": ["{{ size }}"] * 5_001}, "more than 5,000 expressions"),
        ({"$part": ["a"]}, {"a": 1}, "a list"),
        ({"$part": "a", "k": 1}, {"a": [1]}, "beside members"),
        ({"$other": 1}, {}, "the key $other"),
        ({"$text": 1}, {}, "1"),
        ({"$text": "a", "k": 1}, {}, "k beside $text"),
        ({"$value": 1}, {}, "$value"),
        ({"$when": "size"}, {}, "nothing"),
        ("{{ size", {}, "'{{ size'"),
    ],
)
def test_a_body_that_cannot_be_compiled_is_a_mistake(bodies: Any, parts: Any, found: str) -> None:
    reported = problems(bodies={"thing": {"a": bodies}}, parts=parts)
    assert any(found in each.found for each in reported)
    assert all(each.line > 1 for each in reported)


def chain(count: int, items: Any) -> Any:
    made: Any = "x"
    for number in range(count):
        made = {"$each": items, "$as": f"n{number}", "$value": made}
    return made


def test_loops_in_one_another_are_bounded_by_their_product() -> None:
    family = small(bodies={"thing": {"a": chain(4, [1] * 100)}})
    assert "more than 100,000 values" in telling_problem(family).found
    texts = small(bodies={"thing": {"a": chain(2, 100)}})
    assert len(content(texts)["a"]) == 100
    long = small(
        values={"long": "'" + "x" * 900 + "'"},
        bodies={"thing": {"$each": 1000, "$as": "n", "$value": "{{ long ~ long ~ long }}"}},
    )
    assert "2,000,000 characters" in telling_problem(long).found


@pytest.mark.slow
def test_many_steps_with_large_bodies_are_bounded_by_their_sum() -> None:
    step = {"at": "begin", "code": "thing", "body": "thing"}
    body = {"$each": 300, "$as": "a", "$value": {"$each": 300, "$as": "b", "$value": "{{ a }}"}}
    assert len(tell(small(story=[step] * 2, bodies={"thing": body}))) == 2
    problem = telling_problem(small(story=[step] * 3, bodies={"thing": body}))
    assert "an entry of more than 200,000 values" in problem.found
    texts = small(story=[step] * 12, bodies={"thing": ["x" * 90_000] * 10})
    assert "an entry of more than 10,000,000 characters" in telling_problem(texts).found


def test_steps_with_many_items_are_bounded_by_their_sum() -> None:
    step = {"each": 1000, "as": "n", "at": "begin", "code": "thing", "body": "thing"}
    assert len(tell(small(story=[step] * 5))) == 5_000
    problem = telling_problem(small(story=[step] * 6))
    assert (problem.path, problem.found) == ("story[5]", "more than 5,000 events of an entry")


def test_many_long_texts_are_bounded_by_their_sum() -> None:
    values = {"v0": "'0123456789'"} | {f"v{n}": f"v{n - 1} ~ v{n - 1}" for n in range(1, 13)}
    values |= {f"w{n}": "v12 ~ v12" for n in range(200)}
    problem = telling_problem(small(values=values))
    assert "an entry of more than 10,000,000 characters" in problem.found
    condition = " and ".join(["(v12 | upper) != ''"] * 20)
    thing = {"$each": 300, "$as": "n", "$value": {"$when": condition, "$value": 1}}
    values = {name: each for name, each in values.items() if name[0] == "v"}
    problem = telling_problem(small(values=values, bodies={"thing": thing}))
    assert "10,000,000 characters" in problem.found


def test_long_expressions_in_loops_are_bounded_by_their_sum() -> None:
    long = f"min({', '.join(['size'] * 20)}) < 0"
    body: Any = {"$when": " or ".join([long] * 4), "$value": 1}
    for name in "ab":
        body = {"$each": 200, "$as": name, "$value": body}
    problem = telling_problem(small(bodies={"thing": body}))
    assert "computes more than 3,000,000 parts" in problem.found


@pytest.mark.slow
def test_expressions_and_bodies_of_a_file_are_bounded_by_their_sum() -> None:
    long = "min(" + ", ".join(["size"] * 18) + ", {})"
    values = {f"v{n}": long.format(n) for n in range(1_300)}
    assert "more than 25,000 parts in all" in problems_of_value(values=values)[0].found
    parts: dict[str, Any] = {f"p{n}": [{"$part": f"p{n + 1}"}] * 10 for n in range(4)}
    bodies: dict[str, Any] = {f"b{n}": {"$part": "p0"} for n in range(4)}
    found = problems_of_value(bodies=bodies | {"thing": 1}, parts=parts | {"p4": [1] * 5})
    assert "more than 200,000 values in all" in found[0].found


@for_each("provider", ["a\nb: c", "a\r", "shop ", "ünder", "a/b", "x" * 256, "\x1b[31m", "$(id)"])
def test_a_provider_that_no_header_can_hold_is_refused(provider: str) -> None:
    (problem,) = problems(provider={"id": provider, "label": "Shop"})
    assert (problem.path, problem.found[:15]) == ("provider.id", "the provider id")


@for_each("items", [1001, -1, "'text'", 1.5, "none", [1] * 1001])
def test_a_loop_has_a_list_or_a_number_of_items(items: Any) -> None:
    family = small(bodies={"thing": {"a": {"$each": items, "$as": "n", "$value": 1}}})
    assert telling_problem(family).path == "bodies.thing.a.$each"


def test_deep_conditions_and_loops_are_a_mistake() -> None:
    deep: Any = 1
    for _ in range(40):
        deep = {"$when": "size", "$value": deep}
    (problem,) = problems(bodies={"thing": {"a": deep}})
    assert "more than 20" in problem.found
    (problem,) = problems(bodies={"thing": {"a": chain(40, [1])}})
    assert "more than 20" in problem.found


@pytest.mark.parametrize("key", ["says", "draws", "values", "parts", "bodies", "codes", "fields"])
def test_a_table_of_thousands_of_entries_is_refused_as_a_whole(key: str) -> None:
    entry = {"says": {"count": 1}, "codes": {"label": "A"}, "fields": {"type": "text"}}.get(
        key, "1"
    )
    found = problems_of_value(**{key: {f"n{number}": entry for number in range(5_001)}})
    assert "5,001 entries; expected at most 5,000" in "".join(map(str, found))


@for_each("bodies", [5, "text", True, None, [], {}])
def test_fields_beside_bodies_of_another_type_end_with_a_mistake(bodies: Any) -> None:
    fields = {"id": {"type": "uuid", "means": "The thing."}}
    assert problems(bodies=bodies, fields=fields)


def test_thousands_of_steps_are_refused_as_a_whole() -> None:
    steps = [{"at": "begin", "code": f"c{number}", "body": "b"} for number in range(1_000)]
    found = problems_of_value(story=steps)
    assert "1000 steps; expected a list of 1 to 100 steps" in "".join(map(str, found))
    assert len(found) <= 202


def test_circles_of_values_are_named() -> None:
    (problem,) = problems(values={"a": "b", "b": "c", "c": "a + 1"})
    assert "a circle of values" in problem.found
    (problem,) = problems(values={"a": "a"})
    assert "a circle of values: a → a" in problem.found


@for_each(
    "text",
    [
        "a: &a [*a]",
        "a: &a {b: *a}",
        "bodies: &x " + "[" * 200 + "]" * 200,
        "a: &a [x, x]\n"
        + "\n".join(
            f"{chr(98 + n)}: &{chr(98 + n)} [{', '.join(['*' + chr(97 + n)] * 9)}]"
            for n in range(12)
        ),
        "1: 2",
        "? [a]\n: b",
        "label: !!python/object/apply:os.system [ls]",
        "label: .nan\nbodies: {a: .inf}",
        "[]",
        "text",
        "",
    ],
)
def test_yaml_that_is_no_family_is_refused(text: str) -> None:
    with pytest.raises(ScenarioError):
        read_family(parse_text(text, "thing.yaml"), "thing", document)


def paths(value: Any, path: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
    inner = value.items() if isinstance(value, dict) else enumerate(value)
    found = [path] if path else []
    for step, each in inner if isinstance(value, dict | list) else ():
        found += paths(each, (*path, step)) if isinstance(each, dict | list) else [(*path, step)]
    return found


def replaced(value: Any, path: tuple[Any, ...], new: Any) -> Any:
    made = deepcopy(value)
    inner = made
    for step in path[:-1]:
        inner = inner[step]
    inner[path[-1]] = new
    return made


FAMILIES = [
    dict(SMALL),
    *(document(name).value for name in ("segment_job", "order", "job", "parcel")),
    {**SMALL, **LOOP},
]
PLACES = [(family, path) for family in FAMILIES for path in paths(family)]
ATOMS = ["size", "begin", "other", "'a'", "1", "0", "0.5", "none", "lasts", "id", "now", "n"]
OPERATORS = ["+", "-", "*", "/", "//", "%", "~", "<", "==", "and", "or", ".", "|"]
WORDS = st.lists(
    st.sampled_from([*ATOMS, *OPERATORS, "(", ")", "ms", "iso", "text", "json", "minutes", ","]),
    max_size=12,
).map(" ".join)
STRANGE = (
    JSON
    | WORDS
    | WORDS.map(lambda text: f"{{{{ {text} }}}}")
    | st.text("{}%#$'\"\\ a1").map(lambda text: f"{{{{ {text} }}}}")
    | st.dictionaries(
        st.sampled_from(["$each", "$as", "$value", "$when", "$part", "$text", "$$", "$", "a"]),
        FINITE_JSON | WORDS,
        max_size=4,
    )
)


@settings(max_examples=40, deadline=None)
@given(st.sampled_from(PLACES), STRANGE)
def test_a_family_with_anything_in_some_place_fails_clearly_or_works(
    place: tuple[Any, tuple[Any, ...]], new: Any
) -> None:
    with suppress(ScenarioError):
        made = Document("thing.yaml", replaced(*place, new))
        for each in tell(read_family(made, "thing", document, tells_examples=True)):
            told = each.notification
            around = told.envelope or Envelope()
            json.dumps([told.content, around.cloud_events, around.adobe_io], allow_nan=False)
            assert isinstance(around.provider, str)


@settings(max_examples=30, deadline=None)
@given(JSON)
def test_anything_without_places_as_a_family_is_refused_clearly(value: Any) -> None:
    with pytest.raises(ScenarioError):
        read_family(Document("cached", value), "thing", document)


@settings(max_examples=30, deadline=None)
@given(st.data())
def test_a_family_file_with_changed_characters_fails_clearly_or_works(data: st.DataObject) -> None:
    text = (FOLDER / "order.yaml").read_text()
    place = data.draw(st.integers(0, len(text) - 1))
    new = data.draw(st.text("{}[]:&*-'\"$ \n\tx1", max_size=3))
    changed = text[:place] + new + text[place + data.draw(st.integers(0, 3)) :]
    with suppress(ScenarioError):
        tell(read_family(parse_text(changed, "order.yaml"), "order", document))


def test_examples_are_told_until_their_common_budget_is_spent() -> None:
    """Each of thousands of codes may have an example; those behind the budget are not told."""
    sizes = f"max({', '.join(['size'] * 20)})"
    values = {f"v{number}": sizes for number in range(100)} | {"one": "1 / size"}
    family = small(values=values)
    good, bad = (replace(family.codes["thing"], example={"size": size}) for size in (1, 0))
    family.codes = {f"c{number}": good for number in range(10)} | {"last": bad}
    (problem,) = family.mistakes_of_examples()
    assert "a division by zero" in problem.found
    family.codes = {f"c{number}": good for number in range(2_000)} | {"last": bad}
    assert family.mistakes_of_examples() == []
