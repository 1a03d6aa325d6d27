"""Steps with items, draws of each event, lists that an entry says, and constant tables."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from pydantic import ValidationError

from ...cases import for_each
from .examples import BEGIN, LOOP, SAYS, problems, small, tell, telling_problem


def _told(said: Any = None, **changed: Any) -> list[tuple[int, dict[str, Any]]]:
    told = tell(small(**{**LOOP, **changed}), said)
    return [
        (round((each.time - BEGIN) / timedelta(minutes=1)), each.notification.content)
        for each in told
    ]


def test_a_step_with_items_has_an_event_for_each() -> None:
    told = _told()
    assert [minute for minute, _ in told] == [0, 0, 1, 2, 3]
    assert [each.get("parcel") for _, each in told] == [1, 20, None, None, None]
    assert [each["n"] for _, each in told] == [None, None, 1, 2, None]


def test_a_list_that_an_entry_says_decides_how_many_events_come() -> None:
    assert [each.get("parcel") for _, each in _told({"parcels": ["c"]})] == [300, None, None]
    assert len(_told({"parcels": []})) == 2


@for_each("parcels", [["d"], "a", [1], ["a"] * 101])
def test_a_list_holds_nothing_but_what_is_allowed(parcels: Any) -> None:
    with pytest.raises(ValidationError):
        _told({"parcels": parcels})


def test_draws_of_events_differ_and_those_of_the_entry_do_not() -> None:
    contents = [each for _, each in _told()]
    assert len({each["order"] for each in contents}) == 1
    assert len({each["message"] for each in contents}) == len(contents)
    assert contents == [each for _, each in _told()]


def test_a_draw_of_events_that_is_stated_holds_for_all() -> None:
    assert {each["message"] for _, each in _told({"message": "m-1"})} == {"m-1"}
    with pytest.raises(ValidationError):
        _told({"weighed": "heavy"})


def test_a_refusal_can_look_into_a_table() -> None:
    heavy = {"when": "not has(light, last)", "found": "too heavy", "expected": "a light one last"}
    family = small(**{**LOOP, "refuse": [heavy]})
    assert telling_problem(family, {"parcels": ["a", "c"]}).found == "too heavy"
    assert len(tell(family, {"parcels": ["c", "a"]})) == 4


@for_each(
    ("changed", "found"),
    [
        ({"tables": {"weights": 5}}, "5"),
        ({"tables": {"gap": []}}, "the name gap again"),
        ({"tables": [1]}, "a list"),
        ({"event_draws": {"order": "uuid()"}}, "the name order again"),
        ({"event_draws": {"message": "5"}}, "'5' without a draw"),
        ({"values": {"last": "message"}}, "the name message in 'message', not known here"),
        ({"values": {"last": "parcel"}}, "the name parcel in 'parcel', not known here"),
        ({"says": {"parcels": {"list": ["d"], "of": ["a"]}}}, "'d'"),
        ({"says": {"parcels": {"list": ["a", True]}}}, "true"),
        ({"says": {"parcels": {"list": ["a"] * 101}}}, "a list of 101 items"),
        ({"says": {"parcels": {"list": {"a": 1}}}}, "an object"),
        ({"says": {"parcels": {"list": [], "of": [[]]}}}, "a list"),
        ({"says": {"parcels": {"count": 3, "of": ["a"]}}}, "of beside count"),
    ],
)
def test_mistakes_in_tables_lists_and_draws_are_reported(
    changed: dict[str, Any], found: str
) -> None:
    assert found in [each.found for each in problems(**{**LOOP, **changed})]


@for_each(
    ("step", "found"),
    [
        ({"each": "parcels"}, "each"),
        ({"as": "parcel"}, "as"),
        ({"each": "parcels", "as": "gap"}, "'gap'"),
        ({"each": "parcels", "as": "order"}, "'order'"),
        ({"each": "parcels", "as": "a-b"}, "'a-b'"),
        ({"each": "parcels", "as": "other"}, "'other'"),
        ({"code": None}, "nothing"),
        ({"code": ["thing"]}, "a list"),
        ({"body": True}, "true"),
        (
            {"each": "order", "as": "one"},
            "the name order in 'order', a draw, which at and when cannot use",
        ),
    ],
)
def test_mistakes_of_a_step_with_items_are_reported(step: dict[str, Any], found: str) -> None:
    story = [{"at": "begin", "code": "thing", "body": "thing", **step}]
    says = {**SAYS, "other": {"entry": None}}
    assert found in [each.found for each in problems(**{**LOOP, "says": says, "story": story})]


@for_each(
    ("items", "found"),
    [
        ("gap", "0.5"),
        ("weights", "an object"),
        ("begin", "a moment"),
        ("1001", "1001"),
        ("of(weights, 'd')", "no member 'd' in \"of(weights, 'd')\""),
        ("has(parcels, weights)", "an object in 'has(parcels, weights)'"),
        ("has(gap, 1)", "a number in 'has(gap, 1)'"),
        ("of(parcels, weights)", "an object in 'of(parcels, weights)'"),
    ],
)
def test_items_that_are_no_list_are_reported_when_an_entry_is_told(items: str, found: str) -> None:
    step = {"each": items, "as": "one", "at": "begin", "code": "thing", "body": "thing"}
    changed = {"story": [step], "bodies": {"thing": {}}, "says": {**SAYS, "gap": {"number": 0.5}}}
    problem = telling_problem(small(**{**LOOP, **changed}))
    assert (problem.path, problem.found) == ("story[0].each", found)


CODES = {code: {"label": code} for code in ("thing", "thing.a", "thing.b", "a" * 255)}


@for_each(
    ("code", "told"),
    [
        ("thing{{ '.a' if gap else '' }}", ["thing", "thing.a", "thing.b"]),
        ("{{ gap }}ing{{ gap }}.{{ gap }}", ["thing.a", "thing.b"]),
        ("thing.a{{ gap }}.a", []),
        ("{{ gap }}" * 100 + "z", []),
        ("a{{ gap }}" * 100 + "a", ["a" * 255]),
    ],
)
def test_a_step_has_all_codes_that_its_placeholders_may_give(code: str, told: list[str]) -> None:
    """Many placeholders are no more work than few: each text is looked for from the left."""
    story = [{"at": "begin", "code": code, "body": "thing"}]
    found = problems(**{**LOOP, "codes": CODES, "story": story, "bodies": {"thing": {}}})
    unreached = [each.path for each in found if each.found == "a code without a step"]
    assert unreached == ([f"codes.{each}" for each in CODES if each not in told] if told else [])
    assert told or any(each.path == "story[0].code" for each in found)


def test_a_code_that_no_entry_may_have_is_reported_at_the_code_of_its_step() -> None:
    story = [{"at": "begin", "code": "thing{{ gap }}", "body": "thing"}]
    problem = telling_problem(small(**{**LOOP, "story": story, "bodies": {"thing": {}}}))
    assert (problem.path, problem.expected) == ("story[0].code", "one of `codes`")


@for_each(
    ("text", "made"),
    [("'a b c' | replace(' ', '')", "abc"), ("'aXX' | replace('X', 'yy')", "ayyyy")],
)
def test_replace_puts_one_text_for_another(text: str, made: str) -> None:
    (only,) = tell(small(bodies={"thing": {"a": f"{{{{ {text} }}}}"}}))
    assert only.notification.content == {"a": made}


@for_each("text", ["'a' | replace('', 'b')", "many | replace('a', many)"])
def test_replace_refuses_what_has_no_end(text: str) -> None:
    family = small(
        says={"many": {"text": "a" * 1000}}, values={}, bodies={"thing": {"a": f"{{{{ {text} }}}}"}}
    )
    assert telling_problem(family).found
