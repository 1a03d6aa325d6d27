"""HTTP archives of browsers and proxies."""

from __future__ import annotations

import base64
import json
import re
from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from flowsim.captures.capture import Flaw
from flowsim.captures.har import read
from flowsim.core.json_reading import MOST_IN_FILE

from ..cases import for_each
from ..strategies import JSON
from .archives import ADOBE, archive, entry


def bodies(raw: bytes, everything: bool = False) -> list[bytes]:
    return [each.body for each in read(raw, everything).captures]


def test_a_delivery_is_taken_with_its_moment_its_headers_and_its_place() -> None:
    lines = (("X-Adobe-Event-Id", "e1"), ("x-twice", "1"), ("x-twice", "2"))
    found = read(archive({"request": {"method": "GET"}}, entry('{"é": 1}', headers=lines)))
    (capture,) = found.captures
    assert capture.body == '{"é": 1}'.encode()
    assert capture.headers.lines == lines
    assert capture.at == datetime(2026, 1, 15, 9, 30, 0, 250_000, UTC)
    assert (capture.place, found.others) == ("log.entries[1]", 1)


def test_other_requests_are_left_out_unless_all_posts_are_asked_for() -> None:
    raw = archive(entry("1"), entry("2", headers=(("x-other", "1"),)), entry("3", method="PUT"))
    assert (bodies(raw), read(raw).others) == ([b"1"], 2)
    assert (bodies(raw, everything=True), read(raw, everything=True).others) == ([b"1", b"2"], 1)


def test_requests_come_in_the_order_in_which_they_were_made() -> None:
    times = ["2026-01-15T09:30:01Z", "2026-01-15T10:30:00.5+01:00", "2026-01-15T09:30:01.0000001Z"]
    assert bodies(archive(*(entry(str(n), at=at) for n, at in enumerate(times)))) == [
        b"1",
        b"0",
        b"2",
    ]


@given(st.binary(max_size=30))
def test_a_body_in_base64_is_taken_byte_for_byte(body: bytes) -> None:
    data = {"mimeType": "x", "text": base64.b64encode(body).decode(), "encoding": "base64"}
    assert bodies(archive(entry(postData=data))) == [body]


def test_a_post_without_a_body_has_an_empty_body() -> None:
    assert bodies(archive(entry(None), entry(None, bodySize=0), entry(postData=None))) == [b""] * 3


def test_a_byte_order_mark_is_accepted() -> None:
    assert bodies(b"\xef\xbb\xbf" + archive(entry("1"))) == [b"1"]


def test_a_length_in_the_headers_must_be_right() -> None:
    stated = (*ADOBE, ("Content-Length", "3"))
    assert bodies(archive(entry("é1", headers=stated))) == ["é1".encode()]
    compressed = (*stated, ("content-encoding", "gzip"))
    data = {"text": base64.b64encode(b"zip").decode(), "encoding": "base64"}
    assert bodies(archive(entry(headers=compressed, postData=data))) == [b"zip"]


def test_a_body_of_wrong_stated_length_is_taken_if_it_is_whole() -> None:
    """The size in the archive shows that the tool kept the whole body."""
    stated = (*ADOBE, ("content-length", "3"))
    found = read(archive(entry("12", headers=stated, bodySize=2), entry("{}1234", headers=())))
    (capture,) = found.captures
    assert (capture.body, capture.flaw, found.unread) == (b"12", Flaw(1), ())
    (capture,) = read(archive(entry("1234", headers=stated, bodySize=4))).captures
    assert (capture.body, capture.flaw) == (b"1234", Flaw(-1))


def test_entries_that_cannot_be_read_are_named_and_the_others_taken() -> None:
    found = read(archive(entry(at="now"), entry("1"), {}, entry(method="GET"), entry("2")))
    assert [each.body for each in found.captures] == [b"1", b"2"]
    assert found.others == 1
    assert [each.partition(":")[0] for each in found.unread] == [
        "log.entries[0].startedDateTime",
        "log.entries[2].request",
    ]


LENGTH = (*ADOBE, ("content-length", "9"))
GZIP = (*ADOBE, ("content-encoding", "gzip"))
FIRST = "log.entries[0].request"


@for_each(
    ("given_entry", "message"),
    [
        ({}, "log.entries[0].request: missing; expected what HAR 1.2 has there"),
        ([], "log.entries[0]: no object; expected an object"),
        ({"request": {}}, f"{FIRST}.method: missing; expected"),
        (entry(method=7), f"{FIRST}.method: no text; expected text"),  # type: ignore[arg-type]
        (entry(headers=()) | {"request": {"method": "POST"}}, f"{FIRST}.headers: missing"),
        (entry(headers=ADOBE) | {"startedDateTime": None}, "log.entries[0].startedDateTime: missi"),
        (entry(at="yesterday"), "[0].startedDateTime: 'yesterday'; expected a moment such as 2026"),
        (entry(postData={"params": []}), f"{FIRST}.postData.text: missing; expected"),
        (entry(postData="x"), f"{FIRST}.postData: no object; expected an object"),
        (entry(postData={"text": "{", "encoding": "base64"}), f"{FIRST}.postData.text: text that"),
        (entry(postData={"text": "\ud800"}), f"{FIRST}.postData.text: text that cannot be"),
        (entry("é", headers=LENGTH), f"{FIRST}.postData: 2 bytes; expected 9 bytes, as were sent"),
        (entry(None, bodySize=9), f"{FIRST}.postData: 0 bytes; expected 9 bytes, as were sent"),
        (entry(headers=GZIP), f"{FIRST}.postData: a compressed body; expected a header that"),
    ],
)
def test_missing_or_wrong_values_are_reported_with_their_place(
    given_entry: Any, message: str
) -> None:
    with pytest.raises(ValueError, match=re.escape(message)):
        read(archive(given_entry))


@for_each(
    ("raw", "message"),
    [
        (b"", "no JSON ("),
        (b"<har>", "no JSON ("),
        (b"\xff", "line 1: byte 0xff; expected text in UTF-8"),
        ("{}".encode("utf-16"), "line 1: text in UTF-16; expected text in UTF-8 (save it"),
        (b"[" * 100_000, "no JSON (nested too deep); expected an HTTP archive"),
        (b"[]", "the file: no object; expected an object"),
        (b"{}", "log: missing; expected what HAR 1.2 has there"),
        (b'{"log": {}}', "log.entries: missing"),
        (b'{"log": {"entries": {}}}', "log.entries: no list; expected a list"),
    ],
)
def test_a_file_that_is_no_archive_is_refused(raw: bytes, message: str) -> None:
    with pytest.raises(ValueError, match=re.escape(message)):
        read(raw)


@given(st.sampled_from(["startedDateTime", "request"]), JSON)
def test_any_entry_is_taken_or_refused(name: str, value: object) -> None:
    raw = json.dumps({"log": {"entries": [{**entry(), name: value}]}}).encode()
    try:
        assert len(bodies(raw, everything=True)) <= 1
    except ValueError as error:
        printed = str(error)
    else:
        return
    assert "; expected " in printed


def test_an_archive_with_too_many_values_is_refused_before_they_are_made() -> None:
    raw = b"[" + b"[]," * MOST_IN_FILE + b"[]]"
    with pytest.raises(ValueError, match=r"^more than 2,000,000 values; expected fewer$"):
        read(raw)
