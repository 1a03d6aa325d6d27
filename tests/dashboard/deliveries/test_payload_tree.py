"""A payload as a tree: what each field means, and how little is made of large payloads."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from flowsim.dashboard.deliveries.payload_tree import MOST_NODES, PayloadNode, subtree, tree
from flowsim.families import registry

from ...cases import for_each
from ...families.told import CODES, DESCRIBED, FORMATS, body, events
from ...strategies import JSON

FAMILIES = registry.shipped()
SUCCESS = "sources_flow_run_success"


def nodes(node: PayloadNode | None) -> Iterator[PayloadNode]:
    """Yield a node and all in it."""
    if node is not None:
        yield node
        for each in node.children:
            yield from nodes(each)


def root_of(content: Any, code: str = "") -> PayloadNode:
    found = tree(json.dumps(content).encode(), code, FAMILIES).root
    assert found is not None
    return found


def at(root: PayloadNode, pointer: str) -> PayloadNode:
    return next(each for each in nodes(root) if each.pointer == pointer)


@for_each("format_", FORMATS)
@for_each("code", DESCRIBED)
def test_every_field_of_every_told_event_is_explained(code: str, format_: str) -> None:
    """The content is the same in both formats: with the second, one event is tried."""
    for event in events(code) if format_ == FORMATS[0] else events(code)[:1]:
        found = tree(body(event, format_), code, FAMILIES)
        for each in nodes(found.root):
            assert not each.problem, each
            is_around = each.kind == "object" and each.field is None
            is_element = each.key.isdigit() and each.field is None  # of a list that no source tells
            assert is_around or is_element or (each.field and each.field.means), each


def test_a_time_in_milliseconds_has_its_utc_time_and_its_source() -> None:
    event = events(SUCCESS)[0]
    root = tree(body(event, "adobe_io"), SUCCESS, FAMILIES).root
    assert root is not None
    found = at(root, "/event/transformedTime")
    assert (found.kind, found.moment) == ("number", "2026-01-15T09:30:00.000Z")
    assert found.field is not None
    assert (found.field.source, found.field.grade) == ("flow-run-payloads.md 1.1", "A")


@for_each(
    ("value", "moment"),
    [
        (1_768_469_400_000, "2026-01-15T09:30:00.000Z"),
        (1_768_469_400, "2026-01-15T09:30:00.000Z"),
        ("1768469400000", "2026-01-15T09:30:00.000Z"),
        (380_265, ""),
        (1.5, ""),
        (True, ""),
        (10**30, ""),
    ],
)
def test_a_number_of_no_known_field_is_a_time_by_its_size(value: Any, moment: str) -> None:
    assert at(root_of({"event": {"a": value}}), "/event/a").moment == moment


def test_a_value_says_how_it_differs_from_its_field() -> None:
    event = events(SUCCESS)[0]
    content = json.loads(body(event, "adobe_io"))
    content["event"]["id"] = 5
    content["event"]["surprise"] = 1
    content["event"]["metrics"]["statusSummary"]["status"] = "done"
    root = root_of(content, SUCCESS)
    assert at(root, "/event/id").problem == "integer, expected uuid"
    assert at(root, "/event/surprise").problem == "not among the documented fields"
    assert at(root, "/event/metrics/statusSummary/status").problem.startswith("another value")


def test_numbers_and_texts_are_shown_as_they_are_spelled() -> None:
    raw = b'{"a":1.0,"b":1e400,"c":-0,"d":12345678901234567890,"e":"\\u202e\\n","f":null}'
    root = tree(raw, "", FAMILIES).root
    assert root is not None
    shown = [(each.kind, each.value) for each in root.children]
    numbers = ["1.0", "1e400", "-0", "12345678901234567890"]
    assert shown[:4] == [("number", each) for each in numbers]
    assert shown[4:] == [("text", "\\u202e\\n"), ("null", "null")]


def test_each_event_of_a_batch_is_explained_by_its_own_code() -> None:
    first, second = (json.loads(body(events(code)[0], "adobe_io")) for code in CODES[2:4])
    root = root_of([first, second], CODES[2])
    assert root.field is not None
    assert root.field.source == "io-events-protocol.md 1.6"
    assert all(not each.problem for each in nodes(root))


def test_what_is_left_out_of_a_long_list_can_be_asked_for() -> None:
    raw = json.dumps({"event": {"rows": [{"n": each} for each in range(1_970)]}}).encode()
    root = tree(raw, "", FAMILIES).root
    assert root is not None
    rows = at(root, "/event/rows")
    assert (rows.size, len(rows.children), rows.more, rows.start) == (1_970, 20, 1_950, 20)
    rest = subtree(raw, "/event/rows", "", FAMILIES, rows.start).root
    assert rest is not None
    assert [each.key for each in rest.children] == [str(each) for each in range(20, 40)]
    assert (rest.more, rest.start) == (1_930, 40)
    last = subtree(raw, "/event/rows/1969", "", FAMILIES).root
    assert last is not None
    assert last.children[0].value == "1969"


def test_a_long_text_is_cut_and_its_subtree_shows_more_of_it() -> None:
    raw = json.dumps({"a/b": {"~": "x" * 20_000}}).encode()
    found = at(root_of(json.loads(raw)), "/a~1b/~0")
    assert (len(found.value), found.cut) == (300, 19_700)
    whole = subtree(raw, "/a~1b/~0", "", FAMILIES).root
    assert whole is not None
    assert (len(whole.value), whole.cut) == (16_384, 3_616)


def test_a_key_that_no_address_can_hold_cannot_be_asked_for() -> None:
    """Half of a surrogate pair can stand in JSON, but not in UTF-8."""
    found = nodes(root_of({"\ud800": [*range(100)]}))
    assert [each.pointer for each in found][:3] == ["", None, None]


def test_a_validation_url_is_explained_and_its_challenge_masked() -> None:
    found = at(root_of({"validationUrl": "https://a/?challenge=12345678-abcd"}), "/validationUrl")
    assert found.value == "https://a/?challenge=XXXXXXXX-abcd"
    assert found.field is not None
    assert found.field.source == "io-events-protocol.md 3.2"


@for_each("pointer", ["/b", "/a/9", "/a/x", "a", "/a/-1", "/a/0/0", "/" + "x" * 5_000])
def test_a_pointer_to_nothing_gives_a_reason(pointer: str) -> None:
    found = subtree(b'{"a":[1]}', pointer, "", FAMILIES)
    assert found.root is None
    assert found.reason


@for_each(
    ("raw", "reason"),
    [
        (b"", "the body is not JSON in UTF-8: line 1, column 1"),
        (b"\xff", "the body is not JSON in UTF-8: byte 1"),
        (b"[NaN]", "the body is not JSON in UTF-8"),
        (b"[" * 200_000, "the body is not JSON in UTF-8: nested too deep"),
        (b"[" + b"1," * 999_999 + b"1]", "the body has more than 250,000 values; expected fewer"),
    ],
)
def test_a_body_without_a_tree_gives_a_reason(raw: bytes, reason: str) -> None:
    found = tree(raw, SUCCESS, FAMILIES)
    assert (found.root, found.reason, found.size) == (None, reason, len(raw))


@for_each(
    "content",
    [
        {"event": {"a": [[{"b": [1] * 50}] * 50] * 50}},
        {"event": {str(each): {"a": each} for each in range(20_000)}},
        {"k" * 1_000_000: {"a": {"b": 1}}},
        {"event": "x" * 2_000_000},
        [{"event": {"metrics": {}}}] * 20_000,
    ],
)
def test_a_large_payload_makes_a_small_tree(content: Any) -> None:
    found = [*nodes(root_of(content, SUCCESS))]
    assert len(found) <= MOST_NODES
    assert (
        sum(len(each.value) + len(each.key) + len(each.pointer or "") for each in found) < 400_000
    )


def test_a_deep_payload_is_cut_at_a_level_that_a_template_can_print() -> None:
    raw = b'{"a":' * 90 + b"1" + b"}" * 90
    found = [*nodes(tree(raw, "", FAMILIES).root)]
    assert (len(found), found[-1].more) == (25, 1)
    deeper = subtree(raw, found[-1].pointer or "", "", FAMILIES)
    assert len([*nodes(deeper.root)]) == 25


@given(JSON, st.sampled_from(["", *CODES]))
def test_any_json_has_a_tree(content: Any, code: str) -> None:
    for held in (content, {"event": content}, {"messages": content}, [{"data": content}]):
        found = tree(json.dumps(held).encode(), code, FAMILIES)
        for each in nodes(found.root):
            assert each.key.isprintable()
            assert each.value.isprintable()
            again = subtree(json.dumps(held).encode(), each.pointer or "", code, FAMILIES)
            assert again.root is not None
            assert (again.root.kind, again.root.size) == (each.kind, each.size)


@given(st.binary(max_size=200), st.text(max_size=20), st.text(max_size=20))
def test_any_bytes_have_a_tree_or_a_reason(raw: bytes, code: str, pointer: str) -> None:
    for found in (tree(raw, code, FAMILIES), subtree(raw, pointer, code, FAMILIES)):
        assert (found.root is None) is bool(found.reason)
