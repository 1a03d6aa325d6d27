"""All mistakes of a family file are reported at once, each with line, column and remedy."""

from __future__ import annotations

from typing import Any

import pytest

from flowsim.errors import ScenarioError
from flowsim.families.base import EventCode
from flowsim.families.data.reading import read_family
from flowsim.files import yaml_writing
from flowsim.files.document import Document
from flowsim.files.yaml_documents import parse_text

from ...cases import for_each
from .examples import (
    SMALL,
    content,
    document,
    example,
    problems,
    read,
    small,
    tell,
    telling_problem,
)

WRONG = """\
label: ''
sumary: A thing
provider: {id: 3, label: Things}
formats: {adobe_io: D}
use: [alerts, nothing, 5]
codes:
  thing: {label: A thing, grade: A, example: {size: -1}}
  lonely: {label: Never}
says:
  size: {cuont: 3}
  two: {count: 3, text: a}
  bad: {count: -3}
  now: {count: 1}
  kind: {one_of: [a, b], default: c}
draws:
  id: uid()
  size: uuid()
values:
  twice: siez * 2
story:
- {at: begin, code: thingy, body: thing}
- {at: begin, when: id, code: thing, body: thnig}
- {at: begin, code: thing, body: thing, extra: 1}
parts:
  unused: "{{ 1 + }}"
bodies:
  thing:
    a: "{{ id | isoo }}"
    b: {$part: unsued}
line: "{{ evnt.a }}"
fields:
  a: {type: txt, in: [thing, other]}
  'b..c': {type: text}
"""


def test_all_mistakes_of_a_file_come_at_once_in_file_order() -> None:
    with pytest.raises(ScenarioError) as caught:
        read_family(parse_text(WRONG, "thing.yaml"), "thing", document)
    found = [str(each).removeprefix("thing.yaml:") for each in caught.value.problems]
    places = [(each.line, each.column) for each in caught.value.problems]
    assert places == sorted(places)
    assert [line for line, _ in places] == [
        *(1, 1, 2, 3, 4, 5, 5, 5, 7, 10, 11, 12, 13, 14, 16, 17, 19, 21, 22, 22, 23, 25),
        *(28, 29, 30, 32, 32, 33),
    ]
    text = "\n".join(found)
    for remedy in (
        "unknown key 'sumary'; expected summary",
        "'D'; expected one of A, B, C, gap",
        "alerts, of which nothing is used; expected it left out",
        "unknown shared file 'nothing'",
        "an example with a wrong size; expected what `says` allows",
        "unknown key 'cuont'; expected count",
        "2 types; expected exactly one of",
        "'c'; expected one of a, b",
        "unknown function 'uid'; expected uuid",
        "the name size again; expected another name",
        "unknown name 'siez' in 'siez * 2'; expected size",
        "unknown code 'thingy'; expected thing",
        "the name id in 'id', a draw, which at and when cannot use; expected one of",
        "unknown body 'thnig'; expected thing",
        "unknown key 'extra'",
        "unknown filter 'isoo'; expected iso",
        "unknown part 'unsued'; expected unused",
        "unknown name 'evnt' in 'evnt.a'; expected event",
        "unknown type 'txt'; expected text",
        "unknown body 'other'",
        "fields.b..c: no path of a field",
    ):
        assert remedy in text


def test_a_code_without_a_step_is_reported_if_all_steps_can_be_read() -> None:
    """What a step with a mistake in its moment is about is known, in its code it is not."""
    codes = {**SMALL["codes"], "lonely": {"label": "Never"}}
    step = SMALL["story"][0]
    (said,) = problems(codes=codes)
    assert str(said).endswith("codes.lonely: a code without a step; expected a step with it")
    late = {**step, "code": "lonely", "at": "begin + 20m"}
    (said,) = problems(codes=codes, story=[step, late])
    assert (said.path, "'m' behind" in said.found) == ("story[1].at", True)
    (said,) = problems(codes=codes, story=[step, {**step, "code": "lonly"}])
    assert str(said).endswith("unknown code 'lonly'; expected lonely")


@for_each(
    ("draw", "remedy"),
    [
        ("{id: count(1,3)}", ["quotes around it", "quotes around the whole value"]),
        ("{id: 'count(1, 3'}", ["or the missing bracket"]),
        ("{id: 'seconds(1h30m, 2h)'}", ["a duration as in seconds_of('1h30m')"]),
        ("{id: 'count(1, 3'')'}", ["an expression such as begin + lasts"]),
    ],
)
def test_an_expression_that_cannot_be_parsed_says_how_to_write_it(
    draw: str, remedy: list[str]
) -> None:
    draws = parse_text(draw, "draws").value
    said = [str(each) for each in problems(draws=draws)]
    assert [end in each for each, end in zip(said, remedy, strict=True)] == [True] * len(remedy)


def test_a_mistake_in_a_shared_file_names_that_file_and_the_own_one() -> None:
    shared = parse_text("parts:\n  stamp:\n    at: '{{ nwo | ms }}'\nodd: 1", "shared/stamp.yaml")
    value = {**SMALL, "use": ["stamp"], "bodies": {"thing": {"$part": "stamp"}}, "parts": {}}
    with pytest.raises(ScenarioError) as caught:
        read_family(Document("thing.yaml", value), "thing", lambda _: shared)
    assert [str(each).split("; ")[0] for each in caught.value.problems] == [
        "thing.yaml:1:1: use[0]: unknown key 'odd' (shared/stamp.yaml:4:1: odd)",
        "thing.yaml:1:1: use[0]: unknown name 'nwo' in 'nwo | ms' "
        "(shared/stamp.yaml:3:9: parts.stamp.at)",
    ]


def test_own_entries_win_over_those_of_shared_files() -> None:
    shared = Document("s", {"says": {"size": {"count": 9}}, "values": {"more": "size + 1"}})
    value = {**SMALL, "use": ["s"], "bodies": {"thing": {"a": "{{ more }}"}}}
    assert content(read_family(Document("t", value), "thing", lambda _: shared)) == {"a": 4}


def test_a_document_without_places_gives_the_same_family() -> None:
    for name in ("segment_job", "order", "job"):
        plain = Document(name, document(name).value)
        family = read_family(plain, name, lambda each: Document(each, document(each).value))
        assert content(family, label="x") == content(example(name), label="x")


@for_each("key", ["label", "summary", "provider", "formats", "codes", "story", "bodies"])
def test_each_needed_key_is_missed(key: str) -> None:
    with pytest.raises(ScenarioError, match=f"nothing; expected the key {key}"):
        read({name: each for name, each in SMALL.items() if name != key})


@for_each("key", [*SMALL, "use", "fields", "line"])
@for_each("value", [None, 5, "text", [5], [[]], {"a": None}, {"a": {"b": []}}])
def test_a_value_of_another_shape_is_reported_at_its_key(key: str, value: Any) -> None:
    fitting = [("label", "text"), ("summary", "text"), ("line", "text")]
    found = problems(**{key: value})
    if (key, value) in fitting or (key in ("parts", "bodies") and isinstance(value, dict)):
        assert not [each for each in found if each.path.startswith(key)]
    else:
        assert any(each.path.startswith(key) for each in found)


@for_each(
    "name",
    [
        "now",
        "begin",
        "code",
        "event",
        "if",
        "none",
        "model_config",
        "_x",
        "1a",
        "a-b",
        "",
        "ü",
        "self",
    ],
)
@for_each("key", ["says", "draws", "values"])
def test_a_name_that_means_something_already_is_refused(name: str, key: str) -> None:
    value: Any = {"says": {"count": 1}, "draws": "uuid()", "values": "1"}[key]
    assert any("the name" in each.found for each in problems(**{key: {name: value}}))


@for_each("name", ["copy", "json", "schema", "class", "from", "dict", "items"])
def test_names_of_python_are_ordinary_names(name: str) -> None:
    family = small(
        says={name: {"count": 4}}, values={}, bodies={"thing": {"a": f"{{{{ {name} }}}}"}}
    )
    assert content(family, {name: 5}) == {"a": 5}
    assert content(family) == {"a": 4}


SETTINGS: dict[str, tuple[Any, list[Any], list[Any]]] = {
    "one_of": (["a", 2], ["a", 2], ["b", True, None, 2.5]),
    "duration": ("6m", ["90s", 5, 0.5], ["-1", "x", True, [], None]),
    "count": (3, [0, 10**15], [-1, 1.0, True, "3", 10**16, None]),
    "number": (0.5, [0, -3, 2.25], [True, "1", 1e16, None]),
    "text": ("", ["", "ä"], [3, "x" * 1001, None]),
    "id": ("a", ["A-b:c"], ["", "a b", 3, None]),
    "flag": (False, [True, False], [0, "true", None]),
    "moment": ("2026-01-01T00:00:00Z", ["2026-01-15T09:30:00+02:00"], ["today", 5, None]),
    "entry": (None, ["job 1", None], ["", 5]),
}


@for_each("kind", SETTINGS)
def test_each_type_of_setting_takes_its_values_and_no_others(kind: str) -> None:
    default, good, bad = SETTINGS[kind]
    family = small(says={"setting": {kind: default}}, values={})
    model = family.model()
    for value in good:
        model.model_validate({"setting": value})
    for value in bad:
        with pytest.raises(ValueError, match="setting"):
            model.model_validate({"setting": value})
    assert "setting" in model.model_json_schema()["properties"]
    if kind != "one_of":
        unset = small(says={"setting": {kind: None}}, values={}).model()
        assert unset().setting is None


def test_a_family_answers_what_it_is() -> None:
    family = example("segment_job")
    code = "segment_evaluation_job_info"
    assert (family.name, family.provider.id) == ("segment_job", "aep_observability_catalog_events")
    assert [*family.formats.items()] == [("adobe_io", "A"), ("cloud_events", "C")]
    assert family.codes[code] == EventCode(
        code,
        "Segment job started or succeeded",
        "The job has started or succeeded.",
        "A",
        {"outcome": "success"},
    )
    table = family.fields()
    assert table.bodies[code] == ("started", "success")
    assert "activities[].name" in [each.path for each in table.of_code(code)]


def test_a_name_of_a_file_that_is_no_key_is_refused() -> None:
    with pytest.raises(ScenarioError, match="the family name"):
        read(SMALL, "my family")


@for_each("value", ["text", 7, {"$text": "{{ size }}"}, {"$each": [1], "$as": "x", "$value": 1}])
def test_a_field_that_no_body_can_have_is_a_mistake(value: Any) -> None:
    """`conform` would call the family's own events wrong. What is computed may be an object."""
    body = {
        "t": {"$when": "size", "$value": value},
        "any": "{{ other }}",
        "more": ["{{ 1 }}"],
        "p": {"$part": "stamp"},
    }
    paths = ("nope", "no.x", "t.u", "any.u", "more[].u", "p.at")
    found = problems(bodies={"thing": body}, fields={each: {"type": "any"} for each in paths})
    assert [(each.path, each.found) for each in found] == [
        (f"fields.{each}", "a field that no body has") for each in ("nope", "no.x", "t.u")
    ]
    assert all(each.line and each.column == 3 for each in found)


def test_a_field_that_one_body_lacks_says_which_bodies_have_it() -> None:
    """A field of all bodies may be missing if it is optional, one that names a body may not."""
    bodies = {"thing": {"a": 1}, "other": {"b": 1}}
    step = SMALL["story"][0]
    story = [step, {**step, "body": "other"}]
    optional = {"type": "integer", "optional": True}
    for said in ({"type": "integer"}, {**optional, "in": ["thing", "other"]}):
        (found,) = problems(bodies=bodies, story=story, fields={"a": said})
        assert found.found == "a field that the body other cannot have"
    for said in (optional, {"type": "integer", "in": ["thing"]}):
        assert not problems(bodies=bodies, story=story, fields={"a": said})


def test_fields_of_shared_files_may_be_more_than_a_family_has() -> None:
    shared = Document("s", {"fields": {"nope": {"type": "text"}}})
    value = {**SMALL, "use": ["s"]}
    assert read_family(Document("t", value), "thing", lambda _: shared).fields().fields


def test_a_body_without_a_step_is_a_mistake_unless_a_step_is_misspelled() -> None:
    bodies = {**SMALL["bodies"], "other": {"a": 1}}
    (found,) = problems(bodies=bodies)
    assert (found.path, found.found) == ("bodies.other", "a body without a step")
    (found,) = problems(bodies=bodies, story=[{**SMALL["story"][0], "body": "thign"}])
    assert found.path == "story[0].body"


def test_a_scenario_that_is_not_shipped_is_a_mistake_of_an_own_file() -> None:
    codes = {"thing": {"label": "A", "scenario": "patrial"}}
    text = "\n".join(yaml_writing.block({**SMALL, "codes": codes}))
    with pytest.raises(ScenarioError) as caught:
        read_family(parse_text(text, "thing.yaml"), "thing", document, tells_examples=True)
    assert "scenario: unknown shipped scenario 'patrial'; expected partial" in str(caught.value)


@for_each("example", ["text", None, [], 5])
def test_an_example_with_variants_is_a_mapping(example: Any) -> None:
    codes = {"thing": {"label": "A", "example": example, "variants": [{"size": 2}]}}
    text = "\n".join(yaml_writing.block({**SMALL, "codes": codes}))
    with pytest.raises(ScenarioError) as caught:
        read_family(parse_text(text, "thing.yaml"), "thing", document, tells_examples=True)
    (mistake,) = caught.value.problems
    assert (mistake.path, mistake.expected) == ("codes.thing.example", "what `says` allows")


REFUSE = [{"when": "twice > 9", "found": "a size that is too large", "expected": "size up to 4"}]


def test_an_entry_that_the_family_refuses_is_not_told() -> None:
    """An example that is refused is a mistake of the file."""
    assert tell(small(refuse=REFUSE), {"size": 4})
    found = telling_problem(small(refuse=REFUSE), {"size": 5})
    assert str(found).endswith("refuse[0]: a size that is too large; expected size up to 4")
    codes = {"thing": {"label": "A", "example": {"size": 5}}}
    family = small(refuse=REFUSE, codes=codes)
    (mistake,) = family.mistakes_of_examples()
    assert mistake.found == "a size that is too large (the example of thing)"


@for_each(
    ("refuse", "remedy"),
    [
        (7, "7; expected a list of 1 to 100 refusals"),
        ([{**REFUSE[0], "when": "id == 'a'"}], "the name id in \"id == 'a'\", a draw"),
        ([{**REFUSE[0], "when": "siez"}], "unknown name 'siez' in 'siez'; expected size"),
        ([{"when": "size"}], "refuse[0]: nothing; expected the key expected"),
    ],
)
def test_a_refusal_that_cannot_be_read_is_reported(refuse: Any, remedy: str) -> None:
    assert any(remedy in str(each) for each in problems(refuse=refuse))


def test_what_a_family_leaves_out_is_told_with_the_reason() -> None:
    said = {"of": "the rule Late", "why": "no sample of it is printed"}
    assert small(gaps=[said]).gaps() == [(said["of"], said["why"])]
    (found,) = problems(gaps=[{"of": "the rule Late"}])
    assert str(found).endswith("gaps[0]: nothing; expected the key why")
