"""A delivery as bytes on the wire, and as a curl command."""

from __future__ import annotations

import asyncio
import json
import os
import shutil
import subprocess
from collections.abc import Mapping
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from flowsim.core.shell_words import curl_command
from flowsim.core.wire import Wire, pieces, raw_get, raw_request
from flowsim.delivery.http_transport import HttpTransport

from ..cases import for_each
from ..webhook import Request, Webhook

URL = "http://h:1/p?q=1"


@given(st.binary(max_size=100), st.floats(0, 1), st.booleans())
def test_pieces_make_the_kept_part_of_the_body(body: bytes, kept: float, slow: bool) -> None:
    wire = Wire(1, kept=kept, seconds=1.0 if slow else 0.0)
    parts = list(pieces(wire, body))
    assert b"".join(parts) == body[: int(len(body) * kept)]
    assert len(parts) <= (8 if slow else 1)


def test_a_raw_request_shows_what_is_written() -> None:
    headers = {"a": "b"}
    assert raw_request(URL, headers, b"body", Wire(1)) == raw_request(URL, headers, b"body")
    assert raw_request(URL, headers, b"body", Wire(1, length_error=-1)).endswith(
        b"content-length: 3\r\na: b\r\n\r\nbody"
    )
    assert raw_request(URL, headers, b"body", Wire(1, chunked=True)) == (
        b"POST /p?q=1 HTTP/1.1\r\nhost: h:1\r\ntransfer-encoding: chunked\r\na: b\r\n\r\n"
        b"1\r\nb\r\n1\r\no\r\n1\r\nd\r\n1\r\ny\r\n0\r\n\r\n"
    )
    assert raw_request(URL, headers, b"body", Wire(1, kept=0.5)).endswith(b"\r\n\r\nbo")


needs_curl = pytest.mark.skipif(
    not (shutil.which("curl") and Path("/bin/sh").exists()),
    reason="there is no /bin/sh or no curl on this machine",
)

HEADERS = {
    "user-agent": "Adobe/1.0",
    "accept-encoding": "deflate,compress,identity",
    "content-type": "application/json; charset=utf-8",
    "x-adobe-delivery-id": "3f9c1f60-8f3c-4f0e-9a51-0f4d3c1b2a99",
    "x-adobe-event-id": "933cf9f4-5d3c-4d1e-8a3f-2f0f6b7c8d90",
    "x-adobe-event-code": "sources_flow_run_success",
    "x-adobe-provider": "it's_{0-9}_$HOME_acct:aem-p1@AdobeOrg",
    "x-adobe-digital-signature-1": "+/" * 171 + "==",
    "x-adobe-public-key1-path": "/prod/keys/pub-key-lyTiz3gQe4.pem",
    "x-adobe-retry-count": "1",
}

BODIES = {
    "plain": b'{"a":1}',
    "quotes": b"""{"a":"it's \\"quoted\\" `id` $(id) $HOME !! \\\\n %s %% & | ; > <"}""",
    "non-ASCII": '{"a":"é 日本語 \U0001f600 \u2028"}'.encode(),
    "surrogate escape": b'{"a":"\\ud800 \\u0000"}',
    "like a file name": b'"@/etc/passwd"',
    "like an option": b'"--version"',
    "empty array": b"[]",
    "spaces at the ends": b'  {"a":1}  ',
    "more than one argument may hold": json.dumps({"a": "x'é" * 60_000}).encode(),
    "more than a pipe holds": json.dumps(["é'\\" * 50] * 2_000, ensure_ascii=False).encode(),
}

PATHS = [
    "/hook",
    "/hook?x=%2F&y=a%20b",
    "/a/../b/./c//d",
    "/hook?a[]=1&b[1-3]=2",
    "/{x,y}/hook",
    "/it's/$HOME/`id`/~me;v=1",
    "?x=1",
    "",
]


def by_curl(
    webhook: Webhook, url: str, headers: Mapping[str, str], body: bytes, **env: str
) -> Request:
    """Run the command as ``flowsim show --as curl | sh`` does; return the one request it makes."""
    ran = subprocess.run(
        ["/bin/sh"],
        input=curl_command(url, headers, body).encode() + b"\n",
        capture_output=True,
        timeout=30,
        check=False,
        env={**os.environ, **env},
    )
    assert ran.returncode == 0, ran.stderr
    assert ran.stderr == b""
    (request,) = webhook.requests
    return request


def by_transport(webhook: Webhook, url: str, headers: Mapping[str, str], body: bytes) -> Request:
    """Send as a replay does; return what came to the webhook."""

    async def send() -> int:
        async with HttpTransport(timeout=10.0, connections=1) as transport:
            return (await transport.send(url, headers, body)).status_code

    assert asyncio.run(send()) == 200
    return webhook.requests[-1]


def base(webhook: Webhook) -> str:
    return f"http://127.0.0.1:{webhook.port}"


def in_lower_case(request: Request) -> dict[str, str]:
    """Return the headers; curl writes ``Host`` and ``Content-Length`` in its own spelling."""
    return {name.lower(): value for name, value in request.headers.items()}


@needs_curl
@pytest.mark.parametrize("body", BODIES.values(), ids=BODIES)
def test_the_curl_command_sends_the_exact_body(webhook: Webhook, body: bytes) -> None:
    assert by_curl(webhook, webhook.url, HEADERS, body).body == body


@needs_curl
@pytest.mark.parametrize("missing", ["content-type", "user-agent", "accept-encoding"])
def test_the_curl_command_adds_no_header_that_is_missing(webhook: Webhook, missing: str) -> None:
    headers = {name: value for name, value in HEADERS.items() if name != missing}
    request = by_curl(webhook, webhook.url, {**headers, "Accept": "*/*"}, b"")
    found = {name.lower(): value for name, value in request.headers.items()}
    assert found.keys() - {"host"} == {*headers, "accept", "content-length"}
    assert (found["accept"], found["content-length"]) == ("*/*", "0")
    assert request.body == b""


@needs_curl
def test_the_curl_command_sends_the_same_headers_and_no_others(webhook: Webhook) -> None:
    body = BODIES["more than one argument may hold"]
    request = by_curl(webhook, webhook.url, HEADERS, body)
    sent = in_lower_case(request)
    assert sent == in_lower_case(by_transport(webhook, webhook.url, HEADERS, body))
    assert HEADERS.items() <= request.headers.items()
    assert len(request.header_lines) == len(HEADERS) + 2


@needs_curl
@pytest.mark.parametrize("path", PATHS)
def test_the_curl_command_sends_the_url_as_it_is(webhook: Webhook, path: str) -> None:
    request = by_curl(webhook, base(webhook) + path, HEADERS, b"{}")
    assert request.line == by_transport(webhook, base(webhook) + path, HEADERS, b"{}").line


@needs_curl
def test_the_curl_command_ignores_proxies_and_the_settings_of_the_user(
    webhook: Webhook, tmp_path: Path
) -> None:
    """A replay is; so the command that repeats one is, too."""
    (tmp_path / ".curlrc").write_text('header = "x-mine: 1"\ncompressed\n')
    with Webhook() as proxy:
        env = {"http_proxy": base(proxy), "HOME": str(tmp_path), "CURL_HOME": str(tmp_path)}
        request = by_curl(webhook, webhook.url, HEADERS, b"{}", no_proxy="", NO_PROXY="", **env)
    assert proxy.requests == []
    assert len(request.header_lines) == len(HEADERS) + 2


@needs_curl
def test_the_curl_command_is_one_line_for_any_body(webhook: Webhook) -> None:
    assert "\n" not in curl_command(webhook.url, HEADERS, BODIES["quotes"])


@pytest.mark.parametrize("path", PATHS)
def test_the_raw_request_is_what_the_transport_puts_on_the_wire(
    webhook: Webhook, path: str
) -> None:
    url, body = base(webhook) + path, BODIES["non-ASCII"]
    request = by_transport(webhook, url, HEADERS, body)
    assert raw_request(url, HEADERS, body) == (
        request.head.encode("latin-1") + b"\r\n\r\n" + request.body
    )


@for_each("body", BODIES.values())
def test_the_raw_request_holds_the_exact_body_and_its_length(body: bytes) -> None:
    head, end, rest = raw_request("http://h/hook", HEADERS, body).partition(b"\r\n\r\n")
    assert (end, rest) == (b"\r\n\r\n", body)
    assert f"content-length: {len(body)}".encode() in head.split(b"\r\n")


def test_a_user_name_in_the_url_is_not_sent() -> None:
    head = raw_request("http://me:secret@example.com/hook", HEADERS, b"{}")
    assert b"host: example.com\r\n" in head
    assert b"secret" not in head
    assert b"authorization" not in head.lower()


def test_the_raw_request_names_the_host_as_it_was_given(webhook: Webhook) -> None:
    url = f"http://LocalHost:{webhook.port}/hook"
    webhook_host = by_transport(webhook, url, HEADERS, b"{}").headers["host"]
    assert f"host: {webhook_host}\r\n".encode() in raw_request(url, HEADERS, b"{}")
    assert webhook_host == f"LocalHost:{webhook.port}"


@pytest.mark.parametrize("path", PATHS)
def test_a_get_has_no_body_and_no_length(webhook: Webhook, path: str) -> None:
    url = f"http://127.0.0.1:{webhook.port}{path}"

    async def get() -> None:
        async with HttpTransport(timeout=20, connections=1) as transport:
            assert (await transport.send(url, HEADERS, b"", "GET")).status_code == 200

    asyncio.run(get())
    (request,) = webhook.requests
    assert f"{request.head}\r\n\r\n".encode() == raw_get(url, HEADERS)
    assert request.line.startswith("GET /")
    assert "content-length" not in request.headers


def test_a_get_never_holds_a_line_break_of_its_own() -> None:
    with pytest.raises(ValueError, match="line break"):
        raw_get("http://localhost/", {"x": "a\r\nb: c"})


def test_a_slow_body_is_cut_inside_characters() -> None:
    """A webhook that decodes each piece by itself reads another text."""
    cut = pieces(Wire(1, seconds=0.5), ("größer " * 40).encode())
    assert "".join(each.decode("utf-8", "replace") for each in cut) != "größer " * 40
