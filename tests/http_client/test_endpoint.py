"""Where URLs lead."""

from __future__ import annotations

import pytest

from flowsim.http_client import endpoint
from flowsim.http_client.endpoint import Endpoint


@pytest.mark.parametrize(
    ("url", "expected"),
    [
        ("http://example.com/hook?x=1", Endpoint("example.com", 80, False)),
        ("https://example.com", Endpoint("example.com", 443, True)),
        ("https://EXAMPLE.com:80/", Endpoint("example.com", 80, True)),
        ("http://[::1]:8080/hook", Endpoint("::1", 8080, False)),
    ],
)
def test_an_endpoint_is_host_port_and_whether_tls_is_spoken(url: str, expected: Endpoint) -> None:
    assert endpoint.of(url) == expected


@pytest.mark.parametrize("url", ["", "hook", "ftp://h/", "http:///", "http://h:99999/", "http://["])
def test_what_is_no_http_address_has_none(url: str) -> None:
    with pytest.raises(ValueError, match=r"."):
        endpoint.of(url)
