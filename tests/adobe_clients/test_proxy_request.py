"""What the proxy grants, and how it says no."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from flowsim.adobe_clients.proxy_request import refusal, target_of
from flowsim.core.adobe_hosts import ALL


@pytest.mark.parametrize("host", ALL)
@pytest.mark.parametrize("version", ["1.1", "1.0"])
def test_a_tunnel_to_a_host_of_adobes_is_granted(host: str, version: str) -> None:
    assert refusal(f"CONNECT {host}:443 HTTP/{version}\r\nhost: x\r\n\r\n".encode(), ALL) is None
    assert refusal(f"CONNECT {host.upper()}:443 HTTP/{version}\r\n\r\n".encode(), ALL) is None


@pytest.mark.parametrize(
    "target",
    [
        "example.com:443",
        "api.adobe.io:80",
        "api.adobe.io",
        "api.adobe.io.:443",
        "evil.api.adobe.io:443",
        "api.adobe.io.evil.example:443",
        "127.0.0.1:3000",
        "[::1]:443",
        ":443",
        "",
    ],
)
def test_a_tunnel_to_anything_else_is_refused_with_what_was_asked_and_what_there_is(
    target: str,
) -> None:
    why = refusal(f"CONNECT {target} HTTP/1.1\r\n\r\n".encode(), ALL)
    assert why
    assert why.startswith(f"{target!r} cannot be reached")
    assert "static.adobeioevents.com" in why
    assert why.endswith("add hosts of your own to NO_PROXY")


def test_a_place_that_is_granted_too_is_meant_with_its_port() -> None:
    head = b"CONNECT 127.0.0.1:3000 HTTP/1.1\r\nhost: x\r\n\r\n"
    assert refusal(head, ALL, {"127.0.0.1:3000"}) is None
    assert target_of(head) == "127.0.0.1:3000"
    for place in ("127.0.0.1:443", "127.0.0.1", "127.0.0.1:30000"):
        assert refusal(head, ALL, {place})


@pytest.mark.parametrize("method", ["GET", "POST", "connect"])
def test_plain_http_is_refused_for_every_host(method: str) -> None:
    why = refusal(f"{method} http://api.adobe.io/events HTTP/1.1\r\n\r\n".encode(), ALL)
    assert (
        why
        == "'http://api.adobe.io/events' is not fetched: this proxy accepts only https:// addresses"
    )


def test_what_an_address_keeps_secret_is_not_repeated() -> None:
    why = refusal(b"GET http://me:pass@example.com/hook?token=s3cret HTTP/1.1\r\n\r\n", ALL)
    assert why
    assert "s3cret" not in why
    assert "pass" not in why


@given(st.binary(max_size=200))
def test_whatever_comes_is_granted_or_refused(head: bytes) -> None:
    refusal(head, ALL)
    assert refusal(head.replace(b"CONNECT", b""), ALL)
    target_of(head)
