"""The headers and the events of a captured request."""

from __future__ import annotations

from datetime import UTC, datetime

from hypothesis import given
from hypothesis import strategies as st

from flowsim.captures.capture import Capture, events_of
from flowsim.core.header_lines import HeaderLines

from ..cases import for_each


def sent(*lines: tuple[str, str]) -> list[tuple[str, str]]:
    return list(Capture("x", None, HeaderLines(lines), b"").sent_headers().items())


def test_headers_keep_order_case_and_repetitions() -> None:
    lines = [("User-Agent", "Adobe/1.0"), ("x-a", "1"), ("X-A", "2"), ("Cookie", "c")]
    assert sent(*lines) == lines


@for_each(
    "name",
    [
        *("Host", "content-length", "Connection", "Keep-Alive", "Proxy-Connection", "TE"),
        *("Proxy-Authorization", "Trailer", "Transfer-Encoding", "Upgrade", "Expect"),
        *(":authority", ":method", "HTTP2-Settings"),
    ],
)
def test_headers_of_the_old_connection_are_left_out(name: str) -> None:
    assert sent((name, "1"), ("x", "2")) == [("x", "2")]


def test_headers_named_by_connection_are_left_out_too() -> None:
    assert sent(("Connection", "close, X-Hop"), ("x-hop", "1"), ("x", "2")) == [("x", "2")]


# The events of a captured request, as far as it says.


AT = datetime(2026, 1, 15, 9, 30, tzinfo=UTC)


def code_and_ids(body: bytes, **headers: str) -> tuple[str, list[str]]:
    """Return the event code and the event ids of a request."""
    lines = [(f"X-Adobe-Event-{name.title()}", value) for name, value in headers.items()]
    events = events_of(Capture("x", None, HeaderLines(lines), body), AT)
    assert {(each.time, each.expect) for each in events} == {(AT, "delivered")}
    (code,) = {each.notification.event_code for each in events}
    return code, [each.id for each in events]


@for_each(
    ("body", "headers", "expected"),
    [
        (b'{"event_id": "b"}', {"id": "h", "code": "c"}, ("c", ["h"])),
        (b'{"event_id": "b"}', {}, ("unknown", ["b"])),
        (b'{"eventid": "b", "type": "t"}', {}, ("t", ["b"])),
        (b'[{"event_id": "1"}, {"eventid": "2"}, {}]', {"code": "c"}, ("c", ["1", "2", "unknown"])),
        (b'[{"messages": []}]', {"id": "h"}, ("unknown", ["h"])),
        (b'{"event_id": 7, "type": []}', {}, ("unknown", ["unknown"])),
        (b"[]", {}, ("unknown", ["unknown"])),
        (b"no json", {"id": "h"}, ("unknown", ["h"])),
        (b"\xff", {}, ("unknown", ["unknown"])),
        (b'{"event_id": "\\u001b[31m"}', {"code": "\udcff"}, ("\\udcff", ["\\x1b[31m"])),
    ],
)
def test_ids_and_code_come_from_headers_else_from_the_body(
    body: bytes, headers: dict[str, str], expected: tuple[str, list[str]]
) -> None:
    assert code_and_ids(body, **headers) == expected


@given(st.binary(max_size=20), st.text())
def test_every_request_carries_at_least_one_event_that_can_be_printed(
    body: bytes, id_: str
) -> None:
    _, ids = code_and_ids(body, id=id_)
    assert ids
    assert all(each.isprintable() for each in ids)
