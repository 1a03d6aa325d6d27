"""A captured request changed for another consumer."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from flowsim.captures.resigning import members, readdress, resign
from flowsim.core.header_lines import HeaderLines
from flowsim.core.payload import Payload
from flowsim.core.signature import SignedPayload

from ..cases import for_each
from ..strategies import FINITE_JSON


@for_each(
    ("before", "after"),
    [
        ('{"recipient_client_id":"a","x": 1.50 }', '{"recipient_client_id":"new","x": 1.50 }'),
        ('{"recipientclientid" :\n"é"}\n', '{"recipientclientid" :\n"new"}\n'),
        (
            '[{"recipientclientid":"a"}, {"b":2,"recipient_client_id":null}]',
            '[{"recipientclientid":"new"}, {"b":2,"recipient_client_id":"new"}]',
        ),
        ('{"recipient\\u005fclient_id":"a"}', '{"recipient\\u005fclient_id":"new"}'),
        ('{"event":{"recipient_client_id":"inner"}}', None),
        ('{"text":"\\"recipient_client_id\\":\\"a\\""}', None),
        ('["recipient_client_id", "a"]', None),
        ("1e3", None),
    ],
)
def test_only_the_recipient_is_replaced(before: str, after: str | None) -> None:
    assert readdress(before.encode(), "new").decode() == (before if after is None else after)


def test_a_client_id_is_written_as_json() -> None:
    assert readdress(b'{"recipientclientid":"a"}', 'q"\\') == b'{"recipientclientid":"q\\"\\\\"}'


@for_each("body", [b"", b"{", b"\xff", b'\xef\xbb\xbf{"a":1}'])
def test_a_body_that_is_no_json_cannot_be_readdressed(body: bytes) -> None:
    with pytest.raises(ValueError, match=r"."):
        readdress(body, "new")


def test_signatures_and_key_paths_are_replaced() -> None:
    signed = SignedPayload(Payload(b"", "", ()), ("S1", "S2"), ("/p1", "/p2"))
    old = HeaderLines(
        [
            ("X-Adobe-Digital-Signature-2", "old"),
            ("x-other", "kept"),
            ("x-adobe-digital-signature-1", "old"),
            ("x-adobe-digital-signature-2", "old"),
        ]
    )
    assert list(resign(old, signed).items()) == [
        ("X-Adobe-Digital-Signature-2", "S2"),
        ("x-other", "kept"),
        ("x-adobe-digital-signature-1", "S1"),
        ("x-adobe-public-key1-path", "/p1"),
        ("x-adobe-public-key2-path", "/p2"),
    ]


# Where the members of a body stand in its text.


OBJECTS = st.dictionaries(st.text(), FINITE_JSON, max_size=4)
INDENTS = st.sampled_from([None, 0, 1, "\t"])


@given(OBJECTS | st.lists(OBJECTS | FINITE_JSON, max_size=3), INDENTS, st.booleans())
def test_each_member_of_the_outer_objects_has_its_place_in_the_text(
    content: Any, indent: Any, ascii_only: bool
) -> None:
    text = json.dumps(content, indent=indent, ensure_ascii=ascii_only)
    found = list(members(text))
    outer = content if isinstance(content, list) else [content]
    expected = [item for each in outer if isinstance(each, dict) for item in each.items()]
    assert [(each.name, each.value) for each in found] == expected
    for each in found:
        assert json.loads(text[each.begin : each.end]) == each.value


@for_each("text", ["1", '"a"', "null", "[]", "{}", "[1, [2]]", ' \n"x"'])
def test_json_without_objects_has_no_members(text: str) -> None:
    assert list(members(text)) == []


@for_each("text", ["", "{", '{"a": 1} 2', "[1,]", "NaN", "[" * 100_000])
def test_text_that_is_no_json_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match=r"."):
        list(members(text))
