"""The fields of a family are read from YAML, with all mistakes at once."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from flowsim.families.fields import paths as field_paths
from flowsim.families.fields.reading import read_fields
from flowsim.families.fields.table import Field, FieldTable
from flowsim.files import yaml_documents

from ..cases import for_each

STEPS = st.lists(st.none() | st.text(min_size=1), min_size=1, max_size=6).map(tuple)


def read(text: str) -> tuple[tuple[Field, ...], list[str]]:
    document = yaml_documents.parse_text(text, "f.yaml")
    found, problems = read_fields(document, ("fields",), ("started", "ended"))
    return found, [str(each) for each in problems]


@given(STEPS)
def test_a_path_that_is_spelled_is_read_again(steps: tuple[str | None, ...]) -> None:
    assert field_paths.parse(field_paths.spell(steps)) == steps


@for_each(
    ("text", "steps"),
    [
        ("a", ("a",)),
        ("activities[].name", ("activities", None, "name")),
        ('metrics."adf/run.id"', ("metrics", "adf/run.id")),
        ("[].value.id", (None, "value", "id")),
        ("User Name", ("User Name",)),
        (r'"a\"b"[][]', ('a"b', None, None)),
    ],
)
def test_paths_name_members_and_elements(text: str, steps: tuple[str | None, ...]) -> None:
    assert field_paths.parse(text) == steps


@for_each("text", ["", ".", "a.", ".a", "a..b", "a[0]", "a[]b", 'a"b"', '"a', "a" * 1001])
def test_other_texts_are_no_paths(text: str) -> None:
    with pytest.raises(ValueError, match="a\\[\\]\\.b"):
        field_paths.parse(text)


def test_an_entry_says_all_about_a_field() -> None:
    found, problems = read(
        "fields: {a: {type: [integer, null], means: Count., unit: rows, source: '1.1', grade: B, "
        "in: [ended], optional: true, values: [1, 2], example: 1}}"
    )
    ended = frozenset({"ended"})
    types = "integer", "null"
    assert not problems
    assert found == (Field("a", types, "Count.", "1.1", "B", "rows", ended, True, (1, 2), 1),)


def test_all_mistakes_of_a_table_are_reported_with_their_places() -> None:
    _, problems = read(
        """\
fields:
  a: {type: txt, means: 5}
  b.c: {means: x, source: 1.1, uint: ms, optional: 1}
  b: {type: text, means: x, in: [ended]}
  b.d: {type: text, means: x, in: [started]}
  b."d": {type: text, means: x}
  c: {type: text, means: x, in: [ende], values: [], grade: D}
  d: {type: integer, means: x, values: [1, b], example: 1.5}
  e: 5
  f..g: {type: text, means: x}
"""
    )
    assert [each.partition("; expected ")[0] for each in problems] == [
        "f.yaml:2:13: fields.a.type: unknown type 'txt'",
        "f.yaml:2:25: fields.a.means: no text",
        "f.yaml:3:32: fields.b.c.uint: unknown key 'uint'",
        "f.yaml:3:3: fields.b.c: a field without type",
        "f.yaml:3:27: fields.b.c.source: no text",
        "f.yaml:3:52: fields.b.c.optional: neither true nor false",
        'f.yaml:6:3: fields.b."d": the same field as b.d',
        "f.yaml:7:33: fields.c.in: unknown body 'ende'",
        "f.yaml:7:49: fields.c.values: no list",
        "f.yaml:7:60: fields.c.grade: unknown grade 'D'",
        "f.yaml:8:44: fields.d.values[1]: 'b', of another type",
        "f.yaml:8:57: fields.d.example: 1.5, of another type",
        "f.yaml:9:3: fields.e: no mapping",
        "f.yaml:10:3: fields.f..g: no path of a field",
        "f.yaml:5:3: fields.b.d: a field in b, which is text",
        "f.yaml:5:35: fields.b.d.in: more bodies than b is in",
    ]
    assert problems[2].endswith("; expected unit")


def test_what_is_no_mapping_of_fields_is_one_mistake() -> None:
    expected = "paths of fields, each with a type"
    assert read("fields: 5") == ((), [f"f.yaml:1:9: fields: no mapping; expected {expected}"])


def test_a_body_has_no_field_within_one_that_it_does_not_have() -> None:
    found, problems = read(
        "fields: {a: {type: object, means: x, in: [ended]}, a.b: {type: text, means: x}}"
    )
    table = FieldTable(found, {"one": ("started",), "both": ("started", "ended")})
    assert not problems
    assert (table.of_code("one"), table.of_code("both")) == ([], [*found])


def test_a_field_needs_its_type_only() -> None:
    assert read("fields: {a: {type: text}}") == ((Field("a", ("text",)),), [])
    assert "a field without type" in read("fields: {a: {means: A.}}")[1][0]


def test_a_field_may_have_another_type_in_each_body() -> None:
    found, problems = read(
        "fields:\n  at:\n"
        "  - {type: epoch_ms, means: When it began., in: [started]}\n"
        "  - {type: iso_time, means: When it ended., in: [ended]}\n"
    )
    table = FieldTable(found, {"one": ("started",), "two": ("ended",)})
    assert not problems
    assert [each.types for each in table.of_code("one")] == [("epoch_ms",)]
    assert [each.types for each in table.of_body("ended")] == [("iso_time",)]


@for_each(
    ("second", "mistake"),
    [
        ("{type: text, means: x}", "fields.at[1]: several entries for all bodies"),
        ("{type: text, means: x, in: [started]}", "fields.at[1].in: started in two entries"),
        ("{type: text, means: x, in: [later]}", "fields.at[1].in: unknown body 'later'"),
        ("text", "fields.at[1]: no mapping"),
        ("[]", "fields.at[1]: no mapping"),
    ],
)
def test_entries_of_one_field_share_no_body(second: str, mistake: str) -> None:
    _, problems = read(f"fields:\n  at:\n  - {{type: text, means: x, in: started}}\n  - {second}")
    assert [each.startswith("f.yaml:4:") and mistake in each for each in problems] == [True]


def test_a_field_lies_in_one_that_holds_it_in_its_bodies() -> None:
    text = (
        "fields:\n  a:\n  - {type: object, means: x, in: started}\n"
        "  - {type: text, means: x, in: ended}\n"
        "  a.b: {type: text, means: x, in: BODIES}\n"
    )
    assert read(text.replace("BODIES", "started"))[1] == []
    (problem,) = read(text.replace("BODIES", "ended"))[1]
    assert "a field in a, which is text" in problem


def test_thousands_of_fields_are_not_compared_with_one_another(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Then a listing of an event takes time in proportion to its fields, of which 5,000 may be."""

    def refused(one: Field, _: object) -> bool:
        raise AssertionError(f"{one.path} is compared")

    fields = [Field(f"a{number}", ("text",)) for number in range(5_000)]
    table = FieldTable(fields, {"code": ("one", "other")})
    monkeypatch.setattr(Field, "__eq__", refused)
    assert [each.path for each in table.of_code("code")] == [each.path for each in fields]
