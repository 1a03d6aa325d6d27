"""What callers send is read into models, and all mistakes are named at once."""

from __future__ import annotations

import contextlib
from typing import Annotated, Any, Literal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pydantic import Field, field_validator

from flowsim.errors import ApiError
from flowsim.events_service.control.bodies import TriggerBody
from flowsim.events_service.request_body import MOST_LISTED, Body, Truth, mistake, read

from ..cases import for_each
from ..strategies import JSON
from ..work import assert_linear


class Leg(Body):
    length: int


class Table(Body):
    name: Annotated[str, Field(min_length=3, max_length=8, pattern=r"^[\w.-]+$")]
    kind: Literal["round", "square"] = "round"
    folds: Truth = False
    legs: list[Leg] = Field([Leg(length=1)], min_length=1, max_length=30)


def refused(content: object) -> str:
    with pytest.raises(ApiError) as error:
        read(Table, content)
    assert (error.value.status_code, error.value.reason) == (400, "Bad Request")
    return str(error.value)


def test_unknown_members_are_ignored() -> None:
    assert read(Table, {"name": "desk", "colour": "red"}) == Table(name="desk")


@pytest.mark.parametrize(("said", "meant"), [(True, True), ("true", True), ("false", False)])
def test_true_and_false_may_stand_in_quotes(said: object, meant: bool) -> None:
    assert read(Table, {"name": "desk", "folds": said}).folds is meant


@for_each(
    ("change", "sentence"),
    [
        ({"name": None}, "name: null; expected text"),
        ({"name": 7}, "name: 7; expected text"),
        ({"name": "ab"}, "name: 'ab'; expected at least 3 characters"),
        ({"name": "a" * 99}, f"name: '{'a' * 58}…; expected at most 8 characters"),
        ({"name": "a desk"}, r"name: 'a desk'; expected text like ^[\w.-]+$"),
        ({"name": "\ud800..."}, r"name: '\ud800...'; expected whole characters"),
        ({"kind": "ROUND"}, "kind: 'ROUND'; expected 'round' or 'square'"),
        ({"folds": "maybe"}, "folds: 'maybe'; expected true or false"),
        ({"folds": 1}, "folds: 1; expected true or false"),
        ({"legs": {}}, "legs: an object; expected a list"),
        ({"legs": []}, "legs: a list of 0; expected at least 1"),
        ({"legs": [{"length": 1}] * 31}, "legs: a list of 31; expected at most 30"),
        ({"legs": [[]]}, "legs[0]: a list of 0; expected an object"),
        ({"legs": [{}]}, "legs[0].length: nothing; expected a value"),
        (
            {"legs": [{"length": 1.5}]},
            "legs[0].length: 1.5; expected a whole number",
        ),
    ],
)
def test_a_mistake_names_its_field_the_value_and_the_expectation(
    change: dict[str, Any], sentence: str
) -> None:
    assert refused({"name": "desk", **change}) == sentence


def test_all_mistakes_are_named_at_once() -> None:
    assert refused({"kind": "oval", "folds": None}) == (
        "name: nothing; expected a value. kind: 'oval'; expected 'round' or 'square'. "
        "folds: null; expected true or false"
    )


def test_the_first_twenty_mistakes_are_named_and_the_others_counted() -> None:
    sentence = refused({"name": "desk", "legs": [{}] * 25})
    assert sentence.count("length") == 20
    assert sentence.endswith(". And 5 more mistakes")


def test_a_body_that_is_no_object_is_named_as_the_body() -> None:
    assert refused([1]) == "the body: a list of 1; expected an object"


def test_a_number_of_thousands_of_digits_is_not_printed() -> None:
    assert refused({"name": 10**5000}) == ("name: a number of thousands of digits; expected text")


@settings(max_examples=50)
@given(st.fixed_dictionaries({}, optional=dict.fromkeys(("name", "kind", "folds", "legs"), JSON)))
def test_any_object_is_read_or_refused(content: dict[str, Any]) -> None:
    with contextlib.suppress(ApiError):
        assert isinstance(read(Table, content), Table)


def test_the_sentence_of_a_validator_is_not_changed() -> None:
    """Braces in it are its own."""

    class Note(Body):
        text: str

        @field_validator("text", mode="after")
        @classmethod
        def _refuse(cls, text: str) -> str:
            raise mistake(f"{text!r} and {{this}} is a sentence")

    with pytest.raises(ApiError, match=r"^text: '\{x\}' and \{this\} is a sentence$"):
        read(Note, {"text": "{x}"})


def test_of_thousands_of_mistakes_only_the_count_is_named() -> None:
    content = {f"k{number}": 1 for number in range(MOST_LISTED + 1)}
    with pytest.raises(ApiError) as error:
        read(TriggerBody, content)
    assert str(error.value) == "5,001 mistakes, too many to name; fix what they have in common"


def test_mistakes_take_time_in_proportion_to_their_number() -> None:
    def refuse(content: object) -> None:
        with pytest.raises(ApiError):
            read(TriggerBody, content)

    assert_linear(refuse, lambda number: {f"k{each}": 1 for each in range(number)}, 100)
