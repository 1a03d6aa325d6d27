"""Comparisons of two payloads or two runs."""

from __future__ import annotations

import copy
import json
import random
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from flowsim.captures import comparison, run_record
from flowsim.captures.comparison import (
    ABSENT,
    WINDOW,
    Comparison,
    Difference,
    Operand,
    compare,
    differences,
    line_differences,
    spellings,
)
from flowsim.captures.json_path import Path, Pattern
from flowsim.captures.run_record import RunRecord
from flowsim.core.json_reading import parse_spelled

from ..cases import for_each
from ..strategies import FINITE_JSON
from ..work import assert_linear


def rows(found: Comparison) -> list[tuple[str, Any, Any]]:
    return [(row.place, row.left, row.right) for row in found.rows]


def compared(left: Operand, right: Operand, *ignored: str) -> Comparison:
    return compare(left, right, [Pattern.parse(each) for each in ignored])


def attempt(event_id: str, number: int = 1, **more: Any) -> dict[str, Any]:
    own = {"delivery_id": f"{event_id}/{number}", "elapsed_ms": number * 1.5}
    return {"type": "attempt", "event_id": event_id, "attempt": number, **own, **more}


def run(*lines: dict[str, Any], sent: tuple[tuple[str, bytes], ...] = ()) -> RunRecord:
    return run_record.of((run_record.line(json.dumps(each).encode()) for each in lines), sent)


# Payloads


def test_the_order_of_keys_is_no_difference_between_payloads() -> None:
    found = compared(b'{"a": 1, "b": {"c": [2]}}', b'{"b": {"c": [3]}, "a": 1}')
    assert rows(found) == [("b.c[0]", 2, 3)]
    assert found.notes == ()


@for_each(
    ("left", "right", "note"),
    [
        (b'{"a":1,"b":2}', b'{"b":2,"a":1}', "only the order of members differ"),
        (b'{"a":1}', b'{"a":1.0}', "only the spelling of numbers differ"),
        (b'{"a":1}', b'{ "a": 1 }\n', "only white space or escapes differ"),
        (b'["\\u00e9"]', '["é"]'.encode(), "only white space or escapes differ"),
    ],
)
def test_differences_that_do_not_count_are_named_if_there_are_no_others(
    left: bytes, right: bytes, note: str
) -> None:
    assert compared(left, right) == Comparison((), (note,))
    assert compared(left, left) == Comparison(())


@for_each(
    ("left", "right", "expected"),
    [
        (b"a\nb", b"a\nc", [("line 2", "b", "c")]),
        (b"a\nb", b"a", [("line 2", "b", ABSENT)]),
        (b"x\na", b"a\nb", [("line 1", "x", ABSENT), ("line 2", ABSENT, "b")]),
        (b'{"a": 1', b'{"a": 1}', [("line 1", '{"a": 1', '{"a": 1}')]),
        (b"\xff", b"\xfe", [("line 1", "\udcff", "\udcfe")]),
        (b"x", b"x", []),
    ],
)
def test_payloads_that_are_not_json_are_compared_line_by_line(
    left: bytes, right: bytes, expected: list[tuple[str, Any, Any]]
) -> None:
    found = compared(left, right)
    assert rows(found) == expected
    assert found.notes == ("not both are JSON: compared line by line",)


def test_differences_that_a_pattern_fits_are_left_out_and_counted() -> None:
    left, right = b'[{"id": 1, "a": 1}]', b'[{"id": 2, "a": 2}]'
    found = compared(left, right, "**.id")
    assert (rows(found), found.notes) == ([("[0].a", 1, 2)], ("ignored: 1",))
    assert compared(left, right, "[0]") == Comparison((), ("ignored: 2",))


def test_a_pattern_that_fits_no_place_is_reported() -> None:
    found = compared(b'{"a": 1}', b'{"b": 1, "a": 1}', "a", "b", "c.d")
    assert found.notes == ("ignored: 1", "nothing to ignore at c.d")


# Runs


def test_runs_are_compared_event_by_event_in_any_order() -> None:
    one = run(attempt("a", status_code=503), attempt("b", status_code=200), attempt("a", 2))
    other = run(attempt("b", status_code=404), attempt("a", status_code=503), attempt("a", 2))
    assert rows(compared(one, other)) == [("events.b.attempts[0].status_code", 200, 404)]


def test_ids_and_durations_of_attempts_are_no_difference() -> None:
    other = attempt("a") | {"delivery_id": "another", "elapsed_ms": 99.9}
    assert compared(run(attempt("a")), run(other)) == Comparison(())


def test_a_missing_event_and_a_missing_attempt_are_reported() -> None:
    found = compared(run(attempt("a"), attempt("a", 2), attempt("b")), run(attempt("a")))
    assert rows(found) == [
        ("events.a.attempts[1]", {"attempt": 2}, ABSENT),
        ("events.b", {"attempts": [{"attempt": 1}]}, ABSENT),
    ]


def test_summaries_are_compared_if_both_runs_have_one() -> None:
    left, right = (
        {"type": "summary", "delivered": number, "elapsed_s": number / 7, "ok": True}
        for number in (1, 2)
    )
    event = attempt("a")
    assert rows(compared(run(event, left), run(event, right))) == [("summary.delivered", 1, 2)]
    assert compared(run(event, left), run(event)) == Comparison(())


def test_events_without_a_common_id_are_paired_in_their_order() -> None:
    found = compared(
        run(attempt("a", outcome="delivered"), attempt("b", outcome="delivered")),
        run(attempt("c", outcome="delivered"), attempt("d", outcome="dropped")),
    )
    assert rows(found) == [("events[1].attempts[0].outcome", "delivered", "dropped")]
    assert found.notes == ("no event is in both: they are compared in their order",)


def test_bodies_are_compared_if_both_runs_have_them() -> None:
    one, other = (
        run(attempt("a"), sent=(("a", b'{"x": %d}' % number), ("b", b"[]"))) for number in (1, 2)
    )
    assert rows(compared(one, other)) == [("events.a.body.x", 1, 2)]
    assert compared(one, run(attempt("a"), attempt("b"))).rows[0].place == "events.b.attempts[0]"


def test_a_repeated_body_counts_once_and_another_is_reported() -> None:
    once, twice = run(sent=(("a", b"1"), ("b", b"2"))), run(sent=(("a", b"1"),) * 2)
    assert rows(compared(once, twice)) == [("events.b", {"body": 2}, ABSENT)]
    changed = run(sent=(("a", b"1"), ("a", b"no json"), ("b", b"2")))
    assert rows(compared(once, changed)) == [("events.a.other_bodies", ABSENT, ["no json"])]


def test_received_requests_are_a_run_with_bodies_only() -> None:
    received = run({"type": "received", "event_id": "a", "body": '{"x": 1}'}, {"type": "ready"})
    assert rows(compared(received, run(sent=(("a", b'{"x": 2}'),)))) == [("x", 1, 2)]


# Payloads and runs


def test_runs_of_one_body_each_are_compared_as_payloads() -> None:
    one, other = run(sent=(("a", b'{"x": 1}'),)), run(sent=(("b", b'{"x": 2}'),))
    assert rows(compared(one, other)) == [("x", 1, 2)]
    assert rows(compared(b'{"x": 3}', other)) == [("x", 3, 2)]


@pytest.mark.parametrize(
    ("left", "right", "reason"),
    [
        (b"1", run(sent=(("a", b"1"), ("b", b"2"))), "one is a payload, the other holds several"),
        (run(attempt("a")), b"1", "one is a payload, the other holds several or none"),
        (run(attempt("a")), run(sent=(("a", b"1"),)), "one has attempts only, the other has"),
    ],
)
def test_operands_that_have_nothing_in_common_are_refused(
    left: Operand, right: Operand, reason: str
) -> None:
    with pytest.raises(ValueError, match=reason):
        compared(left, right)


@for_each("raw", [b"[]", b"1", b"{", b'{"type": "story"}', b"{}", b"\xff"])
def test_a_line_of_another_type_is_refused(raw: bytes) -> None:
    with pytest.raises(ValueError, match=r"."):
        run_record.line(raw)


def test_many_bodies_of_one_event_are_read_in_linear_time() -> None:
    """Lines without an event id count as one event; each body was once looked up in a list."""
    record = run_record.EventRecord()
    for number in (*range(50_000), *range(50_000)):
        record.add(b"%d" % number)
    assert [*record.bodies] == [b"%d" % number for number in range(50_000)]


# What differs between two JSON values.


VALUES = FINITE_JSON.map(json.dumps).map(parse_spelled)


def applied(left: Any, found: list[Difference]) -> Any:
    """Return the left value with the right value put in at each difference."""
    whole = {"": copy.deepcopy(left)}
    for each in sorted(found, key=lambda each: each.right is ABSENT):
        *above, last = ("", *each.path)
        holder: Any = whole
        for step in above:
            holder = holder[step]
        if isinstance(holder, list) and last == len(holder):
            holder.append(each.right)
        else:
            holder[last] = each.right
    return without_absent(whole[""])


def without_absent(value: Any) -> Any:
    if isinstance(value, dict):
        return {k: without_absent(each) for k, each in value.items() if each is not ABSENT}
    if isinstance(value, list):
        return [without_absent(each) for each in value if each is not ABSENT]
    return value


def found(left: str, right: str) -> list[tuple[Path, Any, Any]]:
    return [
        (each.path, each.left, each.right)
        for each in differences(parse_spelled(left), parse_spelled(right))
    ]


@given(VALUES)
def test_a_value_does_not_differ_from_itself(value: Any) -> None:
    assert list(differences(value, copy.deepcopy(value))) == []
    assert spellings(value, copy.deepcopy(value)) == []


@given(VALUES, VALUES)
def test_the_differences_lead_from_one_value_to_the_other(left: Any, right: Any) -> None:
    assert applied(left, list(differences(left, right))) == right


@given(VALUES, VALUES)
def test_swapped_operands_differ_at_the_same_places(left: Any, right: Any) -> None:
    one = {(each.path, repr(each.left), repr(each.right)) for each in differences(left, right)}
    other = {(each.path, repr(each.right), repr(each.left)) for each in differences(right, left)}
    assert one == other


@settings(max_examples=50)
@given(st.dictionaries(st.text(max_size=3), VALUES, min_size=2, max_size=5), st.randoms())
def test_the_order_of_members_is_no_difference_but_is_noticed(
    value: dict[str, Any], chance: random.Random
) -> None:
    keys = list(value)
    chance.shuffle(keys)
    shuffled = {key: value[key] for key in keys}
    assert list(differences(value, shuffled)) == []
    noticed = ["the order of members"] if keys != list(value) else []
    assert spellings(value, shuffled) == noticed


@for_each(
    ("left", "right", "expected"),
    [
        ('{"a": 1}', '{"a": 2}', [(("a",), 1, 2)]),
        ('{"a": {"b": [1, 2]}}', '{"a": {"b": [1, 3]}}', [(("a", "b", 1), 2, 3)]),
        ('{"a": null}', "{}", [(("a",), None, ABSENT)]),
        ("[1]", "[1, 2]", [((1,), ABSENT, 2)]),
        ("[]", "{}", [((), [], {})]),
        ("1", "true", [((), 1, True)]),
        ("0", "false", [((), 0, False)]),
        ("1", '"1"', [((), 1, "1")]),
        ("null", "false", [((), None, False)]),
        ("1", "1.0", []),
        ("0.1", "1e-1", []),
        ("9007199254740993", "9007199254740992.0", [((), 9007199254740993, 9007199254740992)]),
        ('{"a": 1, "b": 2}', '{"c": 3, "a": 0}', [(("a",), 1, 0), (("b",), 2, ABSENT)]),
    ],
)
def test_each_difference_is_reported_once_with_both_values(
    left: str, right: str, expected: list[tuple[Path, Any, Any]]
) -> None:
    assert found(left, right)[: len(expected)] == expected
    assert bool(found(left, right)) == bool(expected)


def test_numbers_that_are_spelled_differently_are_noticed() -> None:
    assert spellings(parse_spelled('{"a": [1]}'), parse_spelled('{"a": [1.0]}')) == [
        "the spelling of numbers"
    ]
    both = ["the order of members", "the spelling of numbers"]
    assert spellings(parse_spelled('{"a": 1, "b": 2}'), parse_spelled('{"b": 2e0, "a": 1}')) == both


# What differs between two texts, line by line.


TEXTS = st.text(st.sampled_from("ab\n\r"), max_size=12)


def assert_rest_is_the_same(left: str, right: str) -> None:
    found = list(line_differences(left, right))
    gone = {left for left, _ in found}, {right for _, right in found}
    kept = [
        [line for place in enumerate(text.split("\n"), 1) if place not in of for line in place[1:]]
        for text, of in zip((left, right), gone, strict=True)
    ]
    assert kept[0] == kept[1]
    for each in found:
        assert any(each)


@given(TEXTS, TEXTS)
def test_texts_without_their_differences_are_the_same(left: str, right: str) -> None:
    assert_rest_is_the_same(left, right)


@given(TEXTS)
def test_a_text_does_not_differ_from_itself(text: str) -> None:
    assert list(line_differences(text, text)) == []


def test_replaced_lines_are_paired() -> None:
    found = [*line_differences("a\nb\nc", "a\nB\nC\nc\nd")]
    assert found == [((2, "b"), (2, "B")), (None, (3, "C")), (None, (5, "d"))]


def test_a_carriage_return_is_part_of_its_line() -> None:
    (found,) = line_differences("a\r\n", "a\n")
    assert found == ((1, "a\r"), (1, "a"))


LONG = st.lists(st.sampled_from("abcd"), max_size=40).map("\n".join)


@given(LONG, LONG)
def test_texts_that_are_longer_than_a_window_are_compared_whole(left: str, right: str) -> None:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(comparison, "WINDOW", 4)
        assert_rest_is_the_same(left, right)
        assert list(line_differences(left, left)) == []


def test_replaced_lines_behind_a_window_are_paired() -> None:
    lines = [f"line {number}" for number in range(3 * WINDOW)]
    changed = ["new", *lines]
    changed[2 * WINDOW] = "changed"
    found = [*line_differences("\n".join(lines), "\n".join(changed))]
    old = (2 * WINDOW, lines[2 * WINDOW - 1])
    assert found == [(None, (1, "new")), (old, (2 * WINDOW + 1, "changed"))]


def test_texts_are_compared_in_linear_time() -> None:
    """Repeated lines once took cubic time."""

    def make(number: int) -> tuple[str, str]:
        texts = ([f"{sign * each % 101}" for each in range(number)] for sign in (1, -1))
        one, other = map("\n".join, texts)
        return one, other

    def compare(texts: tuple[str, str]) -> None:
        assert list(line_differences(*texts))

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(comparison, "WINDOW", 200)
        assert_linear(compare, make, 500)
