"""A captured request made ready for another consumer."""

from __future__ import annotations

import pytest

from flowsim.captures.resigning import readdress, resign
from flowsim.core.header_lines import HeaderLines
from flowsim.core.payload import Payload
from flowsim.core.signature import SignedPayload


@pytest.mark.parametrize(
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
def test_only_the_recipient_is_written_anew(before: str, after: str | None) -> None:
    assert readdress(before.encode(), "new").decode() == (before if after is None else after)


def test_a_client_id_is_written_as_json() -> None:
    assert readdress(b'{"recipientclientid":"a"}', 'q"\\') == b'{"recipientclientid":"q\\"\\\\"}'


@pytest.mark.parametrize("body", [b"", b"{", b"\xff", b'\xef\xbb\xbf{"a":1}'])
def test_a_body_that_is_no_json_cannot_be_readdressed(body: bytes) -> None:
    with pytest.raises(ValueError, match=r"."):
        readdress(body, "new")


def test_signatures_and_paths_take_the_place_of_those_that_were_there() -> None:
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
