"""Two payloads or two runs side by side."""

from __future__ import annotations

import json
from typing import Any

import pytest

from flowsim.captures import run_record
from flowsim.captures.comparison import Comparison, Side, compare
from flowsim.captures.difference import ABSENT
from flowsim.captures.json_path import Pattern
from flowsim.captures.run_record import RunRecord


def rows(found: Comparison) -> list[tuple[str, Any, Any]]:
    return [(row.place, row.left, row.right) for row in found.rows]


def compared(left: Side, right: Side, *ignored: str) -> Comparison:
    return compare(left, right, [Pattern.parse(each) for each in ignored])


def attempt(event_id: str, number: int = 1, **more: Any) -> dict[str, Any]:
    own = {"delivery_id": f"{event_id}/{number}", "elapsed_ms": number * 1.5}
    return {"type": "attempt", "event_id": event_id, "attempt": number, **own, **more}


def run(*lines: dict[str, Any], sent: tuple[tuple[str, bytes], ...] = ()) -> RunRecord:
    return run_record.of((run_record.line(json.dumps(each).encode()) for each in lines), sent)


# Payloads


def test_payloads_are_compared_as_json_whatever_the_order_of_their_keys() -> None:
    found = compared(b'{"a": 1, "b": {"c": [2]}}', b'{"b": {"c": [3]}, "a": 1}')
    assert rows(found) == [("b.c[0]", 2, 3)]
    assert found.notes == ()


@pytest.mark.parametrize(
    ("left", "right", "note"),
    [
        (b'{"a":1,"b":2}', b'{"b":2,"a":1}', "only the order of members differ"),
        (b'{"a":1}', b'{"a":1.0}', "only the spelling of numbers differ"),
        (b'{"a":1}', b'{ "a": 1 }\n', "only white space or escapes differ"),
        (b'["\\u00e9"]', '["é"]'.encode(), "only white space or escapes differ"),
    ],
)
def test_what_counts_for_nothing_is_said_where_nothing_else_differs(
    left: bytes, right: bytes, note: str
) -> None:
    assert compared(left, right) == Comparison((), (note,))
    assert compared(left, left) == Comparison(())


@pytest.mark.parametrize(
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
def test_what_is_no_json_is_compared_line_by_line(
    left: bytes, right: bytes, expected: list[tuple[str, Any, Any]]
) -> None:
    found = compared(left, right)
    assert rows(found) == expected
    assert found.notes == ("not both are JSON: compared line by line",)


def test_what_a_pattern_fits_is_left_out_and_counted() -> None:
    left, right = b'[{"id": 1, "a": 1}]', b'[{"id": 2, "a": 2}]'
    found = compared(left, right, "**.id")
    assert (rows(found), found.notes) == ([("[0].a", 1, 2)], ("ignored: 1",))
    assert compared(left, right, "[0]") == Comparison((), ("ignored: 2",))


def test_a_pattern_that_fits_nothing_on_either_side_is_said() -> None:
    found = compared(b'{"a": 1}', b'{"b": 1, "a": 1}', "a", "b", "c.d")
    assert found.notes == ("ignored: 1", "nothing to ignore at c.d")


# Runs


def test_runs_are_compared_event_by_event_whatever_their_order() -> None:
    one = run(attempt("a", status_code=503), attempt("b", status_code=200), attempt("a", 2))
    other = run(attempt("b", status_code=404), attempt("a", status_code=503), attempt("a", 2))
    assert rows(compared(one, other)) == [("events.b.attempts[0].status_code", 200, 404)]


def test_ids_and_durations_of_attempts_are_no_difference() -> None:
    other = attempt("a") | {"delivery_id": "another", "elapsed_ms": 99.9}
    assert compared(run(attempt("a")), run(other)) == Comparison(())


def test_an_event_and_an_attempt_that_one_side_lacks_are_told() -> None:
    found = compared(run(attempt("a"), attempt("a", 2), attempt("b")), run(attempt("a")))
    assert rows(found) == [
        ("events.a.attempts[1]", {"attempt": 2}, ABSENT),
        ("events.b", {"attempts": [{"attempt": 1}]}, ABSENT),
    ]


def test_summaries_are_compared_where_both_have_one() -> None:
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


def test_bodies_are_compared_where_both_sides_have_them() -> None:
    one, other = (
        run(attempt("a"), sent=(("a", b'{"x": %d}' % number), ("b", b"[]"))) for number in (1, 2)
    )
    assert rows(compared(one, other)) == [("events.a.body.x", 1, 2)]
    assert compared(one, run(attempt("a"), attempt("b"))).rows[0].place == "events.b.attempts[0]"


def test_the_same_body_sent_again_is_one_body_and_another_is_told() -> None:
    once, twice = run(sent=(("a", b"1"), ("b", b"2"))), run(sent=(("a", b"1"),) * 2)
    assert rows(compared(once, twice)) == [("events.b", {"body": 2}, ABSENT)]
    changed = run(sent=(("a", b"1"), ("a", b"no json"), ("b", b"2")))
    assert rows(compared(once, changed)) == [("events.a.other_bodies", ABSENT, ["no json"])]


def test_requests_that_were_received_are_a_run_of_bodies() -> None:
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
def test_sides_that_have_nothing_in_common_are_refused(
    left: Side, right: Side, reason: str
) -> None:
    with pytest.raises(ValueError, match=reason):
        compared(left, right)


@pytest.mark.parametrize("raw", [b"[]", b"1", b"{", b'{"type": "story"}', b"{}", b"\xff"])
def test_a_line_of_another_kind_is_refused(raw: bytes) -> None:
    with pytest.raises(ValueError, match=r"."):
        run_record.line(raw)


def test_many_bodies_of_one_event_are_taken_in_time_in_proportion_to_their_number() -> None:
    """Lines without an event id are all of one event; each body was looked up in a list."""
    record = run_record.EventRecord()
    for number in (*range(50_000), *range(50_000)):
        record.add(b"%d" % number)
    assert [*record.bodies] == [b"%d" % number for number in range(50_000)]
