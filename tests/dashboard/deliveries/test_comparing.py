"""Two deliveries compared: each place same, added, removed or changed."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from flowsim.captures import comparison
from flowsim.captures.comparison import ABSENT
from flowsim.dashboard.deliveries.comparing import MOST_ROWS, DeliveryComparison, compare

from ...cases import for_each
from ...strategies import FINITE_JSON


def compared(left: Any, right: Any) -> DeliveryComparison:
    return compare([], json.dumps(left).encode(), [], json.dumps(right).encode())


def rows(found: DeliveryComparison) -> list[tuple[str, str | None, str | None, str]]:
    return [(each.path, each.left, each.right, each.state) for each in found.payload]


def test_each_place_says_whether_it_is_the_same() -> None:
    left = {"event": {"id": 1, "old": [1], "n": None, "same": "x"}, "list": [1, 2]}
    right = {"event": {"id": "1", "n": 0, "same": "x", "new": {"a": 1}}, "list": [1]}
    found = compared(left, right)
    assert rows(found) == [
        ("event.id", "1", '"1"', "changed"),
        ("event.old", "[1]", None, "removed"),
        ("event.n", "null", "0", "changed"),
        ("event.same", '"x"', '"x"', "same"),
        ("event.new", None, '{"a":1}', "added"),
        ("list[0]", "1", "1", "same"),
        ("list[1]", "2", None, "removed"),
    ]
    assert found.differences == 5


def test_headers_are_compared_by_name_in_any_case_and_secrets_masked() -> None:
    left = [("X-A", "1"), ("x-b", "2"), ("x-b", "3"), ("Authorization", "Bearer aaaa1234")]
    right = [("x-a", "1"), ("x-b", "2"), ("x-c", "4"), ("authorization", "Bearer bbbb1234")]
    found = compare(left, b"{}", right, b"{}")
    assert [(each.path, each.left, each.right, each.state) for each in found.headers] == [
        ("x-a", "1", "1", "same"),
        ("x-b", "2, 3", "2", "changed"),
        ("authorization", "XXXXXX XXXX1234", "XXXXXX XXXX1234", "changed"),
        ("x-c", None, "4", "added"),
    ]


def test_headers_that_must_differ_are_named_apart() -> None:
    names = ["x-adobe-delivery-id", *(f"x-adobe-digital-signature-{each}" for each in (1, 2))]
    here, there = ([(name, value) for name in names] for value in ("a", "b"))
    assert compare(here, b"1", there, b"2").usual == tuple(names)
    assert compare(here, b"1", there, b"1").usual == ("x-adobe-delivery-id",)
    assert compare(here, b"1", here, b"2").usual == ()


def test_one_event_is_compared_with_the_event_of_a_batch_that_has_its_id() -> None:
    batch = [{"event_id": str(each), "event": {"n": each}} for each in range(1, 21)]
    found = compared({"event_id": "3", "event": {"n": 4}}, batch)
    assert rows(found) == [("event_id", '"3"', '"3"', "same"), ("event.n", "4", "3", "changed")]
    assert found.notes == ("The other is a batch of 20; its event 3 has the same event id.",)
    found = compared(batch, {"event_id": "x", "event": {"n": 1}})
    assert rows(found) == [("event_id", '"1"', '"x"', "changed"), ("event.n", "1", "1", "same")]
    assert found.notes == ("This delivery is a batch of 20; its first event is compared.",)
    assert compared(batch, batch[1:]).payload[0].path == "[0].event_id"


@for_each(
    ("left", "right", "note"),
    [
        (b'{"a":1,"b":2}', b'{"b":2,"a":1}', "only the order of members differ"),
        (b'{"a":1.0}', b'{"a":1}', "only the spelling of numbers differ"),
        (b'{"a": 1}', b'{"a":1}', "only white space or escapes differ"),
    ],
)
def test_equal_values_that_are_written_otherwise_have_a_note(
    left: bytes, right: bytes, note: str
) -> None:
    found = compare([], left, [], right)
    assert (found.differences, found.notes) == (0, (note,))


def test_what_is_no_json_is_compared_line_by_line() -> None:
    found = compare([], b"a\nb\xff\n", [], b"a\nc\n")
    assert rows(found) == [("line 2", "b\\udcff", "c", "changed")]
    assert compare([], b"[", [], b"[").payload == ()


@pytest.mark.slow
@for_each(
    ("left", "right"),
    [
        ([0] * 2_000, [1] * 10 + [0] * 1_990),
        (list(range(90_000)), list(range(1, 90_001))),
        ({"a": "x" * 1_000_000}, {"a": "y" * 1_000_000}),
        ({"a": {str(each): each for each in range(50_000)}}, {}),
    ],
)
def test_large_payloads_make_few_short_rows(left: Any, right: Any) -> None:
    found = compared(left, right)
    assert 0 < len(found.payload) <= MOST_ROWS
    assert found.differences >= sum(each.state != "same" for each in found.payload) > 0
    assert all(len(each.left or "") <= 300 for each in found.payload)


def test_rows_that_differ_come_before_the_others_and_keep_their_order() -> None:
    found = compared([0] * 1_000, [0] * 990 + [1] * 10)
    assert [each.path for each in found.payload[-10:]] == [
        f"[{each}]" for each in range(990, 1_000)
    ]
    assert found.notes[-1].startswith("500 more places")


def test_bodies_beyond_all_bounds_are_compared_as_a_whole() -> None:
    found = compare([], b"[" + b"1," * 500_000 + b"1]", [], b"x" * 1_000_000)
    assert rows(found) == [("body", "1,000,003 bytes", "1,000,000 bytes", "changed")]


@given(FINITE_JSON, FINITE_JSON)
def test_the_rows_that_differ_are_those_of_flowsim_diff(left: Any, right: Any) -> None:
    bodies = [json.dumps(each).encode() for each in (left, right)]
    found = compare([], bodies[0], [], bodies[1])
    expected = comparison.compare(*bodies)
    if len(found.payload) < MOST_ROWS:
        shown = [(each.path, each.state) for each in found.payload if each.state != "same"]
        states = {(True, False): "added", (False, True): "removed", (False, False): "changed"}
        assert shown == [
            (each.place[:1_000], states[each.left is ABSENT, each.right is ABSENT])
            for each in expected.rows
        ]


LINES = st.lists(st.tuples(st.text(), st.text()), max_size=5)


@given(LINES, st.binary(max_size=100), LINES, st.binary(max_size=100))
def test_any_two_deliveries_can_be_compared(
    one: Any, left: bytes, other: Any, right: bytes
) -> None:
    found = compare(one, left, other, right)
    for each in (*found.headers, *found.payload):
        assert (each.path + (each.left or "") + (each.right or "")).isprintable()
    assert compare(one, left, one, left).differences == 0
