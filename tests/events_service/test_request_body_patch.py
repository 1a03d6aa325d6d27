"""A JSON Patch is applied as a whole or refused as a whole."""

from __future__ import annotations

import contextlib
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from flowsim.errors import ApiError
from flowsim.events_service.request_body import MOST_OPERATIONS, Body, apply_patch, patched_body

from ..cases import for_each
from ..strategies import JSON

DOCUMENT = {"name": "orders", "events": [{"code": "a"}, {"code": "b"}], "note": None}


def patched(*operations: object) -> Any:
    return apply_patch(DOCUMENT, [*operations])


def refused(operations: object) -> str:
    with pytest.raises(ApiError) as error:
        apply_patch(DOCUMENT, operations)
    assert (error.value.status_code, error.value.reason) == (400, "Bad Request")
    return str(error.value)


@for_each(
    ("operation", "change"),
    [
        ({"op": "replace", "path": "/name", "value": "carts"}, {"name": "carts"}),
        ({"op": "add", "path": "/note", "value": 1}, {"note": 1}),
        ({"op": "remove", "path": "/events/0"}, {"events": [{"code": "b"}]}),
        ({"op": "copy", "from": "/name", "path": "/note"}, {"note": "orders"}),
        ({"op": "test", "path": "/name", "value": "orders"}, {}),
        (
            {"op": "add", "path": "/events/-", "value": {"code": "c"}},
            {"events": [{"code": "a"}, {"code": "b"}, {"code": "c"}]},
        ),
    ],
)
def test_each_operation_of_the_rfc_is_applied(
    operation: dict[str, Any], change: dict[str, Any]
) -> None:
    assert patched(operation) == {**DOCUMENT, **change}


def test_the_original_document_is_not_changed() -> None:
    patched({"op": "remove", "path": "/events/0"})
    assert len(DOCUMENT["events"] or ()) == 2


def test_operations_see_the_result_of_earlier_ones() -> None:
    move = {"op": "move", "from": "/name", "path": "/note"}
    assert patched(move, {"op": "add", "path": "/name", "value": "x"}) == {
        **DOCUMENT,
        "name": "x",
        "note": "orders",
    }


@for_each(
    ("operation", "why"),
    [
        ({"op": "test", "path": "/name", "value": "carts"}, "not equal to tested value"),
        ({"op": "replace", "path": "/nam", "value": 1}, "nam"),
        ({"op": "remove", "path": "/events/7"}, "7"),
        ({"op": "tidy", "path": "/name"}, "Unknown operation"),
        ({"op": "add", "path": "/name"}, "'value'"),
        ({"op": "add", "path": "name", "value": 1}, "Location"),
        ({"op": "add", "path": 1, "value": 1}, "path"),
        ({"op": "move", "path": "/name"}, "from"),
        ({"path": "/name"}, "op"),
        ("add", "sequence of strings"),
        (7, "object"),
        (None, "object"),
    ],
)
def test_an_operation_that_cannot_be_applied_is_named_by_number(
    operation: object, why: str
) -> None:
    sentence = refused([{"op": "add", "path": "/note", "value": 1}, operation])
    assert sentence.startswith("operation 1 cannot be applied: ")
    assert why in sentence


def test_a_patch_is_a_list_of_operations() -> None:
    assert refused({"name": "x"}) == "the body is an object; expected a list of operations"


def test_a_patch_has_at_most_two_hundred_operations() -> None:
    operation = {"op": "test", "path": "/name", "value": "orders"}
    assert patched(*[operation] * 200) == DOCUMENT
    assert refused([operation] * 201) == "201 operations; expected at most 200"


def test_copies_of_copies_are_stopped_before_memory_is_full() -> None:
    doubling = [{"op": "copy", "from": "/events", "path": "/events/-"}] * 40
    assert refused(doubling).endswith("the document becomes too large")


POINTERS = st.sampled_from(
    ["", "/", "/name", "/events", "/events/0", "/events/-", "/note/x", "/~2"]
)
OPERATIONS = st.fixed_dictionaries(
    {"op": st.sampled_from(["add", "remove", "replace", "move", "copy", "test"]) | JSON},
    optional={"path": POINTERS | JSON, "from": POINTERS | JSON, "value": JSON},
)


@given(st.lists(OPERATIONS | JSON, max_size=4))
def test_any_patch_is_applied_or_refused(operations: list[object]) -> None:
    with contextlib.suppress(ApiError):
        apply_patch(DOCUMENT, operations)


class Card(Body):
    name: str
    note: str | None = None


def test_a_patched_body_is_validated_like_a_sent_one() -> None:
    renamed = [{"op": "replace", "path": "/name", "value": "carts"}]
    assert patched_body(Card, Card(name="orders"), renamed) == Card(name="carts")


@pytest.mark.parametrize(
    ("operation", "sentence"),
    [
        ({"op": "remove", "path": "/name"}, "name: nothing; expected a value"),
        ({"op": "replace", "path": "", "value": []}, "the body: a list of 0; expected an object"),
        ({"op": "add", "path": "/id", "value": 1}, "'id' cannot be changed"),
    ],
)
def test_a_patch_with_an_invalid_result_is_refused(
    operation: dict[str, Any], sentence: str
) -> None:
    with pytest.raises(ApiError) as error:
        patched_body(Card, Card(name="orders"), [operation])
    assert str(error.value) == sentence


@pytest.mark.slow
def test_the_sum_of_all_copies_is_limited() -> None:
    """Two hundred copies of a megabyte, each over the one before, took half a minute."""
    document = {"a": [0] * 100_000}
    copies = [{"op": "copy", "from": "/a", "path": "/b"}] * MOST_OPERATIONS
    with pytest.raises(ApiError, match="operation 27 cannot be applied: the patch copies too much"):
        apply_patch(document, copies)
