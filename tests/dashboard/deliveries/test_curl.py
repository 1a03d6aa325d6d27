"""A delivery as a curl command: pasted into a shell, it sends the same bytes."""

from __future__ import annotations

import subprocess
from collections.abc import Iterator

import pytest
from hypothesis import given
from hypothesis import strategies as st

from flowsim.core.signature import header_names
from flowsim.dashboard.deliveries.curl import CurlText, curl_of

from ...cases import for_each
from ...webhook import Webhook, status

HEADERS = [
    ("user-agent", "Adobe/1.0"),
    ("accept-encoding", "deflate,compress,identity"),
    ("content-type", "application/cloudevents+json; charset=UTF-8"),
    ("x-adobe-event-code", "a'b $(id) `id` \\ %s é"),
    ("x-twice", "1"),
    ("x-twice", "2"),
    ("x-empty", ""),
    (header_names(1)[1], "ab+/=="),
]


@pytest.fixture
def webhook() -> Iterator[Webhook]:
    with Webhook() as made:
        yield made


def paste(found: CurlText) -> None:
    assert all(line.isprintable() for line in found.command.split("\n"))
    subprocess.run(["sh", "-c", found.command], check=True, capture_output=True)


@for_each(
    "body",
    [
        b"",
        b'{"a":"\'$(id)`id`\\\\ \xc3\xa9 100%"}\n\n',
        bytes(range(256)),
        b"@/etc/hostname",
        b'"' + b"x" * 60_000 + b'"',
    ],
)
def test_the_command_sends_the_same_bytes_and_headers(body: bytes) -> None:
    with Webhook() as webhook:
        found = curl_of(f"{webhook.url}?a=b&c='d'", HEADERS, body)
        paste(found)
        (request,) = webhook.requests
    assert request.body == body
    assert request.line == "POST /hook?a=b&c='d' HTTP/1.1"
    sent = [line.encode("latin-1").decode() for line in request.header_lines]
    own = [line for line in sent if not line.lower().startswith(("host:", "content-length:"))]
    assert [each.rstrip() for each in own] == [
        f"{name}: {value}".rstrip() for name, value in HEADERS
    ]
    assert found.notes == ()


def test_a_body_that_came_in_chunks_is_said_to_be_sent_at_once() -> None:
    lines = [*HEADERS, ("Transfer-Encoding", "chunked")]
    found = curl_of("http://127.0.0.1/hook", lines, b"{}")
    assert found.notes == ("the body came in chunks; curl sends it at once, and states its length",)
    assert "chunked" not in found.command


def test_each_header_has_a_line_of_its_own() -> None:
    first, *rest = curl_of("http://127.0.0.1/hook", HEADERS, b"{}").command.split("\n")
    assert first == "printf '%s' '{}' | \\"
    assert [line.split("'")[1].split(":")[0] for line in rest[1:4]] == [
        *("user-agent", "accept-encoding", "content-type"),
    ]
    assert rest[-1] == "  http://127.0.0.1/hook"


def test_a_large_body_is_downloaded_first(webhook: Webhook) -> None:
    body = "x" * 300_000
    with Webhook() as downloads:
        downloads.answers = [status(200, body)]
        found = curl_of(webhook.url, HEADERS, body.encode(), f"{downloads.url}?n=1&form=body")
        assert len(found.command) < 2_000
        paste(found)
    assert webhook.requests[0].body == body.encode()


def test_nothing_is_sent_if_the_download_fails(webhook: Webhook) -> None:
    with Webhook() as downloads:
        downloads.answers = [status(404, "none")]
        found = curl_of(webhook.url, HEADERS, b"x" * 100_000, downloads.url)
        ended = subprocess.run(["sh", "-c", found.command], check=False, capture_output=True)
    assert ended.returncode != 0
    assert webhook.requests == []


@for_each("url", ["", "-o/tmp/x", "file:///etc/passwd", "http://", "http://[", "ftp://a/b"])
def test_an_address_that_is_none_gives_no_command(url: str) -> None:
    found = curl_of(url, HEADERS, b"{}")
    assert found.command == ""
    assert "no http:// or https:// address" in found.notes[0]


def test_what_is_not_sent_is_named_and_secrets_of_the_url_are_left_out() -> None:
    headers = [("@/etc/passwd", "x"), ("x-a", "b\r\nc: d"), ("host", "old"), ("x-ok", "1")]
    found = curl_of("https://user:secret@host.example/hook", headers, b"{}")
    assert found.notes == ("left out: the header @/etc/passwd", "left out: the header x-a")
    assert "secret" not in found.command
    assert "x-ok: 1" in found.command
    assert "old" not in found.command


def test_headers_with_secrets_are_named_but_not_sent() -> None:
    headers = [*HEADERS, ("Authorization", "Bearer secret-token"), ("cookie", "id=secret")]
    found = curl_of("http://127.0.0.1/hook", headers, b"{}")
    assert "secret" not in found.command
    assert found.notes == (
        "left out: the header Authorization",
        "left out: the header cookie",
    )


def test_the_challenge_of_a_validation_url_is_downloaded_and_not_printed() -> None:
    body = b'{"validation_url":"https://a/validate?id=1\\u0026challenge=12345678-abcd"}'
    found = curl_of("http://127.0.0.1/hook", HEADERS, body, "http://127.0.0.1/body")
    assert "12345678" not in found.command
    assert "http://127.0.0.1/body" in found.command


@given(
    st.text(),
    st.lists(st.tuples(st.text(), st.text(st.characters(exclude_categories=())))),
    st.binary(),
)
def test_any_delivery_has_a_command_or_a_note(
    url: str, headers: list[tuple[str, str]], body: bytes
) -> None:
    for each in (url, f"http://127.0.0.1/{url}"):
        found = curl_of(each, headers, body)
        assert all(line.isprintable() for line in found.command.split("\n"))
        assert found.command or found.notes
        assert "".join(found.notes).isprintable()
